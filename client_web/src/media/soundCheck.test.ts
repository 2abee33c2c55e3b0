import { describe, expect, it } from 'vitest'
import { rmsDb, SILENCE, TONE, toneDb } from './soundCheck'

const RATE = 48_000
const sine = (hz: number, amplitude: number, n = 16384): Float32Array => Float32Array.from({ length: n }, (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / RATE))
const mix = (a: Float32Array, b: Float32Array): Float32Array => a.map((sample, i) => sample + (b[i] ?? 0))

describe('levels', () => {
  it('of a sine: its amplitude as a tone, 3 dB less as a whole', () => {
    expect(toneDb(sine(TONE, 0.1), RATE, TONE)).toBeCloseTo(-20, 1)
    expect(rmsDb(sine(TONE, 0.1))).toBeCloseTo(-23, 1)
    expect(toneDb(sine(TONE, 1), RATE, TONE)).toBeCloseTo(0, 1)
  })

  it('of the tone tell it from a louder sound beside it', () => {
    expect(toneDb(mix(sine(400, 0.5), sine(TONE, 0.001)), RATE, TONE)).toBeCloseTo(-60, 0)
    expect(toneDb(sine(400, 0.5), RATE, TONE)).toBeLessThan(-80)
  })

  it('of silence are a number', () => {
    expect(rmsDb(new Float32Array(100))).toBe(SILENCE)
    expect(toneDb(new Float32Array(0), RATE, TONE)).toBe(SILENCE)
  })
})
