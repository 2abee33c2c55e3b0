import { describe, expect, it } from 'vitest'
import { Watched } from './watched'

/** Looks five times a second while the recording runs from `from` for `seconds`. */
function play(watched: Watched, at: number, from: number, seconds: number, speed = 1): number {
  const steps = Math.round(seconds * 5)
  for (let n = 0; n <= steps; n += 1) watched.look(at + n / 5, from + (n / 5) * speed, true, speed)
  return at + seconds
}
const lengths = (watched: Watched): number[] => watched.take().map(([from, to]) => Math.round(to - from))

describe('what was watched', () => {
  it('is one stretch while it plays', () => {
    const watched = new Watched()
    play(watched, 0, 10, 20)
    const [stretch] = watched.take()
    expect(stretch?.[0]).toBeCloseTo(10)
    expect(stretch?.[1]).toBeCloseTo(30)
    expect(watched.take()).toEqual([])
  })

  it('leaves out what was skipped and counts going back as played again', () => {
    const watched = new Watched()
    const at = play(watched, 0, 0, 10)
    play(watched, at + 0.2, 300, 10)
    play(watched, at + 10.4, 5, 5)
    expect(lengths(watched)).toEqual([10, 10, 5])
  })

  it('counts nothing while it stands', () => {
    const watched = new Watched()
    for (let n = 0; n < 50; n += 1) watched.look(n / 5, 40, false, 1)
    expect(watched.take()).toEqual([])
  })

  it('follows the speed', () => {
    const watched = new Watched()
    play(watched, 0, 0, 10, 1.5)
    expect(lengths(watched)).toEqual([15])
  })

  it('tells again what could not be told', () => {
    const watched = new Watched()
    play(watched, 0, 0, 10)
    watched.putBack(watched.take())
    play(watched, 20, 50, 5)
    expect(lengths(watched)).toEqual([10, 5])
  })
})
