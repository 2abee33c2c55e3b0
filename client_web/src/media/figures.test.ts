import { describe, expect, it } from 'vitest'
import { levelOf, settle } from './level'
import { qualityOf, readingOf, type Reading } from './quality'
import { startPlaying } from './playback'

describe('the level meter', () => {
  it('is 0 for silence, full for shouting, in between for speech', () => {
    expect(levelOf(new Float32Array(256))).toBe(0)
    expect(levelOf(new Float32Array(256).fill(0.9))).toBe(1)
    const speech = levelOf(new Float32Array(256).fill(0.03))
    expect(speech).toBeGreaterThan(0.4)
    expect(speech).toBeLessThan(0.7)
  })

  it('rises at once and falls slowly', () => {
    expect(settle(0.1, 0.9)).toBe(0.9)
    expect(settle(0.9, 0.1)).toBeCloseTo(0.72)
  })
})

describe('quality', () => {
  const base: Reading = { at: 0, bytes: 0, packets: 0, lost: 0, roundTrip: 0.02, frozen: 0, framesDecoded: 0 }
  const after = (change: Partial<Reading>): Reading => ({ ...base, at: 2000, bytes: 300_000, packets: 400, ...change })

  it('is five bars on a good line and tells the bitrate', () => {
    expect(qualityOf(base, after({}))).toMatchObject({ bars: 5, bitrate: 1_200_000, loss: 0 })
  })

  it('falls with loss, delay and freezes, never under one bar while anything flows', () => {
    expect(qualityOf(base, after({ lost: 20 })).bars).toBe(3)
    expect(qualityOf(base, after({ roundTrip: 0.3 })).bars).toBe(4)
    expect(qualityOf(base, after({ frozen: 1 })).bars).toBe(3)
    expect(qualityOf(base, after({ lost: 400, roundTrip: 1, frozen: 2 })).bars).toBe(1)
  })

  it('is none when nothing flows', () => {
    expect(qualityOf(base, after({ packets: 0, bytes: 0 })).bars).toBe(0)
  })

  it('reads either direction from getStats', () => {
    const stats = [
      { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.05 },
      { type: 'inbound-rtp', bytesReceived: 10, packetsReceived: 2, packetsLost: -1, framesDecoded: 3 },
      { type: 'outbound-rtp', bytesSent: 20, packetsSent: 4 },
      { type: 'remote-inbound-rtp', packetsLost: 1 },
    ]
    expect(readingOf(stats, 'in', 1)).toMatchObject({ bytes: 10, packets: 2, lost: 0, roundTrip: 0.05, framesDecoded: 3 })
    expect(readingOf(stats, 'out', 1)).toMatchObject({ bytes: 20, packets: 4, lost: 1 })
  })
})

describe('starting to play', () => {
  const refusing = (times: number) => {
    let left = times
    return {
      muted: false,
      play: () => (left-- > 0 ? Promise.reject(new DOMException('', 'NotAllowedError')) : Promise.resolve()),
    }
  }

  it('has sound where the browser allows it', async () => {
    expect(await startPlaying(refusing(0), true)).toBe('sound')
  })

  it('falls back to the muted picture', async () => {
    const element = refusing(1)
    expect(await startPlaying(element, true)).toBe('muted')
    expect(element.muted).toBe(true)
  })

  it('says when not even that is possible', async () => {
    expect(await startPlaying(refusing(2), true)).toBe('no')
  })
})
