/**
 * One's own sheet on a lesson: every stroke is kept in this browser at once and on the server a moment later. A reload, a cut
 * line or a closed page loses nothing; what was changed in two places is never overwritten without a question.
 */
import { computed, onScopeDispose, reactive, ref, shallowRef, watch } from 'vue'
import { api, ApiError, detailOf, isPassing } from '@/api/client'
import { recall, remember } from '@/utils/memory'
import { beginWith, draftOf, readBackup, sameDraft, type Draft, type DraftRemark, type RemarkKind, type Sheet } from '@/utils/sheetDraft'

/** ms after the last stroke. */
const PAUSE = 700
/** ms between attempts while the server cannot be reached. */
const AGAIN = 3000

export type Keeping = 'saved' | 'saving' | 'waiting' | 'refused'

export function useObservation(lessonId: string) {
  const sheet = shallowRef<Sheet | null>(null)
  const draft = reactive<Draft>({ marks: {}, remarks: [], highlights: '', suggestions: '' })
  const keeping = ref<Keeping>('saved')
  const problem = ref('')
  /** A draft of this browser that the server has not, while the server has a newer one. */
  const apart = shallowRef<Draft | null>(null)
  const busy = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let sending: Promise<void> | null = null
  let quiet = false

  const locked = computed(() => sheet.value?.state !== 'draft')
  const keyOf = (id: string): string => `tongke.sheet.${id}`
  const path = (): { path: { sheet_id: string } } => ({ path: { sheet_id: sheet.value?.id ?? '' } })

  function put(next: Draft): void {
    quiet = true
    Object.assign(draft, JSON.parse(JSON.stringify(next)))
    quiet = false
  }

  function take(answer: Sheet): void {
    sheet.value = answer
  }

  async function open(): Promise<void> {
    try {
      const answer = await api('post', '/api/observations', { body: { lesson_id: lessonId } })
      const backup = readBackup(recall(keyOf(answer.id)))
      const from = beginWith(answer, backup)
      take(answer)
      put(from === 'restored' && backup ? backup.draft : draftOf(answer))
      apart.value = from === 'apart' && backup ? backup.draft : null
      problem.value = ''
      if (from === 'restored') void save()
    } catch (error) {
      problem.value = detailOf(error)
    }
  }

  function keep(): void {
    if (!sheet.value || locked.value) return
    remember(keyOf(sheet.value.id), JSON.stringify({ version: sheet.value.version, draft }))
  }

  function forget(): void {
    if (sheet.value) remember(keyOf(sheet.value.id), '')
  }

  function later(wait: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void save(), wait)
  }

  /** Sends what the server has not; one request at a time. */
  async function save(): Promise<void> {
    clearTimeout(timer)
    if (sending) await sending
    if (!sheet.value || locked.value || apart.value || sameDraft(draft, draftOf(sheet.value))) {
      if (keeping.value !== 'refused') keeping.value = 'saved'
      return
    }
    sending = send(JSON.parse(JSON.stringify(draft)) as Draft, sheet.value.version).finally(() => (sending = null))
    await sending
  }

  async function send(sent: Draft, version: number): Promise<void> {
    keeping.value = 'saving'
    try {
      take(await api('patch', '/api/observations/{sheet_id}', { ...path(), body: { version, ...sent, remarks: sent.remarks.filter((remark) => remark.text.trim()) } }))
      problem.value = ''
      keeping.value = 'saved'
      if (sheet.value && sameDraft(draft, draftOf(sheet.value))) forget()
      else {
        keep()
        later(PAUSE)
      }
    } catch (error) {
      await refused(error)
    }
  }

  async function refused(error: unknown): Promise<void> {
    if (error instanceof ApiError && error.status === 409) {
      const mine = JSON.parse(JSON.stringify(draft)) as Draft
      await open()
      if (sheet.value && sheet.value.state === 'draft' && !sameDraft(mine, draftOf(sheet.value))) apart.value = mine
      keeping.value = 'saved'
      return
    }
    const passing = isPassing(error)
    keeping.value = passing ? 'waiting' : 'refused'
    problem.value = passing ? '' : detailOf(error)
    if (passing) later(AGAIN)
  }

  watch(
    draft,
    () => {
      if (quiet || locked.value) return
      keep()
      keeping.value = 'saving'
      later(PAUSE)
    },
    { flush: 'sync' },
  )

  /** The person's choice between the draft of this browser and the server's. */
  function choose(mine: boolean): void {
    const other = apart.value
    apart.value = null
    if (mine && other) {
      put(other)
      keep()
      void save()
    } else forget()
  }

  async function act(what: () => Promise<Sheet>): Promise<boolean> {
    busy.value = true
    problem.value = ''
    try {
      const answer = await what()
      take(answer)
      put(draftOf(answer))
      keeping.value = 'saved'
      return true
    } catch (error) {
      problem.value = detailOf(error)
      return false
    } finally {
      busy.value = false
    }
  }

  async function sign(name: string): Promise<boolean> {
    await save()
    if (keeping.value !== 'saved' || !sheet.value) return false
    const { version } = sheet.value
    return act(() => api('post', '/api/observations/{sheet_id}/sign', { ...path(), body: { version, name } }))
  }

  const withdraw = (reason: string): Promise<boolean> => act(() => api('post', '/api/observations/{sheet_id}/withdraw', { ...path(), body: { reason } }))

  function addRemark(moment: number, kind: RemarkKind, text: string): DraftRemark {
    const remark = { key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`, moment: new Date(moment).toISOString(), kind, text }
    draft.remarks = [...draft.remarks, remark].sort((a, b) => Date.parse(a.moment) - Date.parse(b.moment))
    return remark
  }

  function removeRemark(key: string): DraftRemark | undefined {
    const found = draft.remarks.find((remark) => remark.key === key)
    draft.remarks = draft.remarks.filter((remark) => remark.key !== key)
    return found
  }

  function restoreRemark(remark: DraftRemark): void {
    draft.remarks = [...draft.remarks, remark].sort((a, b) => Date.parse(a.moment) - Date.parse(b.moment))
  }

  const flush = (): void => void save()
  window.addEventListener('pagehide', flush)
  onScopeDispose(() => {
    window.removeEventListener('pagehide', flush)
    clearTimeout(timer)
    void save()
  })

  return { sheet, draft, keeping, problem, apart, busy, locked, open, save, choose, sign, withdraw, addRemark, removeRemark, restoreRemark }
}

export type Observation = ReturnType<typeof useObservation>
