/** The lesson's room as reactive state. Starts when told, ends with the component. */
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { decodes } from '@/media/codecs'
import type { Wish } from '@/media/wishes'
import { recordingOf, type Layout, type Participant, type RecordingState, type RoomLesson, type ServerMessage } from '@/protocol/messages'
import { RoomClient, type RoomState } from '@/protocol/room'
import type { Played, QualitySeen } from '@/protocol/quality'
import type { TokenSource } from './useMediaToken'

export interface ChatLine {
  key: number
  participantId: string
  name: string
  text: string
  at: number
  kind: 'chat' | 'help'
}

export interface RoomHooks {
  /** The media plane asks all pages to publish and play again. */
  onMediaReset?: () => void
  /** The teacher asks this page to mute or unmute. */
  onMuted?: (muted: boolean) => void
  /** What video may be published in has changed. */
  onCodecs?: (codecs: readonly string[]) => void
}

/** ms to wait for the room before publishing in what every browser plays. */
const CODECS_WITHIN = 1500

/** How many lines of talk a page keeps. */
const KEEP_LINES = 200

export function useRoom(lessonId: string, token: TokenSource, hooks: RoomHooks = {}) {
  const state = ref<RoomState>('idle')
  const self = ref<{ participant_id: string; role: string } | null>(null)
  const lesson = shallowRef<RoomLesson | null>(null)
  const participants = shallowRef<Participant[]>([])
  const stage = ref<string | null>(null)
  const layout = ref<Layout>('both')
  const recording = ref<{ state: RecordingState; detail: string | null } | null>(null)
  const chat = ref<ChatLine[]>([])
  const quality = shallowRef<QualitySeen | null>(null)
  const error = ref<{ code: string; detail: string } | null>(null)
  const everOpen = ref(false)
  let keys = 0
  let codecs: readonly string[] = []
  let known: () => void = () => undefined
  const codecsKnown = new Promise<void>((resolve) => (known = resolve))

  function takeCodecs(next: readonly string[] = []): void {
    const same = next.join() === codecs.join()
    codecs = next
    known()
    if (!same) hooks.onCodecs?.(codecs)
  }

  function addLine(kind: ChatLine['kind'], message: { participant_id: string; name: string; text?: string; at: number | string }): void {
    const at = typeof message.at === 'number' ? message.at * 1000 : Date.parse(message.at)
    const line = { key: ++keys, kind, participantId: message.participant_id, name: message.name, text: message.text ?? '', at }
    chat.value = [...chat.value, line].slice(-KEEP_LINES)
  }

  const handlers: { [T in ServerMessage['type']]?: (message: Extract<ServerMessage, { type: T }>) => void } = {
    welcome: (m) => {
      self.value = m.self
      lesson.value = m.lesson
      participants.value = m.participants
      stage.value = m.stage
      layout.value = m.layout
      recording.value = recordingOf(m.recording)
      error.value = null
      everOpen.value = true
      takeCodecs(m.codecs)
    },
    presence: (m) => {
      participants.value = m.participants
      takeCodecs(m.codecs)
    },
    lesson: (m) => (lesson.value = m.lesson),
    stage: (m) => (stage.value = m.participant_id),
    layout: (m) => (layout.value = m.layout),
    muted: (m) => hooks.onMuted?.(m.muted),
    help: (m) => addLine('help', m),
    chat: (m) => addLine('chat', m),
    media_reset: () => hooks.onMediaReset?.(),
    recording: (m) => (recording.value = { state: m.state, detail: m.detail ?? null }),
    quality: (m) => (quality.value = m),
    error: (m) => (error.value = { code: m.code, detail: m.detail }),
  }

  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
  const client = new RoomClient({
    url: `${scheme}://${window.location.host}/api/lessons/${encodeURIComponent(lessonId)}/room`,
    token,
    decodes,
    onState: (next) => (state.value = next),
    onMessage: (message) => {
      // The table is keyed by the union's own tag, which TypeScript can't follow through an index.
      const handler = handlers[message.type] as ((message: ServerMessage) => void) | undefined
      handler?.(message)
    },
  })

  const nudge = (): void => {
    if (document.visibilityState === 'visible') client.nudge()
  }
  window.addEventListener('online', nudge)
  document.addEventListener('visibilitychange', nudge)
  onScopeDispose(() => {
    window.removeEventListener('online', nudge)
    document.removeEventListener('visibilitychange', nudge)
    client.stop()
  })

  const classrooms = computed(() => participants.value.filter((p) => p.role === 'classroom'))
  const teacher = computed(() => participants.value.find((p) => p.role === 'teacher') ?? null)
  const names = computed<ReadonlyMap<string, string>>(() => new Map(participants.value.map((p) => [p.participant_id, p.name])))
  const online = computed(() => participants.value.filter((p) => p.connected).length)
  const me = computed(() => participants.value.find((p) => p.participant_id === self.value?.participant_id) ?? null)

  return {
    state, self, me, lesson, participants, classrooms, teacher, names, online, stage, layout, recording, chat, quality, error, everOpen,
    start: () => client.start(),
    stop: () => client.stop(),
    /** The room says that this participant's source is being published now, by this page or another. */
    publishes: (source: string) => state.value === 'open' && (me.value?.publishing.includes(source) ?? false),
    /** What video is to be published in, the best first; waits a moment for the room to say so. */
    codecs: async (): Promise<readonly string[]> => {
      await Promise.race([codecsKnown, new Promise((resolve) => setTimeout(resolve, CODECS_WITHIN))])
      return codecs
    },
    /** The server's clock, ms. */
    serverNow: () => Date.now() + client.clockOffset,
    setDevices: (microphone: boolean, camera: boolean, screen: boolean) => client.send({ type: 'devices', microphone, camera, screen }),
    raiseHand: (raised: boolean) => client.send({ type: 'hand', raised }),
    callHelp: () => client.send({ type: 'help' }),
    putOnStage: (participantId: string | null) => client.send({ type: 'stage', participant_id: participantId }),
    setLayout: (next: Layout) => client.send({ type: 'layout', layout: next }),
    mute: (participantId: string, muted: boolean) => client.send({ type: 'mute', participant_id: participantId, muted }),
    tellPlayback: (players: Played[]) => client.send({ type: 'playback', players }),
    watch: (wish: Wish) => client.send({ type: 'watch', ...wish }),
    say: (text: string) => client.send({ type: 'chat', text }),
  }
}

export type Room = ReturnType<typeof useRoom>
