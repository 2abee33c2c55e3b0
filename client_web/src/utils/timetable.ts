/** The timetable's arithmetic: days of the county's clock, rows of pairings, what lies in which cell. Pure. */
import type { Schemas } from '@/api/client'

type Lesson = Schemas['LessonAnswer']

export const DAY_MS = 86_400_000
export const WEEK_MS = 7 * DAY_MS

/** The county's day of a moment, `2026-11-23`: days are the county's, wherever the browser stands. */
export function dayOf(at: string | number, offsetMinutes: number): string {
  const moment = typeof at === 'number' ? at : Date.parse(at)
  return new Date(moment + offsetMinutes * 60_000).toISOString().slice(0, 10)
}

/** `08:05` on the county's clock. */
export function timeOf(at: string, offsetMinutes: number): string {
  return new Date(Date.parse(at) + offsetMinutes * 60_000).toISOString().slice(11, 16)
}

/** The moment (ms) of a county's day and time. */
export function momentOf(day: string, time: string, offsetMinutes: number): number {
  return Date.parse(`${day}T${time}:00Z`) - offsetMinutes * 60_000
}

export function shiftDay(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** 1 Monday … 7 Sunday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7
}

export function mondayOf(day: string): string {
  return shiftDay(day, 1 - weekdayOf(day))
}

/** The days a week shows: Monday to Friday, and a weekend day with lessons or made up. */
export function shownDays(monday: string, lessons: readonly Lesson[], special: readonly Schemas['SpecialDay'][], offset: number): string[] {
  const busy = new Set([...lessons.map((lesson) => dayOf(lesson.starts_at, offset)), ...special.filter((one) => one.follows !== null).map((one) => one.day)])
  return Array.from({ length: 7 }, (_, n) => shiftDay(monday, n)).filter((day) => weekdayOf(day) <= 5 || busy.has(day))
}

/** Lessons by pairing and then by `key` (a day, or a week's Monday), in the order of time. */
export function cellsOf(lessons: readonly Lesson[], keyOf: (lesson: Lesson) => string): Map<string, Map<string, Lesson[]>> {
  const rows = new Map<string, Map<string, Lesson[]>>()
  for (const lesson of [...lessons].sort((one, other) => Date.parse(one.starts_at) - Date.parse(other.starts_at))) {
    const row = rows.get(lesson.pairing_id) ?? new Map<string, Lesson[]>()
    rows.set(lesson.pairing_id, row)
    const key = keyOf(lesson)
    row.set(key, [...(row.get(key) ?? []), lesson])
  }
  return rows
}

/** Mondays from a term's first week to its last. */
export function weeksOf(begins: string, ends: string): string[] {
  const weeks: string[] = []
  for (let monday = mondayOf(begins); monday <= ends; monday = shiftDay(monday, 7)) weeks.push(monday)
  return weeks
}

/** Notices by the lesson they are about (both lessons of a clash). */
export function noticesBy(notices: readonly Schemas['TimetableNotice'][]): Map<string, Schemas['TimetableNotice'][]> {
  const found = new Map<string, Schemas['TimetableNotice'][]>()
  for (const notice of notices) {
    for (const id of [notice.lesson_id, notice.other_id]) {
      if (id) found.set(id, [...(found.get(id) ?? []), notice])
    }
  }
  return found
}
