/** A course on demand beside its player: every ten seconds the server is told what was really played, and says how far it counts. */
import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { api, type Schemas } from '@/api/client'
import { Watched } from '@/media/watched'
import { useSession } from '@/stores/session'
import type { RecordingView } from './useRecording'

export type Course = Schemas['CourseAnswer']

/** ms between reports; the server counts no silence longer than a minute. */
const EVERY = 10_000

export function useCourse(lessonId: string, view: RecordingView) {
  const session = useSession()
  const course = shallowRef<Course | null>(null)
  const offline = shallowRef(false)
  const watched = new Watched()
  const path = { path: { lesson_id: lessonId } }
  let telling = false

  const own = computed(() => course.value?.played.find((each) => each.school_id === session.user?.school_id) ?? null)
  /** Only a class of a receiving school is counted; others just look. */
  const counts = computed(() => own.value !== null && (session.role === 'teacher' || session.role === 'device'))

  async function load(): Promise<void> {
    course.value = await api('get', '/api/courses/{lesson_id}', path).catch(() => null)
    if (counts.value) await tell()
  }

  async function tell(): Promise<void> {
    if (!counts.value || telling) return
    telling = true
    const claims = watched.take()
    try {
      course.value = await api('post', '/api/courses/{lesson_id}/played', { ...path, body: { claims, speed: view.speed.value } })
      offline.value = false
    } catch {
      watched.putBack(claims)
      offline.value = true
    } finally {
      telling = false
    }
  }

  watch([view.time, view.state], ([time, state]) => watched.look(performance.now() / 1000, time, state === 'playing', view.speed.value), { flush: 'sync' })
  const timer = setInterval(() => void (view.state.value === 'playing' && tell()), EVERY)
  watch(view.state, (state, before) => before === 'playing' && state !== 'buffering' && void tell())
  onScopeDispose(() => {
    clearInterval(timer)
    void tell()
  })
  void load()
  return { course, own, counts, offline }
}
