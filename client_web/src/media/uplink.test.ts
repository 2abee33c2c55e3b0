import { describe, expect, it } from 'vitest'
import { CAMERA_RUNGS, SCREEN_RUNGS, lineOf, newUplink, nextUplink, type Uplink } from './uplink'

/** Runs a line (bit/s, share lost) for some seconds, one look a second; gives the last state and each change of level with its second. */
function run(seconds: number, estimate: (second: number) => number | null, loss = 0, from: Uplink = newUplink(0), start = 0, rungs = CAMERA_RUNGS) {
  let uplink = from
  const changes: [number, string][] = []
  for (let second = start; second < start + seconds; second += 1) {
    const next = nextUplink(uplink, { at: second * 1000, estimate: estimate(second), loss }, rungs)
    if (next.level !== uplink.level) changes.push([second, next.level])
    uplink = next
  }
  return { uplink, changes }
}

describe('the uplink', () => {
  it('sends everything on a good line, also while the estimate is still climbing', () => {
    const { changes } = run(60, (second) => (second < 6 ? 300_000 : 3_000_000))
    expect(changes).toEqual([])
  })

  it('gives up the picture from the top, and goes on with sound alone', () => {
    let uplink = run(20, () => 2_500_000).uplink
    const levels = []
    for (const [start, estimate] of [[20, 400_000], [30, 150_000], [40, 60_000]] as const) {
      uplink = run(8, () => estimate, 0, uplink, start).uplink
      levels.push(uplink.level)
    }
    expect(levels).toEqual(['medium', 'low', 'sound'])
  })

  it('goes straight to what fits when the line breaks in', () => {
    const before = run(20, () => 2_500_000).uplink
    expect(run(10, () => 100_000, 0, before, 20).changes).toEqual([[23, 'low']])
  })

  it('does not mind a short dip', () => {
    const before = run(20, () => 2_500_000).uplink
    expect(run(20, (second) => (second % 10 < 2 ? 100_000 : 2_500_000), 0, before, 20).changes).toEqual([])
  })

  it('comes back step by step when the line is good again', () => {
    const down = run(30, () => 60_000).uplink
    expect(down.level).toBe('sound')
    const { changes, uplink } = run(60, () => 2_500_000, 0, down, 30)
    expect(changes.map(([, level]) => level)).toEqual(['low', 'medium', 'high'])
    expect(uplink.level).toBe('high')
  })

  it('tries a thin line less and less often', () => {
    const down = run(30, () => 60_000).uplink
    const { changes } = run(300, () => 60_000, 0, down, 30)
    const trials = changes.filter(([, level]) => level === 'low').map(([second]) => second)
    expect(trials.length).toBeGreaterThan(2)
    expect(trials.length).toBeLessThan(9)
    const pauses = trials.slice(1).map((second, index) => second - (trials[index] ?? 0))
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b))
  })

  it('goes by loss where the browser tells no estimate', () => {
    expect(run(20, () => null, 0.18).uplink.level).not.toBe('high')
    expect(run(20, () => null, 0.08).uplink.level).toBe('high')
  })

  it('keeps the picture on a line that only loses', () => {
    expect(run(60, () => 1_800_000, 0.1).changes).toEqual([])
  })

  it('has one step less for a screen', () => {
    const { changes } = run(30, () => 120_000, 0, newUplink(0, SCREEN_RUNGS), 0, SCREEN_RUNGS)
    expect(changes.map(([, level]) => level)).toEqual(['low'])
  })

  it('reads the line from getStats', () => {
    const stats = [
      { type: 'candidate-pair', nominated: false, availableOutgoingBitrate: 1 },
      { type: 'candidate-pair', nominated: true, availableOutgoingBitrate: 700_000 },
      { type: 'remote-inbound-rtp', kind: 'audio', fractionLost: 0.02 },
      { type: 'remote-inbound-rtp', kind: 'video', fractionLost: 0.1 },
    ]
    expect(lineOf(stats, 5)).toEqual({ at: 5, estimate: 700_000, loss: 0.1 })
    expect(lineOf([], 5)).toEqual({ at: 5, estimate: null, loss: null })
  })
})
