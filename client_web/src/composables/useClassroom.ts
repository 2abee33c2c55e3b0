/** A classroom's screen, which nobody looks after: knows who it is, which lesson is next, and attends it by itself. */
import { computed, effectScope, onScopeDispose, ref, shallowRef, watch, type EffectScope } from 'vue'
import { api, ApiError } from '@/api/client'
import { useSession } from '@/stores/session'
import { LIVE_WITHIN, lessonApi, type Lesson, type LessonDetail } from './lessonApi'
import { useAttending, type Attending } from './useAttending'
import type { Devices } from './useDevices'
import { useWatching } from './useWatching'

export type ClassroomPhase = 'loading' | 'code' | 'waiting' | 'live' | 'over'

/** How long (ms) the end of a lesson stays on the wall. */
const SHOW_END = 90_000
const MOST_COURSES = 3

export function useClassroom(devices: Devices) {
  const session = useSession()
  const known = ref<'unknown' | 'device' | 'other'>('unknown')
  const offline = ref(false)
  const next = shallowRef<Lesson | null>(null)
  const later = shallowRef<Lesson[]>([])
  const courses = shallowRef<Lesson[]>([])
  const attending = shallowRef<Attending | null>(null)
  const over = shallowRef<LessonDetail | null>(null)
  let scope: EffectScope | null = null
  let endTimer: ReturnType<typeof setTimeout> | undefined

  const phase = computed<ClassroomPhase>(() => {
    if (known.value === 'unknown') return 'loading'
    if (known.value === 'other') return 'code'
    if (attending.value?.live.value) return 'live'
    return over.value ? 'over' : 'waiting'
  })

  /** Who this page is; false when that could not be asked. */
  async function identify(): Promise<void> {
    try {
      session.user = (await api('get', '/api/session')).user
      known.value = session.user.role === 'device' ? 'device' : 'other'
      offline.value = false
      if (known.value === 'device' && !devices.opened.value) void devices.openAll()
    } catch (error) {
      const unauthorized = error instanceof ApiError && error.status === 401
      if (unauthorized) known.value = 'other'
      else offline.value = true
    }
  }

  async function redeem(code: string): Promise<void> {
    await lessonApi.redeem(code)
    await identify()
    lookNow()
  }

  /** Which lesson is live for this classroom, or else next. */
  async function look(): Promise<void> {
    if (known.value !== 'device') await identify()
    if (known.value !== 'device') return
    try {
      const { items } = await lessonApi.upcoming(new Date(Date.now() - LIVE_WITHIN).toISOString())
      // A lesson whose teacher went away stays live for ten minutes: the one that began last is the one being taught.
      const began = (lesson: Lesson): number => Date.parse(lesson.started_at ?? lesson.starts_at)
      const live = items.filter((lesson) => lesson.state === 'live').sort((a, b) => began(b) - began(a))[0]
      const waiting = items.filter((lesson) => lesson.state === 'scheduled')
      next.value = live ?? waiting[0] ?? null
      later.value = waiting.filter((lesson) => lesson.id !== next.value?.id).slice(0, 3)
      if (live === undefined) courses.value = await coursesToPlay()
      offline.value = false
      attend(next.value?.id ?? null)
      if (over.value) over.value = await lessonApi.lesson(over.value.id)
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) known.value = 'other'
      else offline.value = true
    }
  }

  /** A course of this class alone is over once it is credited; of several classes another one may still have to play it. */
  async function coursesToPlay(): Promise<Lesson[]> {
    const { items } = await lessonApi.courses()
    return items.filter((each) => each.state === 'scheduled' || each.receiving_schools.length > 1).slice(0, MOST_COURSES)
  }

  function attend(lessonId: string | null): void {
    if (attending.value?.lessonId === lessonId || (lessonId === null && attending.value === null)) return
    // A lesson that just ended is left only when the page has seen its end.
    leave()
    if (lessonId === null) return
    scope = effectScope(true)
    attending.value = scope.run(() => useAttending({ lessonId, role: 'classroom', devices })) ?? null
  }

  function leave(): void {
    scope?.stop()
    scope = null
    attending.value = null
  }

  async function showEnd(lessonId: string): Promise<void> {
    over.value = await lessonApi.lesson(lessonId).catch(() => null)
    clearTimeout(endTimer)
    endTimer = setTimeout(() => (over.value = null), SHOW_END)
    devices.setMicrophone(true)
    lookNow()
  }

  // The end is told by the room, or seen when the lesson has gone from the list: whichever is first.
  watch(
    () => ({ id: attending.value?.lessonId ?? null, state: attending.value?.room.lesson.value?.state }),
    (now, before) => {
      if (now.state === 'live') over.value = null
      const ended = before.state === 'live' && (now.id !== before.id || now.state !== 'live')
      if (ended && before.id) void showEnd(before.id)
    },
  )

  const { lookNow } = useWatching(look)
  onScopeDispose(() => {
    clearTimeout(endTimer)
    leave()
  })

  return { phase, session, known, offline, next, later, courses, attending, over, look, redeem, leave }
}

export type Classroom = ReturnType<typeof useClassroom>
