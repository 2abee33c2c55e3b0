/** The teacher's lesson: one place where the room, the devices, the two publishing sessions and the classrooms' pictures meet. */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { openScreen, type ScreenTracks } from '@/media/capture'
import { problemOf, type DeviceProblem } from '@/media/problems'
import { type ApiError } from '@/api/client'
import { lessonApi, type LessonDetail } from './lessonApi'
import { useDevices } from './useDevices'
import { createTokenSource } from './useMediaToken'
import { usePlay } from './usePlay'
import { usePlayback } from './usePlayback'
import { usePublish } from './usePublish'
import { useRoom } from './useRoom'
import { useShareLayout } from './useShareLayout'
import { useWishes } from './useWishes'

export type TeachPhase = 'loading' | 'failed' | 'check' | 'live' | 'result'

export function useTeaching(lessonId: string) {
  const phase = ref<TeachPhase>('loading')
  const detail = shallowRef<LessonDetail | null>(null)
  const failure = shallowRef<ApiError | null>(null)
  const busy = ref<'start' | 'end' | null>(null)
  const screen = shallowRef<ScreenTracks | null>(null)
  const screenProblem = shallowRef<DeviceProblem | null>(null)
  const token = createTokenSource(lessonId, 'teacher')

  const devices = useDevices(() => {
    void camera.refresh()
    tellDevices()
  })
  const camera = usePublish({
    lessonId,
    token,
    tracks: () => ({ audio: devices.microphone.value, video: devices.camera.value }),
    occupied: () => room.publishes('teacher'),
    codecs: () => room.codecs(),
  })
  const shared = usePublish({
    lessonId,
    token,
    tracks: () => ({ audio: screen.value?.audio ?? null, video: screen.value?.video ?? null }),
    occupied: () => room.publishes('screen'),
    codecs: () => room.codecs(),
    source: 'screen',
  })
  const wishes = useWishes((wish) => room.watch(wish))
  const plays = usePlay(lessonId, token, wishes)
  const room = useRoom(lessonId, token, {
    onMediaReset: () => {
      if (phase.value !== 'live') return
      camera.reset()
      if (screen.value) shared.reset()
      plays.reset()
    },
    onCodecs: (codecs) => {
      camera.fit(codecs)
      shared.fit(codecs)
    },
  })

  usePlayback(room, plays)
  const lesson = computed(() => room.lesson.value ?? detail.value)
  const layout = useShareLayout(lessonId, room)
  const screenOn = computed(() => screen.value !== null)

  function tellDevices(): void {
    room.setDevices(devices.micOn.value, devices.camOn.value, screenOn.value)
  }

  async function load(): Promise<void> {
    failure.value = null
    try {
      detail.value = await lessonApi.lesson(lessonId)
      await enter(detail.value.state)
    } catch (error) {
      failure.value = error as ApiError
      phase.value = 'failed'
    }
  }

  /** Where a page of this lesson belongs; a reload during the lesson goes straight back to it. */
  async function enter(state: string): Promise<void> {
    if (state === 'scheduled') {
      phase.value = 'check'
      room.start()
      await devices.openAll()
    } else if (state === 'live') {
      goLive()
      if (!devices.opened.value) await devices.openAll()
    } else {
      finish()
    }
  }

  function goLive(): void {
    if (phase.value === 'live') return
    phase.value = 'live'
    room.start()
    camera.start()
  }

  /** Over: nothing is sent or played any more; the room stays to hear the verdict. */
  function finish(): void {
    if (phase.value === 'result') return
    phase.value = 'result'
    camera.stop()
    stopScreen()
    plays.want([])
    devices.close()
    room.start()
    void refreshDetail()
  }

  async function refreshDetail(): Promise<void> {
    detail.value = await lessonApi.lesson(lessonId).catch(() => detail.value)
  }

  async function attempt(what: 'start' | 'end', act: () => Promise<unknown>, then: () => void): Promise<void> {
    if (busy.value) return
    busy.value = what
    failure.value = null
    try {
      await act()
      then()
    } catch (error) {
      failure.value = error as ApiError
    } finally {
      busy.value = null
    }
  }

  async function shareScreen(): Promise<void> {
    if (screen.value) return stopScreen()
    const media = navigator.mediaDevices as MediaDevices | undefined
    try {
      if (!media) throw new TypeError('no mediaDevices')
      const tracks = await openScreen(media)
      screen.value = tracks
      screenProblem.value = null
      // The browser's own "stop sharing" button ends the track.
      tracks.video.onended = () => stopScreen()
      shared.start()
      tellDevices()
      layout.shared()
    } catch (error) {
      const problem = problemOf(error, 'screen', { secure: window.isSecureContext, hasMediaDevices: media !== undefined })
      screenProblem.value = problem.code === 'cancelled' ? null : problem
    }
  }

  function stopScreen(): void {
    const tracks = screen.value
    screen.value = null
    shared.stop()
    if (!tracks) return
    tracks.video.onended = null
    tracks.video.stop()
    tracks.audio?.stop()
    tellDevices()
    layout.unshared()
  }

  // Every classroom that has something to see or hear is played; a source once played is kept while its classroom is here.
  watch(
    [room.classrooms, phase],
    () => {
      if (phase.value === 'live') plays.want(room.classrooms.value.filter((p) => p.publishing.length > 0 || plays.playing.has(p.participant_id)).map((p) => p.participant_id))
    },
  )
  watch(room.state, (state) => state === 'open' && wishes.again())
  watch(
    () => room.lesson.value?.state,
    (state, before) => {
      if (!state || state === before || phase.value === 'loading' || phase.value === 'failed') return
      if (state === 'live') goLive()
      else if (state !== 'scheduled') {
        finish()
        void refreshDetail()
      }
    },
  )
  onScopeDispose(stopScreen)

  return {
    phase, lesson, detail, failure, busy, room, devices, camera, shared, plays, screen, screenOn, screenProblem,
    layoutMoved: layout.moved, chooseLayout: layout.choose,
    load, refreshDetail, goLive, shareScreen, stopScreen,
    start: () => attempt('start', () => lessonApi.start(lessonId), goLive),
    end: () =>
      attempt('end', async () => {
        const ended = await lessonApi.end(lessonId)
        // How long was recorded is said at once; the rest of the detail follows.
        if (detail.value) detail.value = { ...detail.value, ...ended }
      }, finish),
  }
}

export type Teaching = ReturnType<typeof useTeaching>
