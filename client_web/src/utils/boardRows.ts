/** The board's figures as the page and the export need them. Pure. */
import type { Schemas } from '@/api/client'

type Board = Schemas['BoardAnswer']
type BoardSchool = Schemas['BoardSchool']

/** How dark a cell is, 0..1: its share of the target. */
export function heatOf(credited: number, target: number): number {
  return target > 0 ? Math.max(0, Math.min(1, credited / target)) : 0
}

export interface BoardWords {
  school: string
  total: string
  reached: string
  pace: string
  behind: string
}

/** Rows for the CSV: a head, then one per school. */
export function boardSheet(
  board: Board,
  words: BoardWords,
  schoolName: (school: BoardSchool) => string,
  subjectName: (subject: Schemas['SubjectAnswer']) => string,
): (string | number | null)[][] {
  const head = [words.school, ...board.subjects.map(subjectName), `${words.total} (${board.target_total})`, `${words.reached} (${board.target_subjects})`, words.pace, words.behind]
  return [head, ...board.schools.map((school) => [schoolName(school), ...creditedOf(board, school), school.total, school.subjects_reached, school.pace_needed_per_week, school.behind ? words.behind : ''])]
}

/** Credited per subject, in the board's order of subjects. */
export function creditedOf(board: Board, school: BoardSchool): number[] {
  return board.subjects.map((subject) => school.subjects.find((cell) => cell.subject_id === subject.id)?.credited ?? 0)
}

/** Who is behind, the furthest first. */
export function behindFirst(board: Board): BoardSchool[] {
  return board.schools.filter((school) => school.behind).sort((one, other) => one.total - other.total)
}

/** Lessons of a school split into those that stand credited for it and the others. `rows`: all ledger rows of the school. */
export function splitByStanding<L extends { id: string }>(lessons: readonly L[], rows: readonly { lesson_id: string; amount: number }[]): { counted: L[]; others: L[] } {
  const sums = new Map<string, number>()
  for (const row of rows) sums.set(row.lesson_id, (sums.get(row.lesson_id) ?? 0) + row.amount)
  const stands = (lesson: L): boolean => (sums.get(lesson.id) ?? 0) > 0
  return { counted: lessons.filter(stands), others: lessons.filter((lesson) => !stands(lesson)) }
}
