/** The exports of one recording: asked for, watched while they are made, stopped, taken up again, deleted. */
import { onScopeDispose, ref, shallowRef } from 'vue'
import { api, type ApiError, type Schemas } from '@/api/client'

export type Export = Schemas['ExportAnswer']
export type Layout = Schemas['Layout']

/** ms between two looks while something is being made. */
const LOOK = 2000

export const isUnderWay = (one: Export): boolean => one.state === 'queued' || one.state === 'running'

export function useExports(recordingId: string) {
  const items = shallowRef<Export[]>([])
  const loaded = ref(false)
  const failure = shallowRef<ApiError | null>(null)
  const busy = ref(false)
  const path = { recording_id: recordingId }
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  async function refresh(): Promise<void> {
    clearTimeout(timer)
    try {
      items.value = (await api('get', '/api/recordings/{recording_id}/exports', { path })).items
      failure.value = null
      loaded.value = true
    } catch (error) {
      failure.value = error as ApiError
      if (failure.value.status === 404) items.value = []
    }
    // what is not there (404: in the trash, deleted) will not come by itself
    const again = failure.value ? failure.value.status !== 404 : items.value.some(isUnderWay)
    if (!gone && again) timer = setTimeout(() => void refresh(), LOOK)
  }

  /** One act at a time; its refusal is shown beside the button, the list is read again whatever came of it. */
  async function act(what: () => Promise<unknown>): Promise<void> {
    busy.value = true
    let refused: ApiError | null = null
    try {
      await what()
    } catch (error) {
      refused = error as ApiError
    }
    await refresh()
    failure.value ??= refused
    busy.value = false
  }

  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
  })

  const of = (one: Export) => ({ path: { ...path, export_id: one.id } })
  return {
    items, loaded, failure, busy, refresh,
    make: (layout: Layout, main: string | null) => act(() => api('post', '/api/recordings/{recording_id}/exports', { path, body: { layout, main } })),
    cancel: (one: Export) => act(() => api('post', '/api/recordings/{recording_id}/exports/{export_id}/cancel', of(one))),
    resume: (one: Export) => act(() => api('post', '/api/recordings/{recording_id}/exports/{export_id}/resume', of(one))),
    remove: (one: Export) => act(() => api('delete', '/api/recordings/{recording_id}/exports/{export_id}', of(one))),
  }
}
