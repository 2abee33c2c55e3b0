/**
 * Plays a recording's lanes, each in its own media element, on one clock. `tick()` is called about ten times a second:
 * it feeds, corrects drift, holds the clock while something that should be seen has not loaded, and ends at the end.
 */
import { BEHIND, LiveEdge, paceOf } from './liveEdge'
import { LaneFeeder, type FeedState, type FetchBytes } from './mseFeeder'
import { correctionFor, DRIFT_HEARD, MasterClock } from './mseSync'
import { covers, endOf, endOfSpan, isBuffered, JOIN_WITHIN, spansOf, type Lane, type Span } from './mseTimeline'

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
/** How far (s) from the end of what it has an element may stand and show the last picture. */
const LAST_WITHIN = 0.1
/** So near (s) before the end of what was recorded nothing is waited for: a browser's last range ends a frame or two earlier than the piece. */
const END_SLACK = 0.3

export class RecordingPlayer {
  private readonly clock = new MasterClock()
  private readonly strands = new Map<string, Strand>()
  private wanted = false
  private waitingSince: number | null = null
  private impatient = false
  /** Where what is known ends, and where the last piece does that is complete. */
  private end = 0
  private closedEnd = 0
  private speedWanted = 1
  /** While the lesson is recorded: its live moment, and whether one wants to stay there. */
  private live: LiveEdge | null = null
  private following = false
  private catching = false
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
    if (this.time >= this.end - 0.01 && this.end > 0 && !this.wanted && !this.live) return 'ended'
    if (!this.wanted) return 'paused'
    return this.clock.isRunning ? 'playing' : 'buffering'
  }

  /** Seconds behind the lesson; null when it is over. */
  get behind(): number | null {
    return this.live && Math.max(0, this.live.at(this.now()) - this.time)
  }

  /** Whether it stays at the live moment. */
  get follows(): boolean {
    return this.live !== null && this.following && this.wanted
  }

  /** Where it ends so far (s). */
  get reach(): number {
    return this.end
  }

  /** Where its complete pieces end; `open`: it goes on. */
  setEnd(end: number, open: boolean): void {
    this.closedEnd = end
    this.live = open ? (this.live ?? new LiveEdge()) : null
    this.lookAhead()
  }

  private lookAhead(): void {
    this.end = this.closedEnd
    if (!this.live) return
    for (const { feeder } of this.strands.values()) this.end = Math.max(this.end, feeder.growth?.end ?? 0)
    this.live.see(this.end, this.now())
  }

  goLive(): void {
    this.wanted = true
    this.following = true
    this.jumpToLive()
  }

  private jumpToLive(): void {
    if (this.live) this.place(this.live.at(this.now()) - BEHIND)
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
    if (this.time >= this.end - 0.05) {
      if (this.live) return this.goLive()
      this.seek(0)
    }
    this.wanted = true
    this.tick()
  }

  pause(): void {
    this.wanted = false
    this.following = false
    this.clock.hold(this.now())
    for (const { element } of this.strands.values()) element.pause()
  }

  seek(time: number): void {
    this.following = false
    this.place(time)
  }

  private place(time: number): void {
    const now = this.now()
    this.clock.seek(Math.max(0, Math.min(time, this.end)), now)
    this.clock.hold(now)
    this.waitingSince = null
    this.impatient = false
    for (const strand of this.strands.values()) {
      if (covers(strand.spans, this.time) || growthAt(strand, this.time) === 'there') strand.element.currentTime = this.time
    }
    this.tick()
  }

  setSpeed(speed: number): void {
    this.speedWanted = speed
    this.clock.setSpeed(speed, this.now())
    this.tick()
  }

  views(): LaneView[] {
    const time = this.time
    return [...this.strands.values()].map((strand) => ({ id: strand.lane.id, covered: isCovered(strand, time), feed: strand.element.error ? 'broken' : strand.feeder.state }))
  }

  tick(): void {
    this.lookAhead()
    const now = this.now()
    const time = this.time
    if (this.wanted && time >= this.end - 0.01 && !this.live) this.pause()
    if (this.wanted) this.keepPace(now)
    for (const { feeder } of this.strands.values()) void feeder.feed(time)
    this.decideClock(now, time)
    for (const strand of this.strands.values()) this.follow(strand, time)
  }

  private keepPace(now: number): void {
    const behind = this.behind
    const pace = behind === null ? { speed: this.speedWanted, jump: false, catching: false } : paceOf(behind, this.speedWanted, this.following, this.catching)
    this.catching = pace.catching
    if (pace.speed !== this.clock.speed) this.clock.setSpeed(pace.speed, now)
    if (pace.jump) this.jumpToLive()
  }

  private decideClock(now: number, time: number): void {
    if (!this.wanted) return
    if (this.live && time >= this.end - 0.01) {
      // Nobody has seen more yet: the clock stands where it ends and goes on by itself.
      this.clock.seek(this.end - 0.01, now)
      return this.clock.hold(now)
    }
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
    if (strand.feeder.state !== 'feeding' || !isCovered(strand, time)) return false
    const growth = growthAt(strand, time)
    if (growth === 'wanted') return true
    if (growth === 'there' && mayStandStill(strand.lane)) return false
    if (growth === 'no' && endOfSpan(strand.spans, time) - time < END_SLACK) return false
    return !isBuffered(strand.element.buffered, time, MARGIN) || strand.element.seeking
  }

  private follow(strand: Strand, time: number): void {
    const { element } = strand
    if (!isCovered(strand, time) || strand.feeder.state !== 'feeding') {
      if (!element.paused) element.pause()
      return
    }
    if (!isBuffered(element.buffered, time, MARGIN)) {
      if (!element.paused) element.pause()
      if (growthAt(strand, time) === 'there') showLast(element, time)
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

/** A shared screen on which nothing moves sends nothing: its newest picture stands until more comes. */
const mayStandStill = (lane: Lane): boolean => lane.source === 'screen' && lane.kind === 'video'

/** Whether the piece that is being written has this moment: `wanted` until it was looked into. */
function growthAt({ lane, feeder }: Strand, time: number): 'no' | 'wanted' | 'there' {
  if (!lane.growing || time < endOf([lane])) return 'no'
  if (!feeder.growth) return 'wanted'
  return time >= feeder.growth.start - JOIN_WITHIN ? 'there' : 'no'
}

function isCovered(strand: Strand, time: number): boolean {
  return covers(strand.spans, time) || growthAt(strand, time) !== 'no'
}

/** Stands on the last picture before this moment. */
function showLast(element: HTMLMediaElement, time: number): void {
  const { buffered, seeking, currentTime } = element
  let last = -1
  for (let i = 0; i < buffered.length && buffered.end(i) <= time + MARGIN; i += 1) last = buffered.end(i)
  if (last > 0 && !seeking && Math.abs(currentTime - last) > LAST_WITHIN) element.currentTime = last - LAST_WITHIN / 2
}

/** The time itself, or the start of the range that begins a hair after it: seeking into the hair would hang. */
export function nearestBuffered(ranges: Pick<TimeRanges, 'length' | 'start' | 'end'>, time: number): number {
  for (let i = 0; i < ranges.length; i += 1) {
    if (time < ranges.start(i) && ranges.start(i) - time <= MARGIN) return ranges.start(i) + 0.001
  }
  return time
}
