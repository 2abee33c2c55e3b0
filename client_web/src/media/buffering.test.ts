import { describe, expect, it } from 'vitest'
import { hold, nextBuffering, RELAXED, targetOf } from './buffering'

describe('how long media is held', () => {
  it('is the browsers own choice on a clean line, and always for a screen', () => {
    const calm = nextBuffering(RELAXED, { loss: 0.002, roundTrip: 0.1 }, 0)
    expect(targetOf('teacher', calm)).toBeNull()
    const lossy = nextBuffering(RELAXED, { loss: 0.05, roundTrip: 0.1 }, 0)
    expect(targetOf('teacher', lossy)).toBe(260)
    expect(targetOf('screen', lossy)).toBeNull()
  })

  it('is two round trips and a bit where packets must be sent again, within what people bear', () => {
    expect(nextBuffering(RELAXED, { loss: 0.05, roundTrip: 0.1 }, 0).target).toBe(260)
    expect(nextBuffering(RELAXED, { loss: 0.05, roundTrip: 0.9 }, 0).target).toBe(300)
    expect(nextBuffering(RELAXED, { loss: 0.05, roundTrip: null }, 0).target).toBe(260)
  })

  it('stays while the line is bad now and then, and ends after half a minute of quiet', () => {
    let held = nextBuffering(RELAXED, { loss: 0.05, roundTrip: 0.1 }, 0)
    held = nextBuffering(held, { loss: 0.05, roundTrip: 0.11 }, 2000)
    expect(held.target).toBe(260)
    held = nextBuffering(held, { loss: 0, roundTrip: 0.1 }, 20_000)
    expect(held.target).toBe(260)
    held = nextBuffering(held, { loss: 0.05, roundTrip: 0.2 }, 22_000)
    expect(held.target).toBe(300)
    expect(nextBuffering(held, { loss: 0, roundTrip: 0.1 }, 60_000)).toEqual(RELAXED)
  })
})

it('is asked for by the name that the browser knows, and nothing happens where it knows none', () => {
  const both = { jitterBufferTarget: null as number | null, playoutDelayHint: null as number | null }
  hold(both, 120)
  expect(both).toEqual({ jitterBufferTarget: 120, playoutDelayHint: null })
  const old = { playoutDelayHint: null as number | null }
  hold(old, 120)
  expect(old.playoutDelayHint).toBe(0.12)
  const none = {}
  hold(none, 120)
  expect(none).toEqual({})
})
