/** Lines of a survey's results as rows of a table and as shares to draw. */
import type { Schemas } from '@/api/client'

export type Line = Schemas['ResultLine']

/** Identifies a line within one survey. */
export const keyOf = (line: Line): string => [line.kind, line.school_id ?? '', line.group_id ?? '', line.of_total].join(' ')

/** 0 for the total, 1 for a school (and the rest of the schools), 2 for a group. */
export function depthOf(line: Line): number {
  if (line.kind === 'total') return 0
  return line.kind === 'school' || line.of_total ? 1 : 2
}

/** Shares of each choice, 0 to 1; all 0 where nobody answered. */
export function sharesOf(counts: readonly number[]): number[] {
  const sum = counts.reduce((all, one) => all + one, 0)
  return counts.map((one) => (sum ? one / sum : 0))
}

/** Satisfied of those who answered, 0 to 1; null where it is not shown or nobody answered. */
export function rateOf(line: Line): number | null {
  return line.satisfied === null || !line.answered ? null : line.satisfied / line.answered
}
