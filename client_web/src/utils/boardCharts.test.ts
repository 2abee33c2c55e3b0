import { describe, expect, it } from 'vitest'
import type { Schemas } from '@/api/client'
import { STANDINGS, dayOf, forecastChart, forecastOrder, paceChart, weeksChart, type Standing } from './boardCharts'

const ink = { ink: '#000', quiet: '#555', line: '#ccc', accent: '#00f', red: '#f00', surface: '#fff', font: 'serif' }
const none = { credited: 0, not_credited: 0, waiting: 0, missed: 0, cancelled: 0, planned: 0 }
const week = (begins: string, taught: number, left: number, standings: Partial<typeof none> = {}): Schemas['BoardWeek'] => ({
  begins, since: `${begins}T00:00:00Z`, until: '', taught_days: taught, left_days: left, standings: { ...none, ...standings },
})
const school = (id: string, weekly: number[], forecast: Schemas['ForecastAnswer'] | null, before = 0): Schemas['BoardSchool'] =>
  ({ school_id: id, total: before + weekly.reduce((sum, count) => sum + count, 0), weekly, forecast }) as Schemas['BoardSchool']
const board = {
  now: '2026-09-16T00:00:00Z',
  target_total: 20,
  weeks: [week('2026-09-01', 4, 0, { credited: 3, missed: 1 }), week('2026-09-07', 5, 0, { credited: 2 }), week('2026-09-14', 2, 3, { planned: 4 }), week('2026-09-21', 0, 5)],
} as Schemas['BoardAnswer']
const names = Object.fromEntries(STANDINGS.map((one) => [one, `«${one}»`])) as Record<Standing, string>
const words = { week: 'week', credited: 'credited', even: 'even', likely: 'likely', low: 'low', high: 'high' }

describe('the weeks', () => {
  it('are stacked by what became of them, without what nobody has, and say the same as a table', () => {
    const { option, figures } = weeksChart(board, names, 'week', ink)
    expect(figures.heads).toEqual(['week', '«credited»', '«missed»', '«planned»'])
    expect(figures.rows[0]).toEqual(['9-1', 3, 1, 0])
    const series = option.series as { name: string; data: number[] }[]
    expect(series.map((one) => one.data)).toEqual([[3, 2, 0, 0], [1, 0, 0, 0], [0, 0, 4, 0]])
    expect(dayOf('2026-12-07')).toBe('12-7')
  })
})

describe('the forecast', () => {
  const far = school('far', [3, 2, 0, 0], { low: 6, likely: 9, high: 13, chance: 0.01 })
  const near = school('near', [1, 1, 0, 0], { low: 2, likely: 4, high: 8, chance: 0 })
  const early = school('early', [5, 0, 0, 0], null)

  it('adds up to both ends of the interval, and to the total where nothing can be said', () => {
    const { option, figures } = forecastChart(board, [near, far, early], (one) => one.school_id, { school: 's', total: 't', surely: 'low', maybe: 'high', target: '20' }, ink)
    const [total, surely, maybe] = (option.series as { data: number[] }[]).map((one) => one.data)
    const at = forecastOrder([near, far, early]).map((one) => one.school_id)
    expect(at).toEqual(['near', 'early', 'far'])
    expect(total?.map((sum, index) => [sum, sum + (surely?.[index] ?? 0), sum + (surely?.[index] ?? 0) + (maybe?.[index] ?? 0)])).toEqual([[2, 2, 8], [5, 5, 5], [5, 6, 13]])
    expect(figures.rows).toEqual([['far', 5, 6, 13], ['early', 5, null, null], ['near', 2, 2, 8]])
  })

  it('goes from what is credited today to the ends at the deadline', () => {
    const { figures } = paceChart(board, school('one', [3, 2, 1, 0], { low: 7, likely: 9, high: 14, chance: 0 }, 1), words, ink)
    expect(figures.heads).toEqual(['week', 'even', 'credited', 'low', 'likely', 'high'])
    expect(figures.rows.map((row) => row[2])).toEqual([4, 6, 7, null])
    expect(figures.rows.map((row) => row[1])).toEqual([5, 10, 15, 20])
    expect(figures.rows[0]?.slice(3)).toEqual([null, null, null])
    expect(figures.rows[3]?.slice(3)).toEqual([7, 9, 14])
  })

  it('is left out where it is too early to say', () => {
    expect(paceChart(board, school('one', [3, 0, 0, 0], null), words, ink).figures.heads).toEqual(['week', 'even', 'credited'])
  })
})
