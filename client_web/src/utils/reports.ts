/** Monthly reports as the page needs them. Pure. */
import type { Schemas } from '@/api/client'
import type { RowsQuery } from './boardRows'

export type ReportScope = Schemas['ReportAnswer']['scope']

/** `2026-11` of a day. */
export function monthOf(day: Date): string {
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}`
}

/** The day's month and those before it, the newest first. */
export function monthsBack(day: Date, count: number): string[] {
  return Array.from({ length: count }, (_, back) => monthOf(new Date(day.getFullYear(), day.getMonth() - back, 1)))
}

/** A value as text: of a pair the one of the page's language. */
export function saidOf(value: number | string | string[] | null, english: boolean): string {
  if (value === null) return ''
  return Array.isArray(value) ? (value[english ? 1 : 0] ?? '') : String(value)
}

/** What a figure opens, as the query of the rows. */
export function opensQuery(opens: Schemas['ReportOpens']): RowsQuery {
  return {
    from: opens.since,
    to: opens.until,
    ...(opens.school_id ? { school_id: opens.school_id } : {}),
    ...(opens.pairing_id ? { pairing_id: opens.pairing_id } : {}),
    ...(opens.subject_id ? { subject: opens.subject_id } : {}),
    ...(opens.standings.length ? { standing: opens.standings.join(',') } : {}),
  }
}
