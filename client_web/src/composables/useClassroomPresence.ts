import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { createTokenSource } from './useMediaToken'
import { type Participant } from '@/protocol/messages'
import { RoomClient } from '@/protocol/room'

export interface ClassroomPresence {
  /** `waiting` until the room has answered; `unreachable` when it does not. */
  state: Ref<'waiting' | 'known' | 'unreachable'>
  classrooms: Ref<Participant[]>
  /** When each classroom was last seen connected, ms. */
  seen: Ref<Map<string, number>>
}

/** No answer from the room within this: say so instead of waiting on, ms. */
const PATIENCE = 8000

/**
 * Who of the rural classrooms is in a lesson's room already, with camera and microphone: the teacher sees it before the start.
 * Only listens; says nothing about this page's own devices.
 */
export function useClassroomPresence(lessonId: Ref<string | null>): ClassroomPresence {
  const state = ref<'waiting' | 'known' | 'unreachable'>('waiting')
  const classrooms = ref<Participant[]>([])
  const seen = ref(new Map<string, number>())
  let room: RoomClient | null = null
  let patience: ReturnType<typeof setTimeout> | undefined

  function note(participants: Participant[]): void {
    clearTimeout(patience)
    state.value = 'known'
    classrooms.value = participants.filter((participant) => participant.role === 'classroom')
    for (const one of classrooms.value) if (one.connected) seen.value.set(one.participant_id, Date.now())
  }

  function leave(): void {
    clearTimeout(patience)
    room?.stop()
    room = null
  }

  watch(
    lessonId,
    (id) => {
      leave()
      state.value = 'waiting'
      classrooms.value = []
      seen.value = new Map()
      if (!id) return
      patience = setTimeout(() => (state.value = 'unreachable'), PATIENCE)
      const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
      room = new RoomClient({
        url: `${scheme}://${window.location.host}/api/lessons/${encodeURIComponent(id)}/room`,
        token: createTokenSource(id, 'teacher'),
        onMessage: (message) => {
          if (message.type === 'welcome' || message.type === 'presence') note(message.participants)
        },
      })
      room.start()
    },
    { immediate: true },
  )
  onScopeDispose(leave)
  return { state, classrooms, seen }
}
