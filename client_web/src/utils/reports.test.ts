import { describe, expect, it } from 'vitest'
import { monthOf, monthsBack, opensQuery, saidOf } from './reports'

describe('a report', () => {
  it('knows its months over the year’s end', () => {
    expect(monthOf(new Date(2026, 0, 31))).toBe('2026-01')
    expect(monthsBack(new Date(2026, 1, 28), 4)).toEqual(['2026-02', '2026-01', '2025-12', '2025-11'])
    expect(monthsBack(new Date(2026, 2, 31), 2)).toEqual(['2026-03', '2026-02'])
  })

  it('says a pair in the page’s language and everything else as it is', () => {
    expect([saidOf(['学校', 'School'], true), saidOf(['学校', 'School'], false), saidOf(0, false), saidOf('x', true), saidOf(null, true)]).toEqual(['School', '学校', '0', 'x', ''])
  })

  it('opens what a figure counts and asks for no more than it names', () => {
    const opens = { since: 'a', until: 'b', school_id: null, pairing_id: 'p01', subject_id: 'art', standings: ['credited', 'waiting'] as ('credited' | 'waiting')[] }
    expect(opensQuery(opens)).toEqual({ from: 'a', to: 'b', pairing_id: 'p01', subject: 'art', standing: 'credited,waiting' })
    expect(opensQuery({ ...opens, pairing_id: null, subject_id: null, school_id: 's01', standings: [] })).toEqual({ from: 'a', to: 'b', school_id: 's01' })
  })
})
