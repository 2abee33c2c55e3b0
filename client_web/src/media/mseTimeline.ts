/**
 * A recording (docs/protocols.md, section 4) as lanes: everything one source ever sent of one kind, in order, on the lesson's clock (s).
 * A teacher who reloaded the page has two tracks and still one lane.
 */

export interface RecordingPiece {
  url: string
  start: number
  end: number
  bytes: number
}

export interface RecordingTrack {
  id: string | number
  participant_id: string
  school_id: string | null
  source: string
  kind: 'audio' | 'video'
  codec: string
  mime: string
  init_url: string
  start: number
  duration: number
  width: number | null
  height: number | null
  pieces: RecordingPiece[]
  /** The piece that is being written. */
  growing: { url: string; bytes: number } | null
}

export interface Span {
  start: number
  end: number
}

export interface Segment extends Span {
  url: string
  initUrl: string
  mime: string
  bytes: number
}

/** The piece of an open recording that is being written: so many bytes of it are there. */
export type Growing = Omit<Segment, 'start' | 'end'>

export interface Lane {
  id: string
  source: string
  kind: 'audio' | 'video'
  participantId: string
  schoolId: string | null
  segments: Segment[]
  growing: Growing | null
}

/** Two pieces this close (s) are one span: the next begins where the last frame's duration was only estimated. */
export const JOIN_WITHIN = 0.25

export function lanesOf(tracks: readonly RecordingTrack[]): Lane[] {
  const lanes = new Map<string, Lane>()
  for (const track of tracks) {
    const id = `${track.source}:${track.kind}`
    let lane = lanes.get(id)
    if (!lane) {
      lane = { id, source: track.source, kind: track.kind, participantId: track.participant_id, schoolId: track.school_id, segments: [], growing: null }
      lanes.set(id, lane)
    }
    if (track.growing) lane.growing = { ...track.growing, initUrl: track.init_url, mime: track.mime }
    for (const { url, start, end, bytes } of track.pieces) {
      if (end > start) lane.segments.push({ url, start, end, initUrl: track.init_url, mime: track.mime, bytes })
    }
  }
  for (const lane of lanes.values()) lane.segments.sort((a, b) => a.start - b.start)
  return [...lanes.values()].filter((lane) => lane.segments.length > 0 || lane.growing)
}

/** What was known of an open recording, and what is new in it. */
export function mergeTracks<T extends RecordingTrack>(known: readonly T[], fresh: readonly T[]): T[] {
  return fresh.map((track) => {
    const before = known.find((each) => each.id === track.id)?.pieces ?? []
    const last = before.at(-1)?.start ?? -Infinity
    return { ...track, pieces: [...before, ...track.pieces.filter((piece) => piece.start > last)] }
  })
}

/** Where the last of them ends; 0 without any. */
export function endOf(lanes: readonly Pick<Lane, 'segments'>[]): number {
  return Math.max(0, ...lanes.map((lane) => lane.segments.at(-1)?.end ?? 0))
}

/** Where a lane has something to show. */
export function spansOf(lane: Pick<Lane, 'segments'>): Span[] {
  const spans: Span[] = []
  for (const { start, end } of lane.segments) {
    const last = spans.at(-1)
    if (last && start <= last.end + JOIN_WITHIN) last.end = Math.max(last.end, end)
    else spans.push({ start, end })
  }
  return spans
}

export function covers(spans: readonly Span[], time: number): boolean {
  return spans.some(({ start, end }) => time >= start && time < end)
}

/** Where the span at this time ends; Infinity where there is none. */
export function endOfSpan(spans: readonly Span[], time: number): number {
  return spans.find(({ start, end }) => time >= start && time < end)?.end ?? Infinity
}

/** What nobody recorded between `from` and `to`. */
export function gapsIn(spans: readonly Span[], from: number, to: number): Span[] {
  const gaps: Span[] = []
  let at = from
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    if (start > at + JOIN_WITHIN) gaps.push({ start: at, end: Math.min(start, to) })
    at = Math.max(at, end)
    if (at >= to) return gaps
  }
  if (at < to - JOIN_WITHIN) gaps.push({ start: at, end: to })
  return gaps
}

/** The next piece to fetch: the first that overlaps [time, time + ahead] and is neither loaded nor given up. */
export function nextWanted(segments: readonly Segment[], has: (url: string) => boolean, time: number, ahead: number): Segment | null {
  for (const segment of segments) {
    if (segment.end <= time) continue
    if (segment.start > time + ahead) return null
    if (!has(segment.url)) return segment
  }
  return null
}

export function isBuffered(ranges: Pick<TimeRanges, 'length' | 'start' | 'end'>, time: number, margin: number): boolean {
  for (let i = 0; i < ranges.length; i += 1) {
    if (time >= ranges.start(i) - margin && time < ranges.end(i) - margin / 4) return true
  }
  return false
}

/** Whether it is all in one range, but for its edges. */
export function holds(ranges: Pick<TimeRanges, 'length' | 'start' | 'end'>, { start, end }: Span): boolean {
  for (let i = 0; i < ranges.length; i += 1) {
    if (ranges.start(i) <= start + JOIN_WITHIN && ranges.end(i) >= end - JOIN_WITHIN) return true
  }
  return false
}

/** How much later (s) than its sound the teacher's first picture may be and still be where playing begins. */
const PICTURE_WITHIN = 5

/** Where to begin: with the teacher's picture if it comes soon after the first of all, so that a recording never opens on black. */
export function openingOf(lanes: readonly Lane[]): number {
  const startOf = (lane: Lane): number => lane.segments[0]?.start ?? Infinity
  const first = Math.min(...lanes.map(startOf))
  const picture = lanes.find((lane) => lane.source === 'teacher' && lane.kind === 'video')
  const pictured = picture ? startOf(picture) : Infinity
  const opening = pictured - first <= PICTURE_WITHIN ? pictured : first
  return Number.isFinite(opening) ? opening : 0
}
