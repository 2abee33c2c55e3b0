import { describe, expect, it } from 'vitest'
import { placesOf } from './wall'

const large = (now: Parameters<typeof placesOf>[0]): string[] =>
  placesOf(now)
    .filter((place) => !place.inset)
    .map((place) => place.source)

describe('the wall', () => {
  it('shows the teacher large when no screen is shared, whatever the layout', () => {
    for (const layout of ['teacher', 'screen', 'both'] as const) {
      expect(placesOf({ layout, screen: false, staged: null })).toEqual([{ source: 'teacher', left: 0, top: 0, width: 100, height: 100, inset: false }])
    }
  })

  it('follows the layout when there is a screen, the other one small', () => {
    expect(large({ layout: 'teacher', screen: true, staged: null })).toEqual(['teacher'])
    expect(large({ layout: 'screen', screen: true, staged: null })).toEqual(['screen'])
    expect(large({ layout: 'both', screen: true, staged: null })).toEqual(['teacher', 'screen'])
    expect(placesOf({ layout: 'screen', screen: true, staged: null }).map((p) => [p.source, p.inset])).toEqual([['screen', false], ['teacher', true]])
  })

  it('puts a called classroom beside what is taught', () => {
    expect(large({ layout: 'teacher', screen: false, staged: 'classroom-s12' })).toEqual(['classroom-s12', 'teacher'])
    expect(large({ layout: 'both', screen: true, staged: 'classroom-s12' })).toEqual(['classroom-s12', 'screen'])
  })

  it('shows every source exactly once and fills the width', () => {
    for (const layout of ['teacher', 'screen', 'both'] as const) {
      for (const screen of [true, false]) {
        for (const staged of ['classroom-s12', null]) {
          const places = placesOf({ layout, screen, staged })
          const sources = places.map((p) => p.source)
          expect(new Set(sources).size).toBe(sources.length)
          expect(sources).toHaveLength(1 + Number(screen) + Number(staged !== null))
          expect(places.filter((p) => !p.inset).reduce((sum, p) => sum + p.width, 0)).toBe(100)
        }
      }
    }
  })

  it('stands pictures one below the other on an upright phone, text above, without overlap', () => {
    const places = placesOf({ layout: 'both', screen: true, staged: null, portrait: true })
    expect(places.map((p) => [p.source, p.width, p.inset])).toEqual([['screen', 100, false], ['teacher', 100, false]])
    const staged = placesOf({ layout: 'teacher', screen: true, staged: 'classroom-s12', portrait: true })
    const bottoms = staged.filter((p) => !p.inset).map((p) => p.top + p.height)
    for (const inset of staged.filter((p) => p.inset)) expect(inset.top).toBeGreaterThanOrEqual(Math.max(...bottoms))
  })
})
