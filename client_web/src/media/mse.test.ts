import { describe, expect, it } from 'vitest'
import { LaneFeeder, type BufferLike, type SourceLike } from './mseFeeder'
import { correctionFor, MasterClock } from './mseSync'
import { covers, endOf, endOfSpan, gapsIn, isBuffered, lanesOf, mergeTracks, nextWanted, openingOf, spansOf, type RecordingTrack } from './mseTimeline'

const track = (id: string, source: string, kind: 'audio' | 'video', times: [number, number][]): RecordingTrack => ({
  id,
  participant_id: 'teacher',
  school_id: null,
  source,
  kind,
  codec: 'h264',
  mime: 'video/mp4; codecs="avc3.42e01f"',
  init_url: `${id}/init`,
  start: 0,
  duration: 0,
  width: null,
  height: null,
  pieces: times.map(([start, end]) => ({ url: `${id}/${start}`, start, end, bytes: 1 })),
  growing: null,
})

describe('lanes of a recording', () => {
  it('joins the tracks of one source in time order', () => {
    const lanes = lanesOf([track('t2', 'teacher', 'video', [[10, 12]]), track('t1', 'teacher', 'video', [[0, 2], [2, 4]]), track('t3', 'screen', 'video', [])])
    expect(lanes).toHaveLength(1)
    expect(lanes[0]?.segments.map((s) => [s.start, s.initUrl])).toEqual([[0, 't1/init'], [2, 't1/init'], [10, 't2/init']])
  })

  it('knows where it has something and where nobody has', () => {
    const spans = spansOf({ segments: lanesOf([track('a', 'teacher', 'video', [[1, 3], [3.1, 5], [9, 11]])])[0]?.segments ?? [] })
    expect(spans).toEqual([{ start: 1, end: 5 }, { start: 9, end: 11 }])
    expect(covers(spans, 5)).toBe(false)
    expect(covers(spans, 9)).toBe(true)
    expect([endOfSpan(spans, 1), endOfSpan(spans, 10), endOfSpan(spans, 6)]).toEqual([5, 11, Infinity])
    expect(gapsIn(spans, 0, 12)).toEqual([{ start: 0, end: 1 }, { start: 5, end: 9 }, { start: 11, end: 12 }])
    expect(gapsIn(spans, 2, 4)).toEqual([])
  })

  it('ends where the last of them ends, not after its length: a teacher may come late', () => {
    expect(endOf(lanesOf([track('v', 'teacher', 'video', [[10, 12], [12, 14]]), track('a', 'teacher', 'audio', [[9, 13]])]))).toBe(14)
    expect(endOf([])).toBe(0)
  })

  it('are added to while the lesson runs', () => {
    const known = [track('v', 'teacher', 'video', [[0, 2], [2, 4]])]
    const fresh = [{ ...track('v', 'teacher', 'video', [[2, 4], [4, 6]]), growing: { url: 'v/6', bytes: 9 } }, track('s', 'screen', 'video', [[5, 6]])]
    const merged = mergeTracks(known, fresh)
    expect(merged.map((each) => each.pieces.map((piece) => piece.start))).toEqual([[0, 2, 4], [5]])
    const [teacher, screen] = lanesOf(merged)
    expect(teacher?.growing).toEqual({ url: 'v/6', bytes: 9, initUrl: 'v/init', mime: teacher?.segments[0]?.mime })
    expect(screen?.growing).toBeNull()
  })

  it('opens on the teacher’s picture when that comes soon, otherwise on whatever is first', () => {
    const sound = track('a', 'teacher', 'audio', [[0.1, 2]])
    const picture = (start: number): RecordingTrack => track('v', 'teacher', 'video', [[start, start + 2]])
    expect(openingOf(lanesOf([sound, picture(0.8)]))).toBe(0.8)
    expect(openingOf(lanesOf([sound, picture(60)]))).toBe(0.1)
    expect(openingOf(lanesOf([sound, track('s', 'screen', 'video', [[3, 5]])]))).toBe(0.1)
    expect(openingOf([])).toBe(0)
  })

  it('wants the first piece that is near and not loaded', () => {
    const segments = lanesOf([track('a', 's', 'video', [[0, 2], [2, 4], [30, 32]])])[0]?.segments ?? []
    expect(nextWanted(segments, () => false, 1, 10)?.start).toBe(0)
    expect(nextWanted(segments, (url) => url === 'a/0', 1, 10)?.start).toBe(2)
    expect(nextWanted(segments, (url) => url !== 'a/30', 1, 10)).toBeNull()
    expect(nextWanted(segments, () => false, 25, 10)?.start).toBe(30)
  })
})

