/** The board's charts as ECharts options, each with its figures as a table. Pure: words and colours are arguments. */
import type { ComposeOption } from 'echarts/core'
import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts'
import type { GridComponentOption, LegendComponentOption, TooltipComponentOption } from 'echarts/components'
import type { Schemas } from '@/api/client'

export type ChartOption = ComposeOption<BarSeriesOption | LineSeriesOption | GridComponentOption | LegendComponentOption | TooltipComponentOption>
export interface Figures {
  heads: string[]
  rows: (string | number | null)[][]
}
export interface Drawn {
  option: ChartOption
  figures: Figures
}
/** Colours as CSS values; ECharts knows no variables. */
export interface Ink {
  ink: string
  quiet: string
  line: string
  accent: string
  red: string
  surface: string
  font: string
}
export type Standing = Schemas['Standing']
type Board = Schemas['BoardAnswer']
type School = Schemas['BoardSchool']

export const STANDINGS: readonly Standing[] = ['credited', 'not_credited', 'waiting', 'missed', 'cancelled', 'planned']

/** How opaque the accent is for a standing: what counts is solid, what is only hoped for is faint. */
const TONES: Record<Standing, { colour: 'accent' | 'red' | 'quiet'; opacity: number }> = {
  credited: { colour: 'accent', opacity: 1 },
  not_credited: { colour: 'red', opacity: 0.85 },
  waiting: { colour: 'accent', opacity: 0.55 },
  missed: { colour: 'red', opacity: 0.5 },
  cancelled: { colour: 'quiet', opacity: 0.5 },
  planned: { colour: 'accent', opacity: 0.22 },
}

function basics(ink: Ink): ChartOption {
  return {
    animation: false,
    textStyle: { color: ink.ink, fontFamily: ink.font },
    grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
    tooltip: { trigger: 'axis', backgroundColor: ink.surface, borderColor: ink.line, textStyle: { color: ink.ink }, confine: true },
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12, textStyle: { color: ink.ink } },
  }
}

function axes(ink: Ink): { axisLine: object; axisLabel: object; splitLine: object } {
  return { axisLine: { lineStyle: { color: ink.line } }, axisLabel: { color: ink.quiet }, splitLine: { lineStyle: { color: ink.line } } }
}

/** `9-1` of `2026-09-01`. */
export const dayOf = (date: string): string => date.slice(5).split('-').map(Number).join('-')

/** Lessons of each week by what became of them, stacked; standings that nobody has are left out. */
export function weeksChart(board: Board, names: Record<Standing, string>, week: string, ink: Ink): Drawn {
  const shown = STANDINGS.filter((standing) => board.weeks.some((one) => one.standings[standing] > 0))
  const labels = board.weeks.map((one) => dayOf(one.begins))
  return {
    option: {
      ...basics(ink),
      xAxis: { type: 'category', data: labels, ...axes(ink) },
      yAxis: { type: 'value', minInterval: 1, ...axes(ink) },
      series: shown.map((standing) => ({
        type: 'bar',
        stack: 'lessons',
        name: names[standing],
        cursor: 'pointer',
        barMaxWidth: 28,
        itemStyle: { color: ink[TONES[standing].colour], opacity: TONES[standing].opacity },
        data: board.weeks.map((one) => one.standings[standing]),
      })),
    },
    figures: { heads: [week, ...shown.map((standing) => names[standing])], rows: board.weeks.map((one, at) => [labels[at] ?? '', ...shown.map((standing) => one.standings[standing])]) },
  }
}

export interface ForecastWords {
  school: string
  total: string
  surely: string
  maybe: string
  target: string
}

