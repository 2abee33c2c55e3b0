/** The board's figures as the page and the export need them. Pure. */
import type { Schemas } from '@/api/client'

type Board = Schemas['BoardAnswer']
type BoardSchool = Schemas['BoardSchool']

/** How dark a cell is, 0..1: its share of the target. */
export function heatOf(credited: number, target: number): number {
  return target > 0 ? Math.max(0, Math.min(1, credited / target)) : 0
}

export type BoardColumn = 'school' | 'total' | 'reached' | 'pace' | 'forecast' | 'others' | 'lost' | { subject: string }

/** The figure of a school in a column, to sort by; what is not known comes last either way. */
function figureOf(school: BoardSchool, column: Exclude<BoardColumn, 'school'>): number | null {
  if (typeof column === 'object') return school.subjects.find((cell) => cell.subject_id === column.subject)?.credited ?? 0
  if (column === 'total') return school.total
  if (column === 'reached') return school.subjects_reached
  if (column === 'pace') return school.pace_needed_per_week
  if (column === 'forecast') return school.forecast?.likely ?? null
  // One form that reaches its target is enough: the furthest one says how far the school is.
  if (column === 'others') return Math.max(0, ...school.forms.map((each) => each.credited))
  return lostOf(school)
}

/** Lessons that were lost: not credited, missed, cancelled. */
export function lostOf(school: BoardSchool): number {
  return school.losses.reduce((sum, loss) => sum + loss.count, 0)
}

/** Schools by a column, the greatest first when `down`; equals keep the board's order. */
export function sortedBy(schools: readonly BoardSchool[], column: BoardColumn, down: boolean, nameOf: (school: BoardSchool) => string, language: string): BoardSchool[] {
  const sign = down ? -1 : 1
  if (column === 'school') return [...schools].sort((one, other) => sign * nameOf(one).localeCompare(nameOf(other), language))
  return [...schools].sort((one, other) => {
    const [here, there] = [figureOf(one, column), figureOf(other, column)]
    if (here === null || there === null) return Number(here === null) - Number(there === null)
    return sign * (here - there)
  })
}

/** Who is behind, the furthest first. */
export function behindFirst(board: Board): BoardSchool[] {
  return board.schools.filter((school) => school.behind).sort((one, other) => one.total - other.total)
}

export interface RowsQuery {
  year?: number
  from?: string
  to?: string
  school_id?: string
  pairing_id?: string
  subject?: string
  standing?: string
  code?: string
}

/** The year's lessons of one school, in one subject if it is named. */
export function rowsOf(year: number, schoolId: string, subjectId: string | null, standing?: string): RowsQuery {
  return { year, school_id: schoolId, ...(subjectId ? { subject: subjectId } : {}), ...(standing ? { standing } : {}) }
}

/** What was lost, as the query says it. */
export const LOST = 'not_credited,missed,cancelled'
