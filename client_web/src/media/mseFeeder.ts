/**
 * Fills one SourceBuffer with one lane around the playhead. One operation at a time; what lies far behind is removed.
 * A piece that can't be fetched is left out for a while instead of stopping the lane.
 */
import { holds, nextWanted, type Growing, type Lane, type Segment, type Span } from './mseTimeline'

/** `from`: without the first bytes. */
export type FetchBytes = (url: string, signal: AbortSignal, from?: number) => Promise<ArrayBuffer>

/** The parts of MSE that are used. */
export type BufferLike = Pick<
  SourceBuffer,
  'abort' | 'appendBuffer' | 'remove' | 'changeType' | 'updating' | 'buffered' | 'addEventListener' | 'removeEventListener' | 'mode'
>
export type SourceLike = Pick<MediaSource, 'readyState' | 'addEventListener' | 'removeEventListener' | 'duration'> & {
  addSourceBuffer(mime: string): BufferLike
}

export type FeedState = 'feeding' | 'unsupported' | 'broken'

/** Seconds loaded ahead: some pieces more than a slow disk needs, few enough that a seek wastes little. */
const AHEAD = 12
const KEEP_BEHIND = 20
/** Remove only when this much has gathered, so that removing is rare. */
const TRIM_AFTER = 20
/** ms before a piece that failed is tried again. */
const RETRY_PIECE = 4000

export class LaneFeeder {
  state: FeedState = 'feeding'
  private readonly source: SourceLike
  private readonly fetchBytes: FetchBytes
  private readonly supported: (mime: string) => boolean
  private readonly now: () => number
  private lane: Lane
  private buffer: BufferLike | null = null
  private mime = ''
  private initUrl = ''
  private readonly loaded = new Map<string, Segment>()
  private readonly failed = new Map<string, number>()
  private readonly inits = new Map<string, ArrayBuffer>()
  private time = 0
  private running = false
  private closed = false
  private abort: { controller: AbortController; segment: Partial<Span> } | null = null
  /** The piece that is being written, and how much of it was appended. */
  private tail: { url: string; offset: number } | null = null

  constructor(source: SourceLike, lane: Lane, fetchBytes: FetchBytes, supported: (mime: string) => boolean, now: () => number = Date.now) {
    this.source = source
    this.lane = lane
    this.fetchBytes = fetchBytes
    this.supported = supported
    this.now = now
  }

  /** New pieces of a recording that is still being written. */
  setLane(lane: Lane): void {
    this.lane = lane
  }

  /** Tell where the playhead is; starts work if there is any. Resolves when nothing more is to do. */
  async feed(time: number): Promise<void> {
    this.time = time
    const loading = this.abort?.segment
    if (loading && ((loading.end ?? Infinity) < time || (loading.start ?? 0) > time + AHEAD)) this.abort?.controller.abort()
    if (this.running || this.closed || this.state !== 'feeding') return
    if (this.source.readyState !== 'open') return
    this.running = true
    try {
      while (await this.work()) {
        // Each turn does one operation at the newest playhead.
      }
    } finally {
      this.running = false
    }
  }

  /** Where what was appended of the growing piece lies; null while nothing of it was. */
  get growth(): Span | null {
    if (!this.buffer || !this.tail || this.tail.url !== this.lane.growing?.url) return null
    const closed = this.lane.segments.at(-1)?.end ?? -Infinity
    const { buffered } = this.buffer
    for (let i = 0; i < buffered.length; i += 1) {
      if (buffered.end(i) > closed + 0.01) return { start: Math.max(closed, buffered.start(i)), end: buffered.end(buffered.length - 1) }
    }
    return null
  }

  close(): void {
    this.closed = true
    this.abort?.controller.abort()
  }

  private async work(): Promise<boolean> {
    if (this.closed || this.state !== 'feeding' || this.source.readyState !== 'open') return false
    if (await this.trim()) return true
    const segment = nextWanted(this.lane.segments, (url) => this.has(url), this.time, AHEAD)
    const wanted = segment ?? this.wantedGrowth()
    if (!wanted) return false
    if (!this.supported(wanted.mime)) {
      this.state = 'unsupported'
      return false
    }
    const grew = this.tail?.url === wanted.url
    const from = grew ? (this.tail?.offset ?? 0) : 0
    const bytes = from < wanted.bytes ? await this.load(wanted, from) : { init: null, data: null }
    if (this.closed) return false
    if (bytes && (await this.append(wanted, bytes)) && segment) this.finish(segment, grew)
    return true
  }

