import { describe, expect, it } from 'vitest'
import { depthOf, keyOf, rateOf, sharesOf, type Line } from './surveyResults'

const LINE: Line = { kind: 'group', school_id: 's02', school_name: '西岙小学', group_id: 'g1', name: '三年级', parts: 0, of_total: false, issued: 20, answered: 8, satisfied: 6, counts: { overall: [4, 2, 1, 1, 0] } }

describe('a line of the results', () => {
  it('stands below what it is a part of', () => {
    expect(depthOf({ ...LINE, kind: 'total' })).toBe(0)
    expect(depthOf({ ...LINE, kind: 'school' })).toBe(1)
    expect(depthOf({ ...LINE, kind: 'rest', of_total: true })).toBe(1)
    expect(depthOf({ ...LINE, kind: 'rest' })).toBe(2)
    expect(depthOf(LINE)).toBe(2)
  })

  it('has a key of its own among all lines', () => {
    const lines: Line[] = [LINE, { ...LINE, group_id: 'g2' }, { ...LINE, kind: 'school', group_id: null }, { ...LINE, kind: 'rest', group_id: null }, { ...LINE, kind: 'rest', group_id: null, of_total: true }]
    expect(new Set(lines.map(keyOf)).size).toBe(lines.length)
  })

  it('has a rate only where it is shown and somebody answered', () => {
    expect(rateOf(LINE)).toBe(0.75)
    expect(rateOf({ ...LINE, satisfied: null, counts: null })).toBeNull()
    expect(rateOf({ ...LINE, answered: 0, satisfied: 0 })).toBeNull()
  })
})

it('shares add up to one, or are nothing of nothing', () => {
  expect(sharesOf([4, 2, 1, 1, 0])).toEqual([0.5, 0.25, 0.125, 0.125, 0])
  expect(sharesOf([0, 0])).toEqual([0, 0])
})
