/** A classroom's or an observer's side of one lesson: its room, what it plays, and (a classroom) what it sends. */
import { computed, onScopeDispose, ref, watch } from 'vue'
import type { Devices } from './useDevices'
import { createTokenSource } from './useMediaToken'
import { usePlay } from './usePlay'
import { usePlayback } from './usePlayback'
import { usePublish } from './usePublish'
import { useRoom } from './useRoom'
import { useWishes } from './useWishes'

export interface AttendOptions {
  lessonId: string
  role: 'classroom' | 'observer'
  /** What a classroom sends; an observer has none. */
  devices?: Devices
  /** Play every classroom, not only the one on stage. */
  everyone?: boolean
}

export function useAttending({ lessonId, role, devices, everyone = false }: AttendOptions) {
  const token = createTokenSource(lessonId, role)
  const wishes = useWishes((wish) => room.watch(wish))
  const plays = usePlay(lessonId, token, wishes)
  const sending = devices
    ? usePublish({
        lessonId,
        token,
        tracks: () => ({ audio: devices.microphone.value, video: devices.camera.value }),
        occupied: () => room.publishes(room.self.value?.participant_id ?? ''),
        codecs: () => room.codecs(),
      })
    : null
  const mutedByTeacher = ref(false)
  const room = useRoom(lessonId, token, {
    onMediaReset: () => {
      if (!live.value) return
      sending?.reset()
      plays.reset()
    },
    onMuted: (muted) => (mutedByTeacher.value = muted),
    onCodecs: (codecs) => sending?.fit(codecs),
  })
  const live = computed(() => room.lesson.value?.state === 'live')
  const staged = computed(() => {
    const id = room.stage.value
    return id && id !== room.self.value?.participant_id && room.participants.value.some((p) => p.participant_id === id) ? id : null
  })

  function wantedSources(): string[] {
    if (!live.value) return []
    const publishing = new Set(room.participants.value.flatMap((p) => p.publishing))
    const others = room.classrooms.value.filter((p) => p.participant_id !== room.self.value?.participant_id).map((p) => p.participant_id)
    const candidates = ['screen', ...(everyone ? others : staged.value ? [staged.value] : [])]
    // What was played once stays open while its sender is away: its picture is back the sooner.
    return ['teacher', ...candidates.filter((source) => publishing.has(source) || plays.playing.has(source))]
  }

  watch([live, room.participants, staged], () => plays.want(wantedSources()), { immediate: true })
  watch(room.state, (state) => state === 'open' && wishes.again())
  watch(live, (now) => (now ? sending?.start() : sending?.stop()), { immediate: true })
  // A page that was muted before its reload is still muted.
  watch(
    () => room.me.value?.muted,
    (muted) => {
      if (muted !== undefined) mutedByTeacher.value = muted
    },
  )

  if (devices) {
    watch(
      [devices.microphone, devices.camera, devices.micOn],
      () => {
        void sending?.refresh()
        room.setDevices(devices.micOn.value, devices.camOn.value, false)
      },
      { immediate: true },
    )
    watch(mutedByTeacher, (muted) => devices.setMicrophone(!muted))
  }
  usePlayback(room, plays)
  room.start()
  onScopeDispose(() => plays.want([]))

  return { lessonId, room, plays, sending, live, staged, mutedByTeacher }
}

export type Attending = ReturnType<typeof useAttending>