  /** The growing piece, when the playhead comes near and there is more of it. */
  private wantedGrowth(): Growing | null {
    const { growing, segments } = this.lane
    if (!growing || this.has(growing.url) || this.time + AHEAD < (segments.at(-1)?.end ?? 0)) return null
    return this.tail?.url === growing.url && this.tail.offset >= growing.bytes ? null : growing
  }

  /** A piece is there as a whole. The last sample of one that grew may have been made longer after it was fetched: then again. */
  private finish(segment: Segment, grew: boolean): void {
    this.tail = null
    if (!grew || (this.buffer && holds(this.buffer.buffered, segment))) this.loaded.set(segment.url, segment)
  }

  private has(url: string): boolean {
    const failedAt = this.failed.get(url)
    return this.loaded.has(url) || (failedAt !== undefined && this.now() - failedAt < RETRY_PIECE)
  }

  private async load(segment: Growing & Partial<Span>, from: number): Promise<{ init: ArrayBuffer | null; data: ArrayBuffer } | null> {
    const controller = new AbortController()
    this.abort = { controller, segment }
    try {
      const needInit = segment.initUrl !== this.initUrl
      let init: ArrayBuffer | null = null
      if (needInit) {
        init = this.inits.get(segment.initUrl) ?? (await this.fetchBytes(segment.initUrl, controller.signal))
        this.inits.set(segment.initUrl, init)
      }
      return { init, data: await this.fetchBytes(segment.url, controller.signal, from) }
    } catch {
      // An abort means that the playhead went elsewhere: the piece may be wanted again at once.
      if (!controller.signal.aborted) this.failed.set(segment.url, this.now())
      return null
    } finally {
      this.abort = null
    }
  }

  private async append(segment: Growing, bytes: { init: ArrayBuffer | null; data: ArrayBuffer | null }): Promise<boolean> {
    try {
      if (this.tail && this.tail.url !== segment.url) {
        // What was begun is left: the parser must not wait for its rest.
        this.buffer?.abort()
        this.tail = null
      }
      const buffer = this.bufferFor(segment.mime)
      if (bytes.init) {
        await settled(buffer, () => buffer.appendBuffer(bytes.init as ArrayBuffer))
        this.initUrl = segment.initUrl
      }
      const { data } = bytes
      if (data) {
        await settled(buffer, () => buffer.appendBuffer(data))
        this.tail = { url: segment.url, offset: (this.tail?.offset ?? 0) + data.byteLength }
      }
      return true
    } catch (error) {
      if (error instanceof Error && error.name === 'QuotaExceededError') await this.makeRoom(segment)
      else if (this.source.readyState === 'open') this.failed.set(segment.url, this.now())
      else this.state = 'broken'
      return false
    }
  }

  private bufferFor(mime: string): BufferLike {
    if (!this.buffer) {
      this.buffer = this.source.addSourceBuffer(mime)
      this.buffer.mode = 'segments'
    } else if (mime !== this.mime) {
      this.buffer.changeType(mime)
    }
    this.mime = mime
    return this.buffer
  }

  private async trim(): Promise<boolean> {
    const oldest = this.buffer && this.buffer.buffered.length > 0 ? this.buffer.buffered.start(0) : Infinity
    if (this.time - KEEP_BEHIND - oldest < TRIM_AFTER) return false
    await this.remove(0, this.time - KEEP_BEHIND)
    return true
  }

  /** The browser's quota is full: give up everything but the playhead's neighbourhood. */
  private async makeRoom(segment: Growing): Promise<void> {
    this.failed.set(segment.url, this.now())
    if (this.time > 4) await this.remove(0, this.time - 2)
    await this.remove(this.time + AHEAD, Infinity)
  }

  private async remove(start: number, end: number): Promise<void> {
    const buffer = this.buffer
    if (!buffer || end <= start) return
    await settled(buffer, () => buffer.remove(start, end)).catch(() => undefined)
    for (const [url, segment] of this.loaded) {
      if (segment.start < end && segment.end > start) this.loaded.delete(url)
    }
  }
}

/** Runs one SourceBuffer operation to its end. */
function settled(buffer: BufferLike, operate: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      forget()
      resolve()
    }
    const failed = (): void => {
      forget()
      reject(new Error('SourceBuffer error'))
    }
    const forget = (): void => {
      buffer.removeEventListener('updateend', done)
      buffer.removeEventListener('error', failed)
    }
    buffer.addEventListener('updateend', done)
    buffer.addEventListener('error', failed)
    try {
      operate()
    } catch (error) {
      forget()
      reject(error instanceof Error ? error : new Error(String(error)))
    }
  })
}
