/** What stands in a lesson's ledger rows. Pure. */
import type { Schemas } from '@/api/client'

type Entry = Schemas['LedgerAnswer']

/** Entries that no other entry reverses and that are no reversals themselves: the credits a person could reverse. */
export function reversible(entries: readonly Entry[]): Set<string> {
  const reversed = new Set(entries.map((entry) => entry.reverses).filter((id) => id !== null))
  return new Set(entries.filter((entry) => entry.amount > 0 && !reversed.has(entry.id)).map((entry) => entry.id))
}

/** Sum per school of one lesson: 1 credited, 0 not. */
export function standingOf(entries: readonly Entry[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const entry of entries) sums.set(entry.school_id, (sums.get(entry.school_id) ?? 0) + entry.amount)
  return sums
}
