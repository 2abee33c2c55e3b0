/** A draft of an observation as this page holds it, and what this browser keeps of it until the server has it. Pure. */
import type { Schemas } from '@/api/client'

export type Sheet = Schemas['SheetAnswer']
export type RemarkKind = Schemas['RemarkKind']

export interface DraftRemark {
  key: string
  /** RFC 3339, the instant of the lesson. */
  moment: string
  kind: RemarkKind
  text: string
}

export interface Draft {
  /** By item id; null: could not be judged. */
  marks: Record<string, number | null>
  remarks: DraftRemark[]
  highlights: string
  suggestions: string
}

export interface Backup {
  /** The server's version that the draft was made from. */
  version: number
  draft: Draft
}

export const REMARK_KINDS: readonly RemarkKind[] = ['praise', 'question', 'suggestion', 'note']

export function draftOf(sheet: Sheet): Draft {
  return {
    marks: { ...sheet.marks },
    remarks: sheet.remarks.map(({ key, moment, kind, text }) => ({ key, moment, kind, text })),
    highlights: sheet.highlights,
    suggestions: sheet.suggestions,
  }
}

/** Whether the two say the same: in what order marks were given is no difference. */
export function sameDraft(one: Draft, other: Draft): boolean {
  return said(one) === said(other)
}

function said(draft: Draft): string {
  const marks = Object.entries(draft.marks).sort(([a], [b]) => a.localeCompare(b))
  const remarks = draft.remarks
    .filter((remark) => remark.text.trim())
    .map(({ key, moment, kind, text }) => [key, Date.parse(moment), kind, text.trim()] as const)
    .sort((a, b) => a[1] - b[1] || a[0].localeCompare(b[0]))
  return JSON.stringify([marks, remarks, draft.highlights.trim(), draft.suggestions.trim()])
}

/** What was kept, or null when it is nothing of ours. */
export function readBackup(text: string | null): Backup | null {
  if (!text) return null
  try {
    const { version, draft } = JSON.parse(text) as Partial<Backup>
    const whole = typeof version === 'number' && draft && typeof draft.marks === 'object' && Array.isArray(draft.remarks)
    return whole && typeof draft.highlights === 'string' && typeof draft.suggestions === 'string' ? { version, draft } : null
  } catch {
    return null
  }
}

/** What to begin with: `restored` goes to the server, `apart` asks the person which of the two it is to be. */
export function beginWith(sheet: Sheet, backup: Backup | null): 'server' | 'restored' | 'apart' {
  if (!backup || sheet.state !== 'draft' || sameDraft(backup.draft, draftOf(sheet))) return 'server'
  return backup.version === sheet.version ? 'restored' : 'apart'
}

/** Marks to press for an item: all of it, four fifths, three fifths, two fifths, in halves. */
export function quickMarks(full: number): number[] {
  return [...new Set([1, 0.8, 0.6, 0.4].map((share) => Math.round(full * share * 2) / 2))]
}

/** The mark that was typed, held within its item and in halves; undefined when nothing was. */
export function typedMark(text: string, full: number): number | undefined {
  const value = Number.parseFloat(text.replace(',', '.'))
  return Number.isFinite(value) ? Math.min(full, Math.max(0, Math.round(value * 2) / 2)) : undefined
}
