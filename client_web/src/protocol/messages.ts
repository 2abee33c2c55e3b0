/**
 * The messages of a lesson's WebSocket (docs/protocols.md, section 6), as types, and the one check of what the server sent.
 * Times are Unix seconds or RFC 3339 strings as the contract says.
 */
import type { Choice } from '@/media/wishes'
import { isQuality, type Played, type QualitySeen } from './quality'

export type Role = 'teacher' | 'classroom' | 'observer'
export type Layout = 'teacher' | 'screen' | 'both'
export type LessonState =
  | 'scheduled'
  | 'live'
  | 'ended'
  | 'recorded'
  | 'verified'
  | 'credited'
  | 'rejected'
  | 'needs_review'
  | 'cancelled'
  | 'missed'

/** A lesson as the API and the room describe it. */
export interface RoomLesson {
  id: string
  topic: string
  subject: string
  subject_name: string
  teacher_name: string | null
  supporting_school: string
  receiving_schools: { id: string; name: string }[]
  starts_at: string
  planned_minutes: number
  state: LessonState
  started_at: string | null
  ended_at: string | null
  recording_id: string | null
  reason: string | null
  reason_en: string | null
}

export interface Participant {
  participant_id: string
  role: Role
  school_id: string | null
  name: string
  connected: boolean
  microphone: boolean
  camera: boolean
  screen: boolean
  publishing: string[]
  hand: boolean
  muted: boolean
}

/** `idle`: nothing was published yet. */
export type RecordingState = 'idle' | 'recording' | 'trouble' | 'closed'

export interface Welcome {
  type: 'welcome'
  self: { participant_id: string; role: Role }
  lesson: RoomLesson
  participants: Participant[]
  stage: string | null
  layout: Layout
  recording: { state: RecordingState; detail?: string | null } | RecordingState | null
  /** What video is to be published in, the best first. */
  codecs?: string[]
  server_time: number
}

export interface Said {
  participant_id: string
  name: string
  at: number | string
}

export type ServerMessage =
  | Welcome
  | { type: 'presence'; participants: Participant[]; codecs?: string[] }
  | { type: 'lesson'; lesson: RoomLesson }
  | { type: 'stage'; participant_id: string | null }
  | { type: 'layout'; layout: Layout }
  | { type: 'muted'; muted: boolean }
  | ({ type: 'help'; text?: string } & Said)
  | ({ type: 'chat'; text: string } & Said)
  | { type: 'media_reset'; reason: string }
  | { type: 'recording'; state: RecordingState; detail?: string | null }
  | ({ type: 'quality' } & QualitySeen)
  | { type: 'error'; code: string; detail: string }
  | { type: 'pong'; at: number; server_time: number }

export type ServerMessageType = ServerMessage['type']

export type ClientMessage =
  | { type: 'hello'; token: string; decodes?: string[] }
  | { type: 'devices'; microphone: boolean; camera: boolean; screen: boolean }
  | { type: 'hand'; raised: boolean }
  | { type: 'help' }
  | { type: 'stage'; participant_id: string | null }
  | { type: 'layout'; layout: Layout }
  | { type: 'mute'; participant_id: string; muted: boolean }
  | { type: 'chat'; text: string }
  | { type: 'playback'; players: Played[] }
  | { type: 'watch'; source: string; height: number; choice: Choice }
  | { type: 'ping'; at: number }

const VERSION = 1

type Fields = Record<string, unknown>
const isText = (value: unknown): value is string => typeof value === 'string'
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const isLayout = (value: unknown): boolean => value === 'teacher' || value === 'screen' || value === 'both'
const isParticipant = (value: unknown): boolean =>
  isObject(value) && isText(value.participant_id) && isText(value.role) && Array.isArray(value.publishing)
const areParticipants = (value: unknown): boolean => Array.isArray(value) && value.every(isParticipant)
const isLesson = (value: unknown): boolean => isObject(value) && isText(value.id) && isText(value.state)

/** What each message must have before the page may trust its type. */
const CHECKS: Record<ServerMessageType, (m: Fields) => boolean> = {
  welcome: (m) => isObject(m.self) && isText(m.self.participant_id) && isLesson(m.lesson) && areParticipants(m.participants),
  presence: (m) => areParticipants(m.participants),
  lesson: (m) => isLesson(m.lesson),
  stage: (m) => m.participant_id === null || isText(m.participant_id),
  layout: (m) => isLayout(m.layout),
  muted: (m) => typeof m.muted === 'boolean',
  help: (m) => isText(m.participant_id),
  chat: (m) => isText(m.participant_id) && isText(m.text),
  media_reset: () => true,
  recording: (m) => isText(m.state),
  quality: isQuality,
  error: (m) => isText(m.code),
  pong: () => true,
}

/** Reads one text frame; null for anything that is not a message of this version. */
export function parseServerMessage(text: string): ServerMessage | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (!isObject(value) || value.v !== VERSION || !isText(value.type)) return null
  const check = Object.hasOwn(CHECKS, value.type) ? CHECKS[value.type as ServerMessageType] : undefined
  // The table above has checked the fields that the union's member promises.
  return check?.(value) ? (value as unknown as ServerMessage) : null
}

export function encodeClientMessage(message: ClientMessage): string {
  return JSON.stringify({ v: VERSION, ...message })
}

/** `welcome.recording` may be a bare state or an object; the page wants one form. */
export function recordingOf(value: Welcome['recording']): { state: RecordingState; detail: string | null } | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return { state: value, detail: null }
  return { state: value.state, detail: value.detail ?? null }
}
