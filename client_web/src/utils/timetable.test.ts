import { describe, expect, it } from 'vitest'
import { cellsOf, dayOf, mondayOf, momentOf, noticesBy, shownDays, timeOf, weekdayOf, weeksOf } from './timetable'

const CHINA = 480
const lesson = (id: string, starts_at: string, pairing_id = 'p1') => ({ id, starts_at, pairing_id }) as never

describe('days of the county', () => {
  it('are those of its clock, not of the browser', () => {
    expect(dayOf('2026-11-22T16:30:00Z', CHINA)).toBe('2026-11-23')
    expect(timeOf('2026-11-22T16:30:00Z', CHINA)).toBe('00:30')
    expect(new Date(momentOf('2026-11-23', '00:30', CHINA)).toISOString()).toBe('2026-11-22T16:30:00.000Z')
  })

  it('have weeks that begin on Monday', () => {
    expect(weekdayOf('2026-11-29')).toBe(7)
    expect(mondayOf('2026-11-29')).toBe('2026-11-23')
    expect(mondayOf('2026-11-23')).toBe('2026-11-23')
    expect(weeksOf('2026-09-01', '2026-09-15')).toEqual(['2026-08-31', '2026-09-07', '2026-09-14'])
  })

  it('show a weekend only when it is taught', () => {
    const special = [{ day: '2026-10-10', name: '补课', follows: 3 }, { day: '2026-10-11', name: '假', follows: null }]
    expect(shownDays('2026-10-05', [], special, CHINA).at(-1)).toBe('2026-10-10')
    expect(shownDays('2026-10-05', [], [], CHINA)).toHaveLength(5)
    expect(shownDays('2026-10-05', [lesson('a', '2026-10-11T01:00:00Z')], [], CHINA)).toHaveLength(6)
  })
})

describe('cells', () => {
  it('hold the lessons of a pairing and a day in the order of time', () => {
    const cells = cellsOf([lesson('b', '2026-11-23T02:00:00Z'), lesson('a', '2026-11-23T01:00:00Z'), lesson('c', '2026-11-23T01:00:00Z', 'p2')], (one) => dayOf(one.starts_at, CHINA))
    expect(cells.get('p1')?.get('2026-11-23')?.map((one) => one.id)).toEqual(['a', 'b'])
    expect(cells.get('p2')?.get('2026-11-23')?.map((one) => one.id)).toEqual(['c'])
  })

  it('tell both lessons of a clash', () => {
    const found = noticesBy([{ kind: 'teacher', lesson_id: 'a', other_id: 'b' } as never, { kind: 'holiday', lesson_id: 'c', other_id: null } as never])
    expect([...found.keys()]).toEqual(['a', 'b', 'c'])
  })
})
