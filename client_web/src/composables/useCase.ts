/**
 * An exemplary case: every stroke is kept in this browser at once and on the server a moment later. When somebody else
 * saved meanwhile, both are put together; where both changed the same text a person decides, and nothing is lost.
 */
import { computed, onScopeDispose, reactive, ref, shallowRef, watch } from 'vue'
import { api, ApiError, detailOf, isPassing, upload, type Schemas } from '@/api/client'
import { draftOf, merge, readBackup, sameDraft, settled, type Case, type Choice, type Clash, type Draft, type Section } from '@/utils/caseDraft'
import { recall, remember } from '@/utils/memory'
import { shrunk } from '@/utils/shrunk'

/** ms after the last stroke. */
const PAUSE = 900
/** ms between attempts while the server cannot be reached. */
const AGAIN = 3000

export type Keeping = 'saved' | 'saving' | 'waiting' | 'refused' | 'clash'
export type Step = Schemas['CaseStep']

export function useCase(caseId: string) {
  const kase = shallowRef<Case | null>(null)
  const draft = reactive<Draft>({ title: '', texts: { summary: '', background: '', design: '', process: '', effect: '', reflection: '' }, author_ids: [], recording_id: null, material_ids: [], pictures: [] })
  const keeping = ref<Keeping>('saved')
  const problem = ref('')
  const failure = shallowRef<unknown>(null)
  const clashes = ref<Clash[]>([])
  /** Who else saved, and what of it was taken in. */
  const told = shallowRef<{ by: string; fields: ('title' | Section)[] } | null>(null)
  /** What this page had and the server could not take any more: the case was submitted meanwhile. */
  const leftOver = shallowRef<Draft | null>(null)
  const sending = ref(0)
  const busy = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let saving: Promise<void> | null = null
  let quiet = false

  const path = { path: { case_id: caseId } }
  const key = `tongke.case.${caseId}`
  const editable = computed(() => kase.value?.state === 'draft' && kase.value.mine)
  const copy = (): Draft => JSON.parse(JSON.stringify(draft)) as Draft

  function put(next: Draft): void {
    quiet = true
    Object.assign(draft, JSON.parse(JSON.stringify(next)))
    quiet = false
  }

  /** The server's case; what this page changed since `base` is put onto it. */
  function take(answer: Case, base: Draft, mine: Draft): void {
    const server = draftOf(answer)
    kase.value = answer
    if (answer.state !== 'draft' || !answer.mine) {
      leftOver.value = answer.mine && !sameDraft(mine, server) && !sameDraft(mine, base) ? mine : null
      put(server)
      return
    }
    const merged = merge(base, mine, server)
    put(merged.draft)
    clashes.value = merged.clashes
    if (merged.taken.length || merged.clashes.length) told.value = { by: answer.changed_by, fields: merged.taken }
  }

  async function load(): Promise<void> {
    try {
      const answer = await api('get', '/api/cases/{case_id}', path)
      const server = draftOf(answer)
      const backup = readBackup(recall(key))
      take(answer, backup?.base ?? server, backup?.draft ?? server)
      failure.value = null
      if (editable.value && !sameDraft(draft, server)) settle()
    } catch (error) {
      failure.value = error
    }
  }

  function backup(): void {
    if (kase.value) remember(key, JSON.stringify({ base: draftOf(kase.value), draft }))
  }

  function later(wait: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void save(), wait)
  }

  function settle(): void {
    backup()
    keeping.value = clashes.value.length ? 'clash' : 'saving'
    if (!clashes.value.length) later(0)
  }

  /** Sends what the server has not; one request at a time. */
  async function save(): Promise<void> {
    clearTimeout(timer)
    if (saving) await saving
    if (!kase.value || !editable.value || clashes.value.length) return
    if (sameDraft(draft, draftOf(kase.value))) {
      if (keeping.value !== 'refused') keeping.value = 'saved'
      remember(key, '')
      return
    }
    saving = send(copy(), kase.value.version).finally(() => (saving = null))
    await saving
  }

  async function send(sent: Draft, version: number): Promise<void> {
    keeping.value = 'saving'
    try {
      const pictures = sent.pictures.map(({ id, section, caption }) => ({ id, section, caption }))
      kase.value = await api('patch', '/api/cases/{case_id}', { ...path, body: { ...sent, pictures, version } })
      problem.value = ''
      if (sameDraft(draft, draftOf(kase.value))) {
        keeping.value = 'saved'
        remember(key, '')
      } else {
        backup()
        later(PAUSE)
      }
    } catch (error) {
      await refused(error)
    }
  }

  async function refused(error: unknown): Promise<void> {
    if (error instanceof ApiError && error.status === 409 && kase.value) {
      const [base, mine] = [draftOf(kase.value), copy()]
      try {
        take(await api('get', '/api/cases/{case_id}', path), base, mine)
        if (editable.value) settle()
        else keeping.value = 'saved'
      } catch (again) {
        problem.value = detailOf(again)
        keeping.value = 'waiting'
        later(AGAIN)
      }
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
      if (quiet || !editable.value) return
      backup()
      if (clashes.value.length) return
      keeping.value = 'saving'
      later(PAUSE)
    },
    { flush: 'sync' },
  )

  function choose(clash: Clash, choice: Choice): void {
    const text = settled(clash, choice)
    if (clash.field === 'title') draft.title = text
    else draft.texts[clash.field] = text
    clashes.value = clashes.value.filter((one) => one.field !== clash.field)
    if (!clashes.value.length) settle()
  }

  /** What others saved, while nothing of ours waits: looked at when the page comes to the front again. */
  async function refresh(): Promise<void> {
    if (!kase.value || saving || clashes.value.length || !sameDraft(draft, draftOf(kase.value))) return
    const before = draftOf(kase.value)
    const answer = await api('get', '/api/cases/{case_id}', path).catch(() => null)
    if (answer && !saving) take(answer, before, copy())
  }

  async function act(what: () => Promise<Case>): Promise<boolean> {
    busy.value = true
    problem.value = ''
    try {
      const answer = await what()
      kase.value = answer
      put(draftOf(answer))
      keeping.value = 'saved'
      return true
    } catch (error) {
      problem.value = detailOf(error)
      if (error instanceof ApiError && error.status === 409) await load()
      return false
    } finally {
      busy.value = false
    }
  }

  async function step(what: Step, reason = ''): Promise<boolean> {
    await save()
    if (!kase.value || (editable.value && keeping.value !== 'saved')) return false
    const { version } = kase.value
    return act(() => api('post', '/api/cases/{case_id}/steps', { ...path, body: { step: what, version, reason } }))
  }

  const assign = (version: number, reviewer_ids: string[]): Promise<boolean> =>
    act(() => api('post', '/api/cases/{case_id}/reviewers', { ...path, body: { version, reviewer_ids } }))

  async function addPictures(section: Section, files: Iterable<File>): Promise<void> {
    problem.value = ''
    for (const file of files) {
      sending.value += 1
      try {
        const kept = await upload('/api/cases/{case_id}/pictures', await shrunk(file), 'application/octet-stream', path)
        draft.pictures = [...draft.pictures, { ...kept, section, caption: '' }]
      } catch (error) {
        problem.value = `${file.name}: ${detailOf(error)}`
      } finally {
        sending.value -= 1
      }
    }
  }

  /** The note about somebody else's changes was read. */
  const heard = (): void => void (told.value = null)

  const flush = (): void => void save()
  const front = (): void => {
    if (document.visibilityState === 'visible') void refresh()
  }
  window.addEventListener('pagehide', flush)
  document.addEventListener('visibilitychange', front)
  window.addEventListener('focus', front)
  onScopeDispose(() => {
    window.removeEventListener('pagehide', flush)
    document.removeEventListener('visibilitychange', front)
    window.removeEventListener('focus', front)
    clearTimeout(timer)
    void save()
  })
  void load()

  return { kase, draft, keeping, problem, failure, clashes, told, leftOver, sending, busy, editable, load, save, choose, step, assign, addPictures, heard }
}

export type CaseWork = ReturnType<typeof useCase>
