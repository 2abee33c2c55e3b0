import { describe, expect, it } from 'vitest'
import { BEHIND, LiveEdge, paceOf } from './liveEdge'

describe('the live moment', () => {
  it('is that of the freshest piece, and goes on between two', () => {
    const live = new LiveEdge()
    expect(live.at(5)).toBe(-Infinity)
    live.see(10, 100)
    expect(live.at(103)).toBe(13)
    live.see(12, 103.5) // seen late: tells nothing new
    expect(live.at(104)).toBe(14)
    live.see(14.3, 104)
    expect(live.at(105)).toBeCloseTo(15.3)
  })

  it('goes on while the recorder stands still', () => {
    const live = new LiveEdge()
    live.see(10, 0)
    live.see(10, 30)
    expect(live.at(30)).toBe(40)
  })
})

describe('the pace behind it', () => {
  it('is the wanted one where one rewound to, and never faster than the lesson at its end', () => {
    expect(paceOf(300, 2, false, false)).toEqual({ speed: 2, jump: false, catching: false })
    expect(paceOf(2, 2, false, false).speed).toBe(1)
    expect(paceOf(2, 0.5, false, false).speed).toBe(0.5)
  })

  it('is a little faster until one is live again', () => {
    expect(paceOf(BEHIND + 0.5, 1, true, false)).toMatchObject({ speed: 1, catching: false })
    expect(paceOf(BEHIND + 0.7, 1, true, false)).toMatchObject({ catching: true })
    expect(paceOf(BEHIND + 0.1, 1, true, true).speed).toBe(1.05)
    expect(paceOf(BEHIND + 6, 1, true, true).speed).toBe(1.25)
    expect(paceOf(BEHIND - 0.1, 1, true, true)).toEqual({ speed: 1, jump: false, catching: false })
  })

  it('jumps after a long interruption', () => {
    expect(paceOf(20, 1, true, false)).toEqual({ speed: 1, jump: true, catching: false })
    expect(paceOf(20, 1, false, false).jump).toBe(false)
  })
})
