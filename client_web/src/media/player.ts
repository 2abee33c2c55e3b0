/**
 * Plays a recording's lanes, each in its own media element, on one clock. `tick()` is called about ten times a second:
 * it feeds, corrects drift, holds the clock while something that should be seen has not loaded, and ends at the end.
 */
import { LaneFeeder, type FeedState, type FetchBytes } from './mseFeeder'
import { correctionFor, DRIFT_HEARD, MasterClock } from './mseSync'
import { covers, endOfSpan, isBuffered, spansOf, type Lane, type Span } from './mseTimeline'

export type PlayerState = 'paused' | 'playing' | 'buffering' | 'ended'

export interface LaneView {
  id: string
  /** Whether the lane has something at the playhead. */
  covered: boolean
  feed: FeedState
}

interface Strand {
  lane: Lane
  spans: Span[]
  element: HTMLMediaElement
  feeder: LaneFeeder
  url: string
}

/** How long (s) the clock waits for a lane before it goes on without it. */
const PATIENCE = 5
/** A lane's picture may be this much (s) short of the playhead and still count as there. */
const MARGIN = 0.2
/** So near (s) before the end of what was recorded nothing is waited for: a browser's last range ends a frame or two earlier than the piece. */
const END_SLACK = 0.3

export class RecordingPlayer {
  private readonly clock = new MasterClock()
  private readonly strands = new Map<string, Strand>()
  private wanted = false
  private waitingSince: number | null = null
  private impatient = false
  private end = 0
  private readonly now: () => number
  private readonly fetchBytes: FetchBytes

  constructor(fetchBytes: FetchBytes, now: () => number = () => performance.now() / 1000) {
    this.fetchBytes = fetchBytes
    this.now = now
  }

  get time(): number {
    return Math.min(this.clock.time(this.now()), this.end)
  }

  get state(): PlayerState {
    if (this.time >= this.end - 0.01 && this.end > 0 && !this.wanted) return 'ended'
    if (!this.wanted) return 'paused'
    return this.clock.isRunning ? 'playing' : 'buffering'
  }

  get speed(): number {
    return this.clock.speed
  }

  setDuration(duration: number): void {
    this.end = duration
  }

  /** Puts a lane on an element, or renews the pieces of one that is there. */
  attach(lane: Lane, element: HTMLMediaElement): void {
    const known = this.strands.get(lane.id)
    if (known?.element === element) {
      known.lane = lane
      known.spans = spansOf(lane)
      known.feeder.setLane(lane)
      return
    }
    if (known) this.detach(lane.id)
    const source = new MediaSource()
    const url = URL.createObjectURL(source)
    const feeder = new LaneFeeder(source, lane, this.fetchBytes, (mime) => MediaSource.isTypeSupported(mime))
    source.addEventListener('sourceopen', () => {
      // Seeks beyond the duration would be cut; a lane may end long before the lesson does.
      if (source.readyState === 'open') source.duration = Math.max(this.end, lane.segments.at(-1)?.end ?? 0) + 3600
    })
    element.src = url
    element.preload = 'auto'
    this.strands.set(lane.id, { lane, spans: spansOf(lane), element, feeder, url })
  }

  detach(laneId: string): void {
    const strand = this.strands.get(laneId)
    if (!strand) return
    this.strands.delete(laneId)
    strand.feeder.close()
    strand.element.pause()
    strand.element.removeAttribute('src')
    strand.element.load()
    URL.revokeObjectURL(strand.url)
  }

  close(): void {
    this.pause()
    for (const id of [...this.strands.keys()]) this.detach(id)
  }

  play(): void {
    if (this.time >= this.end - 0.05) this.seek(0)
    this.wanted = true
    this.tick()
  }

  pause(): void {
    this.wanted = false
    this.clock.hold(this.now())
    for (const { element } of this.strands.values()) element.pause()
  }

  seek(time: number): void {
    const now = this.now()
    this.clock.seek(Math.max(0, Math.min(time, this.end)), now)
    this.clock.hold(now)
    this.waitingSince = null
    this.impatient = false
    for (const strand of this.strands.values()) {
      if (covers(strand.spans, this.time)) strand.element.currentTime = this.time
    }
    this.tick()
  }

  setSpeed(speed: number): void {
    this.clock.setSpeed(speed, this.now())
    this.tick()
  }

  views(): LaneView[] {
    const time = this.time
    return [...this.strands.values()].map(({ lane, spans, feeder, element }) => ({ id: lane.id, covered: covers(spans, time), feed: element.error ? 'broken' : feeder.state }))
  }

  tick(): void {
    const now = this.now()
    const time = this.time
    if (this.wanted && time >= this.end - 0.01) this.pause()
    for (const { feeder } of this.strands.values()) void feeder.feed(time)
    this.decideClock(now, time)
    for (const strand of this.strands.values()) this.follow(strand, time)
  }

  private decideClock(now: number, time: number): void {
    if (!this.wanted) return
    const missing = [...this.strands.values()].some((strand) => this.isMissing(strand, time))
    if (!missing) {
      this.waitingSince = null
      this.impatient = false
      this.clock.run(now)
    } else if (!this.impatient) {
      this.waitingSince ??= now
      this.impatient = now - this.waitingSince > PATIENCE
      if (this.impatient) this.clock.run(now)
      else this.clock.hold(now)
    }
  }

  private isMissing(strand: Strand, time: number): boolean {
    // Firefox gives an element up when the machine has no sound card; the picture goes on without it.
    if (strand.element.error) return false
    if (strand.feeder.state !== 'feeding' || !covers(strand.spans, time)) return false
    if (endOfSpan(strand.spans, time) - time < END_SLACK) return false
    return !isBuffered(strand.element.buffered, time, MARGIN) || strand.element.seeking
  }

  private follow(strand: Strand, time: number): void {
    const { element } = strand
    if (!covers(strand.spans, time) || strand.feeder.state !== 'feeding') {
      if (!element.paused) element.pause()
      return
    }
    if (!isBuffered(element.buffered, time, MARGIN)) {
      if (!element.paused) element.pause()
      return
    }
    const run = this.wanted && this.clock.isRunning
    const { seek, rate } = correctionFor(element.currentTime, time, this.clock.speed, element.playbackRate !== this.clock.speed)
    // While nothing runs a changed rate changes nothing: only a jump brings an element to the playhead.
    const to = seek ?? (!run && Math.abs(element.currentTime - time) > DRIFT_HEARD * 2 ? time : null)
    if (to !== null && !element.seeking && Math.abs(nearestBuffered(element.buffered, to) - element.currentTime) > 0.01) element.currentTime = nearestBuffered(element.buffered, to)
    if (element.playbackRate !== rate) element.playbackRate = rate
    if (run && element.paused) void element.play().catch(() => undefined)
    if (!run && !element.paused) element.pause()
  }
}

/** The time itself, or the start of the range that begins a hair after it: seeking into the hair would hang. */
export function nearestBuffered(ranges: Pick<TimeRanges, 'length' | 'start' | 'end'>, time: number): number {
  for (let i = 0; i < ranges.length; i += 1) {
    if (time < ranges.start(i) && ranges.start(i) - time <= MARGIN) return ranges.start(i) + 0.001
  }
  return time
}
