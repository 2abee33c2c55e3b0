/** A recording and its player as reactive state. */
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { covers, endOf, gapsIn, lanesOf, mergeTracks, openingOf, spansOf, type Lane, type Span } from '@/media/mseTimeline'
import { RecordingPlayer, type LaneView, type PlayerState } from '@/media/player'
import type { ApiError } from '@/api/client'
import { lessonApi, type LessonDetail, type Recording } from './lessonApi'

/** ms between two looks at the elements: 10 a second correct drift before it is noticed. */
const TICK = 100
export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2] as const
/** ms between two looks at a recording that is still being written or verified, and at one that is watched live. */
const RELOAD_OPEN = 3000
const RELOAD_LIVE = 1000
/** s behind: from here on nothing new is needed for a while. */
const NEAR_LIVE = 20
/** s before the end of what is known from which is asked again: a piece may close later than a longer one. */
const OVERLAP = 60

async function fetchBytes(url: string, signal: AbortSignal, from = 0): Promise<ArrayBuffer> {
  const response = await fetch(url, { signal, credentials: 'same-origin', headers: from > 0 ? { Range: `bytes=${from}-` } : {} })
  if (!response.ok) throw new Error(`${response.status} ${url}`)
  return response.arrayBuffer()
}

/** `from`: where to open it (s); null: where its first picture is. `course`: the course that shows it to somebody who may not see its own lesson. */
export function useRecording(recordingId: string, from: number | null = null, course = '') {
  const recording = shallowRef<Recording | null>(null)
  const lesson = shallowRef<LessonDetail | null>(null)
  const failure = shallowRef<ApiError | null>(null)
  const lanes = shallowRef<Lane[]>([])
  const time = ref(0)
  const state = ref<PlayerState>('paused')
  const views = shallowRef(new Map<string, LaneView>())
  const speed = ref(1)
  /** s behind a lesson that is still running; null when it is over. */
  const behind = ref<number | null>(null)
  const follows = ref(false)
  const player = new RecordingPlayer(fetchBytes)
  const elements = new Map<string, HTMLMediaElement>()
  /** Where the reader stopped last time, if playing goes on from there. */
  const resumed = ref<number | null>(null)
  let started = false
  let reloadTimer: ReturnType<typeof setTimeout> | undefined

  /** Of an open recording only what is new; once more the whole of it when it has closed. */
  async function ask(): Promise<Recording> {
    const known = recording.value
    const after = known?.state === 'open' ? Math.floor(endOf(lanes.value) - OVERLAP) : 0
    if (!known || after <= 0) return lessonApi.recording(recordingId)
    const found = await lessonApi.recording(recordingId, after)
    return found.state === 'open' ? { ...found, tracks: mergeTracks(known.tracks, found.tracks) } : lessonApi.recording(recordingId)
  }

  const lessonOf = (): Promise<LessonDetail> =>
    lessonApi.lesson(recordingId).catch((refused: unknown) => {
      if (course) return lessonApi.lesson(course)
      throw refused
    })

  async function load(): Promise<void> {
    clearTimeout(reloadTimer)
    // A recording has its lesson's id.
    if (!lesson.value) void lessonOf().then((found) => (lesson.value = found), () => undefined)
    try {
      const found = await ask()
      recording.value = found
      lanes.value = lanesOf(found.tracks)
      failure.value = null
      player.setEnd(endOf(lanes.value), found.state === 'open')
      for (const [id, element] of elements) attachLane(id, element)
      if (!started && lanes.value.length > 0) {
        started = true
        resumed.value = from === null ? found.position : null
        player.seek(from ?? found.position ?? openingOf(lanes.value))
      }
      const live = player.behind !== null && player.behind < NEAR_LIVE
      if (found.state === 'open' || found.verifying !== null) reloadTimer = setTimeout(() => void load(), live ? RELOAD_LIVE : RELOAD_OPEN)
    } catch (error) {
      if (recording.value) reloadTimer = setTimeout(() => void load(), RELOAD_OPEN)
      else failure.value = error as ApiError
    }
  }

  function attachLane(id: string, element: HTMLMediaElement): void {
    const lane = lanes.value.find((entry) => entry.id === id)
    if (lane) player.attach(lane, element)
  }

  /** For a component that has the element of a lane, or has lost it (null). */
  function bind(id: string, element: HTMLMediaElement | null): void {
    if (element) {
      elements.set(id, element)
      attachLane(id, element)
    } else {
      elements.delete(id)
      player.detach(id)
    }
  }

  function look(): void {
    player.tick()
    time.value = player.time
    state.value = player.state
    duration.value = player.reach
    behind.value = player.behind
    follows.value = player.follows
    views.value = new Map(player.views().map((view) => [view.id, view]))
  }

  const timer = setInterval(look, TICK)
  onScopeDispose(() => {
    clearInterval(timer)
    clearTimeout(reloadTimer)
    player.close()
  })

  /** Where the recording ends on the lesson's clock, on which all times are: its length and what passed before its first picture. */
  const duration = ref(0)
  /** Where neither camera nor microphone of the teacher were recorded. */
  const gaps = computed<Span[]>(() => {
    const teacher = lanes.value.filter((lane) => lane.source === 'teacher')
    return gapsIn(teacher.flatMap((lane) => spansOf(lane)), 0, recording.value?.state === 'open' ? endOf(teacher) : duration.value)
  })

  const hasSound = (source: string): boolean => lanes.value.some((lane) => lane.source === source && lane.kind === 'audio' && covers(spansOf(lane), time.value))

  /** One step faster (1) or slower (-1). */
  function changeSpeed(by: 1 | -1): void {
    const at = SPEEDS.findIndex((each) => each === speed.value) + by
    const next = SPEEDS[at]
    if (next !== undefined) act(() => player.setSpeed((speed.value = next)))
  }

  const act = (what: () => void): void => {
    what()
    look()
  }

  return {
    recording, lesson, failure, lanes, time, state, views, speed, duration, gaps, resumed, load, bind, hasSound, changeSpeed, behind, follows,
    play: () => act(() => player.play()),
    goLive: () => act(() => player.goLive()),
    pause: () => act(() => player.pause()),
    toggle: () => act(() => (state.value === 'playing' || state.value === 'buffering' ? player.pause() : player.play())),
    seek: (to: number) => act(() => player.seek(to)),
    setSpeed: (to: number) => act(() => player.setSpeed((speed.value = to))),
  }
}

export type RecordingView = ReturnType<typeof useRecording>
