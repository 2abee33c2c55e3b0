/** The room recorders that are pulled into one lesson. */
import { onScopeDispose, ref, shallowRef } from 'vue'
import { api, type ApiError, type Schemas } from '@/api/client'

export type Ingest = Schemas['IngestAnswer']

/** ms between two looks while one is wanted. */
const LOOK = 2000

export function useIngests(lessonId: string) {
  const items = shallowRef<Ingest[]>([])
  const failure = shallowRef<ApiError | null>(null)
  const busy = ref(false)
  const path = { lesson_id: lessonId }
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  async function refresh(): Promise<void> {
    clearTimeout(timer)
    try {
      items.value = (await api('get', '/api/lessons/{lesson_id}/ingest', { path })).items
    } catch (error) {
      failure.value = error as ApiError
    }
    if (!gone && items.value.length > 0) timer = setTimeout(() => void refresh(), LOOK)
  }

  /** True when it was done; a refusal stays until the next act. */
  async function act(what: () => Promise<unknown>): Promise<boolean> {
    busy.value = true
    failure.value = null
    try {
      await what()
    } catch (error) {
      failure.value = error as ApiError
    }
    await refresh()
    busy.value = false
    return failure.value === null
  }

  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
  })

  return {
    items, failure, busy, refresh,
    start: (url: string, schoolId: string | null) =>
      act(() => api('post', '/api/lessons/{lesson_id}/ingest', { path, body: schoolId ? { url, role: 'classroom', school_id: schoolId } : { url, role: 'teacher' } })),
    stop: (one: Ingest) => act(() => api('delete', '/api/lessons/{lesson_id}/ingest/{ingest_id}', { path: { ...path, ingest_id: one.id } })),
  }
}
