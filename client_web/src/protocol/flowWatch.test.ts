import { describe, expect, it } from 'vitest'
import { arrived, FlowWatch, LOOK_EVERY, type Flow } from './flowWatch'

/** Looks at a counter that grows at each moment of `news` (ms), until `end`. */
function watched(news: (at: number) => number, end: number, flow = new FlowWatch(), from = 0): { at: number; found: Flow }[] {
  const found: { at: number; found: Flow }[] = []
  for (let at = from; at <= end; at += LOOK_EVERY) found.push({ at, found: flow.look(news(at), at) })
  return found
}

const silences = (looks: { at: number; found: Flow }[]): number[] => looks.filter((look) => look.found === 'silent').map((look) => look.at)

describe('the watch over what arrives', () => {
  it('calls a stream that stops silent after a second and a half, once', () => {
    expect(silences(watched((at) => Math.min(at, 5000), 20_000))).toEqual([6500])
  })

  it('bears one missing report of a second where nothing else comes', () => {
    const reports = (at: number): number => Math.floor(at / 1000) - (at >= 5000 && at < 6000 ? 1 : 0)
    expect(silences(watched(reports, 20_000))).toEqual([])
    expect(silences(watched((at) => Math.floor(Math.min(at, 9000) / 1000), 20_000))).toEqual([14_000])
  })

  it('is quicker to call it silent after the browser has told of another network', () => {
    const flow = new FlowWatch()
    watched((at) => at, 5000, flow)
    flow.suspect(5100)
    expect(silences(watched(() => 5000, 9000, flow, 5500))).toEqual([5500])
    const steady = new FlowWatch()
    watched((at) => at, 5000, steady)
    steady.suspect(5100)
    expect(silences(watched((at) => at, 9000, steady, 5500))).toEqual([])
  })

  it('concludes nothing from what never came', () => {
    expect(silences(watched(() => 7, 60_000))).toEqual([])
  })

  it('concludes nothing from the time a machine slept', () => {
    const flow = new FlowWatch()
    watched((at) => at, 5000, flow)
    expect(silences(watched(() => 5000, 66_000, flow, 65_000))).toEqual([])
  })

  it('is a watch again after the flow came back', () => {
    const twice = (at: number): number => Math.min(at, 5000) + Math.max(0, Math.min(at, 20_000) - 10_000)
    expect(silences(watched(twice, 30_000))).toEqual([6500, 21_500])
  })
})

it('reads packets where a transport counts them, else bytes', () => {
  const stats = (entries: object[]): RTCStatsReport => new Map(entries.map((entry, n) => [String(n), entry])) as unknown as RTCStatsReport
  expect(arrived(stats([{ type: 'transport', packetsReceived: 9 }, { type: 'candidate-pair', bytesReceived: 700 }]))).toBe(9)
  expect(arrived(stats([{ type: 'candidate-pair', bytesReceived: 700 }, { type: 'candidate-pair', bytesReceived: 1 }]))).toBe(701)
  expect(arrived(stats([{ type: 'codec' }]))).toBe(null)
})