describe('keeping in step', () => {
  it('goes on with a correction until the drift is gone', () => {
    expect(correctionFor(10.03, 10, 1, true).rate).toBeLessThan(1)
    expect(correctionFor(10.01, 10, 1, true)).toEqual({ seek: null, rate: 1 })
  })

  it('leaves small drift alone, nudges middling, jumps over large', () => {
    expect(correctionFor(10.03, 10, 1)).toEqual({ seek: null, rate: 1 })
    expect(correctionFor(10.06, 10, 1).rate).toBeLessThan(1)
    expect(correctionFor(10.2, 10, 1).rate).toBeLessThan(1)
    expect(correctionFor(9.8, 10, 2).rate).toBeGreaterThan(2)
    expect(correctionFor(9, 10, 1)).toEqual({ seek: 10, rate: 1 })
  })

  it('counts with its speed, holds and seeks', () => {
    const clock = new MasterClock()
    clock.run(100)
    expect(clock.time(102)).toBe(2)
    clock.setSpeed(2, 102)
    expect(clock.time(103)).toBe(4)
    clock.hold(103)
    expect(clock.time(200)).toBe(4)
    clock.seek(50, 200)
    clock.run(200)
    clock.run(201)
    expect(clock.time(201)).toBe(52)
  })
})

class FakeBuffer extends EventTarget implements BufferLike {
  updating = false
  mode: AppendMode = 'segments'
  appended: string[] = []
  removed: [number, number][] = []
  types: string[] = []
  ranges: [number, number][] = []
  failNext: Error | null = null

  get buffered(): TimeRanges {
    const { ranges } = this
    return { length: ranges.length, start: (i: number) => ranges[i]?.[0] ?? 0, end: (i: number) => ranges[i]?.[1] ?? 0 }
  }

  appendBuffer(data: BufferSource): void {
    const failure = this.failNext
    this.failNext = null
    if (failure) throw failure
    const text = new TextDecoder().decode(data as ArrayBuffer)
    this.appended.push(text)
    const at = Number(text.split('/')[1])
    if (!Number.isNaN(at)) this.ranges = [[this.ranges[0]?.[0] ?? at, at + 2]]
    this.finish()
  }

  abort(): void {
    this.appended.push('abort')
  }

  remove(start: number, end: number): void {
    this.removed.push([start, end])
    if (this.ranges[0]) this.ranges = [[Math.max(end, this.ranges[0][0]), this.ranges[0][1]]]
    this.finish()
  }

  changeType(type: string): void {
    this.types.push(type)
  }

  private finish(): void {
    queueMicrotask(() => this.dispatchEvent(new Event('updateend')))
  }
}

class FakeSource extends EventTarget implements SourceLike {
  readyState: ReadyState = 'open'
  duration = 0
  buffer = new FakeBuffer()
  addSourceBuffer(): BufferLike {
    return this.buffer
  }
}

const lane = (tracks: RecordingTrack[]) => {
  const found = lanesOf(tracks)[0]
  if (!found) throw new Error('no lane')
  return found
}
const bytes = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer as ArrayBuffer
const serve = (url: string): Promise<ArrayBuffer> => Promise.resolve(bytes(url))
const pairs = (n: number): [number, number][] => Array.from({ length: n }, (_, i) => [i * 2, i * 2 + 2])

describe('feeding a lane', () => {
  it('appends init once, then pieces up to the horizon', async () => {
    const source = new FakeSource()
    const feeder = new LaneFeeder(source, lane([track('a', 's', 'video', pairs(20))]), serve, () => true)
    await feeder.feed(0)
    expect(source.buffer.appended).toEqual(['a/init', 'a/0', 'a/2', 'a/4', 'a/6', 'a/8', 'a/10', 'a/12'])
    await feeder.feed(3)
    expect(source.buffer.appended.slice(8)).toEqual(['a/14'])
  })

  it('appends the other init where a new track begins', async () => {
    const source = new FakeSource()
    const other = { ...track('b', 's', 'video', [[4, 6]]), mime: 'video/webm; codecs="vp8"' }
    const feeder = new LaneFeeder(source, lane([track('a', 's', 'video', [[0, 2]]), other]), serve, () => true)
    await feeder.feed(0)
    expect(source.buffer.appended).toEqual(['a/init', 'a/0', 'b/init', 'b/4'])
    expect(source.buffer.types).toEqual(['video/webm; codecs="vp8"'])
  })

  it('removes what lies far behind and loads it again after a seek back', async () => {
    const source = new FakeSource()
    const feeder = new LaneFeeder(source, lane([track('a', 's', 'video', pairs(40))]), serve, () => true)
    for (let time = 0; time <= 60; time += 4) await feeder.feed(time)
    expect(source.buffer.removed.length).toBeGreaterThan(0)
    source.buffer.appended = []
    await feeder.feed(0)
    expect(source.buffer.appended).toContain('a/0')
  })

  it('leaves out a piece that cannot be had and tries it again later', async () => {
    const source = new FakeSource()
    let now = 0
    let broken = true
    const fetchBytes = (url: string): Promise<ArrayBuffer> => (broken && url === 'a/2' ? Promise.reject(new Error('404')) : serve(url))
    const feeder = new LaneFeeder(source, lane([track('a', 's', 'video', pairs(3))]), fetchBytes, () => true, () => now)
    await feeder.feed(0)
    expect(source.buffer.appended).toEqual(['a/init', 'a/0', 'a/4'])
    broken = false
    now = 5000
    await feeder.feed(0)
    expect(source.buffer.appended.at(-1)).toBe('a/2')
  })

  it('makes room when the browser is full', async () => {
    const source = new FakeSource()
    const feeder = new LaneFeeder(source, lane([track('a', 's', 'video', pairs(3))]), serve, () => true)
    source.buffer.failNext = new DOMException('', 'QuotaExceededError')
    await feeder.feed(0)
    expect(source.buffer.removed.length).toBeGreaterThan(0)
    expect(feeder.state).toBe('feeding')
  })

  it('says so when the browser cannot play the codec', async () => {
    const feeder = new LaneFeeder(new FakeSource(), lane([track('a', 's', 'video', pairs(3))]), serve, () => false)
    await feeder.feed(0)
    expect(feeder.state).toBe('unsupported')
  })
})

