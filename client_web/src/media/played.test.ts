import { describe, expect, it } from 'vitest'
import { playedOf, totalsOf } from './played'

const picture = { type: 'inbound-rtp', kind: 'video', freezeCount: 1, totalFreezesDuration: 0.5, framesDecoded: 100, frameHeight: 360 }
const sound = { type: 'inbound-rtp', kind: 'audio', totalSamplesReceived: 48_000, concealedSamples: 900, silentConcealedSamples: 400 }

describe('what a player has shown', () => {
  it('adds up picture and sound and leaves out what is not received', () => {
    expect(totalsOf([picture, sound, { type: 'outbound-rtp', framesDecoded: 7 }], 5)).toEqual({ at: 5, freezes: 1, frozen: 0.5, frames: 100, samples: 48_000, concealed: 500, height: 360 })
  })

  it('is told as the difference of two looks', () => {
    const before = totalsOf([picture, sound], 0)
    const after = totalsOf([{ ...picture, freezeCount: 3, totalFreezesDuration: 2.1, framesDecoded: 220, frameHeight: 720 }, { ...sound, totalSamplesReceived: 528_000, concealedSamples: 48_900 }], 10_000)
    expect(playedOf('teacher', before, after)).toEqual({ source: 'teacher', freezes: 2, frozen_seconds: 1.6, concealed_share: 0.1, frames_per_second: 12, height: 720 })
  })

  it('is not told over a new connection, nor of no time', () => {
    const before = totalsOf([picture], 0)
    expect(playedOf('teacher', before, totalsOf([{ ...picture, framesDecoded: 3 }], 10_000))).toBeNull()
    expect(playedOf('teacher', before, before)).toBeNull()
  })
})