/** Each school's total, and on it where it will end: dark to the low end of the interval, light to its high end. */
export function forecastChart(board: Board, schools: readonly School[], name: (school: School) => string, words: ForecastWords, ink: Ink): Drawn {
  const drawn = forecastOrder(schools)
  const bar = (key: string, opacity: number, of: (school: School) => number, line = false): BarSeriesOption => ({
    type: 'bar',
    stack: 'total',
    name: key,
    cursor: 'pointer',
    barMaxWidth: 18,
    itemStyle: { color: ink.accent, opacity },
    data: drawn.map(of),
    ...(line ? { markLine: { silent: true, symbol: 'none', label: { formatter: words.target, color: ink.ink, position: 'end' as const }, lineStyle: { color: ink.red, type: 'dashed' as const }, data: [{ xAxis: board.target_total }] } } : {}),
  })
  return {
    option: {
      ...basics(ink),
      grid: { left: 8, right: 16, top: 52, bottom: 8, containLabel: true },
      xAxis: { type: 'value', minInterval: 1, max: (range: { max: number }) => Math.max(range.max, board.target_total + 2), ...axes(ink) },
      yAxis: { type: 'category', data: drawn.map(name), axisLine: { lineStyle: { color: ink.line } }, axisLabel: { color: ink.ink, width: 150, overflow: 'truncate' } },
      series: [
        bar(words.total, 1, (school) => school.total, true),
        bar(words.surely, 0.5, (school) => (school.forecast?.low ?? school.total) - school.total),
        bar(words.maybe, 0.2, (school) => (school.forecast ? school.forecast.high - school.forecast.low : 0)),
      ],
    },
    figures: {
      heads: [words.school, words.total, words.surely, words.maybe],
      rows: [...drawn].reverse().map((school) => [name(school), school.total, school.forecast?.low ?? null, school.forecast?.high ?? null]),
    },
  }
}

/** The schools in the order of the bars of `forecastChart`: a category axis is drawn from below, the furthest on top. */
export function forecastOrder(schools: readonly School[]): School[] {
  const end = (school: School): number => school.forecast?.likely ?? school.total
  return [...schools].sort((one, other) => end(one) - end(other))
}

export interface PaceWords {
  week: string
  credited: string
  even: string
  likely: string
  low: string
  high: string
}

/** One school's credited lessons adding up, the even pace, and from today on the forecast with both its ends. */
export function paceChart(board: Board, school: School, words: PaceWords, ink: Ink): Drawn {
  const weeks = board.weeks
  const labels = weeks.map((one) => dayOf(one.begins))
  const now = Date.parse(board.now)
  const past = weeks.map((one) => Date.parse(one.since) <= now)
  const before = school.total - school.weekly.reduce((sum, count) => sum + count, 0)
  let sum = before
  const credited = weeks.map((_, at) => ((sum += school.weekly[at] ?? 0), past[at] ? sum : null))
  const even = weeks.map((_, at) => Math.round((board.target_total * (at + 1) * 10) / weeks.length) / 10)
  const left = weeks.reduce((days, one) => days + one.left_days, 0)
  const ends = school.forecast
  let gone = 0
  const toward = (end: number | undefined): (number | null)[] => {
    gone = 0
    return weeks.map((one, at) => {
      gone += one.left_days
      if (end === undefined || !left || (past[at] && at + 1 < weeks.length && past[at + 1])) return null
      return Math.round((school.total + ((end - school.total) * gone) / left) * 10) / 10
    })
  }
  const lines: [string, (number | null)[], LineSeriesOption][] = [
    [words.even, even, { lineStyle: { color: ink.quiet, type: 'dashed', width: 1.5 }, itemStyle: { color: ink.quiet } }],
    [words.credited, credited, { step: 'end', lineStyle: { color: ink.accent, width: 3 }, itemStyle: { color: ink.accent } }],
    ...(ends && left
      ? ([
          [words.low, toward(ends.low), { lineStyle: { color: ink.accent, type: 'dotted', width: 1.5 }, itemStyle: { color: ink.accent, opacity: 0.4 } }],
          [words.likely, toward(ends.likely), { lineStyle: { color: ink.accent, type: 'dashed', width: 2 }, itemStyle: { color: ink.accent, opacity: 0.7 } }],
          [words.high, toward(ends.high), { lineStyle: { color: ink.accent, type: 'dotted', width: 1.5 }, itemStyle: { color: ink.accent, opacity: 0.4 } }],
        ] satisfies [string, (number | null)[], LineSeriesOption][])
      : []),
  ]
  return {
    option: {
      ...basics(ink),
      grid: { left: 8, right: 16, top: 56, bottom: 8, containLabel: true },
      xAxis: { type: 'category', data: labels, ...axes(ink) },
      yAxis: { type: 'value', minInterval: 1, ...axes(ink) },
      series: lines.map(([name, data, style]) => ({ type: 'line', name, data, showSymbol: false, ...style })),
    },
    figures: { heads: [words.week, ...lines.map(([name]) => name)], rows: labels.map((label, at) => [label, ...lines.map(([, data]) => data[at] ?? null)]) },
  }
}
