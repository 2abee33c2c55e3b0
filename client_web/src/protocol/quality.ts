/** What the server measured of each participant's media (room message `quality`, docs/protocols.md), and pure questions to it. */

export type Way = 'in' | 'out'

export interface QualityRow {
  participant_id: string
  source: string
  /** `in`: what the participant sends to the server; `out`: what it receives. */
  direction: Way
  kind: 'audio' | 'video'
  /** bit/s of payload */
  bitrate: number
  /** Shares 0..1; `repaired` is part of `loss`. */
  loss: number
  repaired: number
  jitter_ms: number
  rtt_ms: number | null
  layer: string | null
  height: number | null
  freezes: number
  /** 1 bad … 5 good; null: nothing flows that must. */
  score: number | null
}

/** What a page says its own player showed. */
export interface Played {
  source: string
  freezes: number
  frozen_seconds: number
  concealed_share: number
  frames_per_second: number
  height: number
}

export interface Claim extends Played {
  participant_id: string
  at: number
}

/** Why it is bad, in one line. `lasting`: long enough to tell of it unasked. */
export interface QualityNote {
  participant_id: string | null
  direction: Way | 'both' | 'server'
  code: string
  text: string
  text_en: string
  since: number
  lasting: boolean
}

export interface QualitySeen {
  /** Unix s */
  at: number
  rows: QualityRow[]
  claims: Claim[]
  notes: QualityNote[]
}

type Fields = Record<string, unknown>
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null
const isList = (value: unknown, check: (one: Fields) => boolean): boolean => Array.isArray(value) && value.every((one) => isObject(one) && check(one))

/** Whether a message has what `QualitySeen` promises as far as the page reads it. */
export function isQuality(m: Fields): boolean {
  return (
    typeof m.at === 'number' &&
    isList(m.rows, (row) => typeof row.participant_id === 'string' && (row.score === null || typeof row.score === 'number')) &&
    isList(m.claims, (claim) => typeof claim.participant_id === 'string') &&
    isList(m.notes, (note) => typeof note.text === 'string' && typeof note.text_en === 'string')
  )
}

/** A participant's rows: what it sends first, and of each way the sound first. */
export function rowsOf(seen: QualitySeen | null, participantId: string): QualityRow[] {
  const rank = (row: QualityRow): string => `${row.direction}-${row.source}-${row.kind}`
  return (seen?.rows ?? []).filter((row) => row.participant_id === participantId).sort((one, other) => rank(one).localeCompare(rank(other)))
}

/** A participant's worst score, both ways; null when nothing is known. */
export function scoreOf(seen: QualitySeen | null, participantId: string): number | null {
  const scores = rowsOf(seen, participantId).flatMap((row) => (row.score === null ? [] : [row.score]))
  return scores.length ? Math.min(...scores) : null
}

export const notesOf = (seen: QualitySeen | null, participantId: string): QualityNote[] => (seen?.notes ?? []).filter((note) => note.participant_id === participantId)

export const claimsOf = (seen: QualitySeen | null, participantId: string): Claim[] => (seen?.claims ?? []).filter((claim) => claim.participant_id === participantId)

/** What is worth telling unasked. */
export const lasting = (seen: QualitySeen | null): QualityNote[] => (seen?.notes ?? []).filter((note) => note.lasting)