describe('feeding what is still being written', () => {
  const growing = (tracks: RecordingTrack, written: number) => lane([{ ...tracks, growing: { url: 'a/4', bytes: written } }])
  const asked: string[] = []
  const fetchBytes = (url: string, _: AbortSignal, from = 0): Promise<ArrayBuffer> => {
    asked.push(from ? `${url} from ${from}` : url)
    return Promise.resolve(new ArrayBuffer(url.includes('init') ? 1 : url === 'a/4' ? written - from : 1))
  }
  let written = 0
  const begun = async () => {
    asked.length = 0
    written = 100
    const source = new FakeSource()
    const feeder = new LaneFeeder(source, growing(track('a', 's', 'video', pairs(2)), written), fetchBytes, () => true)
    await feeder.feed(3)
    source.buffer.ranges = [[0, 4.5]]
    return { source, feeder }
  }

  it('takes what there is of it, then what is new, and at its end nothing twice', async () => {
    const { source, feeder } = await begun()
    expect(asked).toEqual(['a/init', 'a/2', 'a/4'])
    expect(feeder.growth).toEqual({ start: 4, end: 4.5 })
    await feeder.feed(3.1)
    expect(asked).toHaveLength(3)
    written = 150
    feeder.setLane(growing(track('a', 's', 'video', pairs(2)), 150))
    await feeder.feed(3.2)
    source.buffer.ranges = [[0, 6]]
    const closed = track('a', 's', 'video', pairs(3))
    closed.pieces.forEach((piece) => (piece.bytes = 150))
    feeder.setLane(lane([closed]))
    await feeder.feed(3.3)
    expect(asked.slice(3)).toEqual(['a/4 from 100'])
    expect(feeder.growth).toBeNull()
  })

  it('takes it again as a whole when its still picture was made longer', async () => {
    const { source, feeder } = await begun()
    source.buffer.ranges = [[0, 4.1], [5.5, 6]]
    const closed = track('a', 's', 'video', pairs(3))
    closed.pieces.forEach((piece) => (piece.bytes = 100))
    feeder.setLane(lane([closed]))
    await feeder.feed(3.3)
    expect(asked.slice(3)).toEqual(['a/4'])
  })

  it('leaves it when the playhead goes back', async () => {
    const { source, feeder } = await begun()
    source.buffer.appended = []
    await feeder.feed(1)
    expect(asked.slice(3)).toEqual(['a/0', 'a/4'])
    expect(source.buffer.appended[0]).toBe('abort')
  })

  it('does not ask for it from afar', async () => {
    asked.length = 0
    const far = { ...track('a', 's', 'video', pairs(30)), growing: { url: 'a/60', bytes: 9 } }
    await new LaneFeeder(new FakeSource(), lane([far]), fetchBytes, () => true).feed(0)
    expect(asked).not.toContain('a/60')
  })
})

it('counts as buffered only what is inside a range', () => {
  const ranges = { length: 1, start: () => 2, end: () => 6 }
  expect(isBuffered(ranges, 1.9, 0.2)).toBe(true)
  expect(isBuffered(ranges, 5.9, 0.2)).toBe(true)
  expect(isBuffered(ranges, 6.1, 0.2)).toBe(false)
  expect(isBuffered(ranges, 1, 0.2)).toBe(false)
})
