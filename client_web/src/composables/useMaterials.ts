/** A lesson's materials and the uploads of this page. An upload that a reload interrupted goes on when the same file is chosen again. */
import { computed, onScopeDispose, reactive, ref } from 'vue'
import { api, detailOf, type Schemas } from '@/api/client'
import { currentLanguage } from '@/i18n'
import { Refused, Upload, type UploadState } from '@/media/upload'
import { useAsked } from './useAsked'

export type Material = Schemas['MaterialAnswer']
export type MaterialKind = Schemas['MaterialKind']

export interface Sending {
  key: number
  name: string
  size: number
  offset: number
  state: UploadState
  detail: string
  /** Bytes per second, of the last seconds. */
  rate: number
  material: Material | null
}

const PIECE = 'application/offset+octet-stream'

async function checksum(piece: Blob): Promise<Record<string, string>> {
  // Only where the page is secure; the disk is told apart from the line by TCP alone otherwise.
  if (!globalThis.crypto?.subtle) return {}
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await piece.arrayBuffer()))
  return { 'Upload-Checksum': `sha256 ${btoa(String.fromCharCode(...digest))}` }
}

async function call(address: string, init: RequestInit): Promise<Material> {
  const response = await fetch(address, { credentials: 'same-origin', ...init, headers: { Accept: 'application/json', 'Accept-Language': currentLanguage(), ...init.headers } })
  if (response.ok) return (await response.json()) as Material
  const problem = (await response.json().catch(() => ({}))) as { detail?: string }
  throw new Refused(response.status, problem.detail ?? String(response.status))
}

const wireOf = (id: string) => ({
  append: async (offset: number, piece: Blob, signal: AbortSignal) =>
    call(`/api/materials/${id}`, { method: 'PATCH', body: piece, signal, headers: { 'Content-Type': PIECE, 'Upload-Offset': String(offset), ...(await checksum(piece)) } }),
  state: (signal: AbortSignal) => call(`/api/materials/${id}`, { signal }),
})

const pause = (seconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })

export function useMaterials(lessonId: string) {
  const asked = useAsked((signal) => api('get', '/api/lessons/{lesson_id}/materials', { path: { lesson_id: lessonId }, signal }))
  const materials = computed(() => asked.data.value?.items.filter((material) => material.ready) ?? [])
  const unfinished = computed(() => asked.data.value?.items.filter((material) => !material.ready && !sending.some((each) => each.material?.id === material.id)) ?? [])
  const sending = reactive<Sending[]>([])
  const uploads = new Map<number, { upload: Upload<Material>; file: File }>()
  const problem = ref('')
  let keys = 0

  /** The one of an earlier page that this file goes on with. */
  const earlier = (kind: MaterialKind, file: File): Material | undefined => unfinished.value.find((material) => material.kind === kind && material.size === file.size && material.name === file.name)

  async function send(kind: MaterialKind, file: File): Promise<void> {
    problem.value = ''
    let material: Material
    try {
      material = earlier(kind, file) ?? (await api('post', '/api/lessons/{lesson_id}/materials', { path: { lesson_id: lessonId }, body: { kind, name: file.name, size: file.size } }))
    } catch (error) {
      problem.value = `${file.name}: ${detailOf(error)}`
      return
    }
    keys += 1
    sending.push({ key: keys, name: file.name, size: file.size, offset: material.offset, state: 'paused', detail: '', rate: 0, material })
    const view = sending[sending.length - 1] as Sending
    let last = { at: performance.now(), offset: material.offset }
    const upload = new Upload<Material>(file, wireOf(material.id), {
      onProgress: (offset) => {
        const at = performance.now()
        if (at - last.at > 500) {
          view.rate = ((offset - last.offset) / (at - last.at)) * 1000
          last = { at, offset }
        }
        view.offset = offset
      },
      onState: (state, detail) => Object.assign(view, { state, detail }),
      wait: pause,
      now: () => performance.now() / 1000,
    })
    uploads.set(view.key, { upload, file })
    await go(view)
  }

  async function go(view: Sending): Promise<void> {
    const done = await uploads.get(view.key)?.upload.run(view.offset)
    if (!done) return
    await asked.refresh()
    forget(view.key)
  }

  function forget(key: number): void {
    uploads.delete(key)
    const index = sending.findIndex((each) => each.key === key)
    if (index >= 0) sending.splice(index, 1)
  }

  async function drop(view: Sending): Promise<void> {
    uploads.get(view.key)?.upload.pause()
    forget(view.key)
    if (view.material) await remove(view.material)
  }

  async function remove(material: Material): Promise<void> {
    try {
      await api('delete', '/api/materials/{material_id}', { path: { material_id: material.id } })
    } catch (error) {
      problem.value = detailOf(error)
    }
    await asked.refresh()
  }

  const leaving = (event: BeforeUnloadEvent): void => {
    if (sending.some((each) => each.state === 'sending' || each.state === 'waiting')) event.preventDefault()
  }
  window.addEventListener('beforeunload', leaving)
  onScopeDispose(() => {
    window.removeEventListener('beforeunload', leaving)
    for (const { upload } of uploads.values()) upload.pause()
  })

  return { ...asked, materials, unfinished, sending, problem, send, go, drop, remove, pause: (view: Sending) => uploads.get(view.key)?.upload.pause() }
}
