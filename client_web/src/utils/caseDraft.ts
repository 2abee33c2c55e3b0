/** A draft of an exemplary case as this page holds it, and how two people's changes are put together. Pure. */
import type { Schemas } from '@/api/client'

export type Case = Schemas['CaseAnswer']
export type Section = Schemas['Section']
export type CaseState = Schemas['CaseState']

export const SECTIONS: readonly Section[] = ['summary', 'background', 'design', 'process', 'effect', 'reflection']
/** Characters, as the server counts them. */
export const MOST_TEXT = 6000
export const MOST_TITLE = 100
export const MOST_CAPTION = 120
export const MOST_PICTURES = 12

export interface DraftPicture {
  id: string
  section: Section
  caption: string
  url: string
}

export interface Draft {
  title: string
  texts: Record<Section, string>
  author_ids: string[]
  recording_id: string | null
  material_ids: string[]
  pictures: DraftPicture[]
}

export interface Backup {
  /** The draft that the server had when this one was made from it. */
  base: Draft
  draft: Draft
}

/** A text that two people changed in different ways; `field`: `title` or a section. */
export interface Clash {
  field: 'title' | Section
  mine: string
  theirs: string
}

export function draftOf(kase: Case): Draft {
  return {
    title: kase.title,
    texts: Object.fromEntries(SECTIONS.map((section) => [section, kase.texts[section] ?? ''])) as Record<Section, string>,
    author_ids: kase.authors.map((author) => author.id),
    recording_id: kase.recording_id,
    material_ids: [...kase.material_ids],
    pictures: kase.pictures.map((picture) => ({ ...picture })),
  }
}

/** Whether the two say the same; blanks at the ends are not kept by the server. */
export function sameDraft(one: Draft, other: Draft): boolean {
  return said(one) === said(other)
}

function said(draft: Draft): string {
  const pictures = draft.pictures.map(({ id, section, caption }) => [id, section, caption.trim()])
  return JSON.stringify([draft.title.trim(), SECTIONS.map((section) => draft.texts[section].trim()), draft.author_ids, draft.recording_id, draft.material_ids, pictures])
}

/**
 * My changes since `base` put onto `theirs`. What only one of us changed is taken from whoever did; where both changed
 * the same text in different ways it stays mine and is told as a clash, to be decided by a person.
 */
export function merge(base: Draft, mine: Draft, theirs: Draft): { draft: Draft; clashes: Clash[]; taken: ('title' | Section)[] } {
  const clashes: Clash[] = []
  const taken: ('title' | Section)[] = []

  function text(field: 'title' | Section, was: string, own: string, other: string): string {
    if (own.trim() === other.trim() || other.trim() === was.trim()) return own
    if (own.trim() === was.trim()) {
      taken.push(field)
      return other
    }
    clashes.push({ field, mine: own, theirs: other })
    return own
  }

  const draft: Draft = {
    title: text('title', base.title, mine.title, theirs.title),
    texts: Object.fromEntries(SECTIONS.map((section) => [section, text(section, base.texts[section], mine.texts[section], theirs.texts[section])])) as Record<Section, string>,
    author_ids: united(base.author_ids, mine.author_ids, theirs.author_ids),
    recording_id: mine.recording_id === base.recording_id ? theirs.recording_id : mine.recording_id,
    material_ids: united(base.material_ids, mine.material_ids, theirs.material_ids),
    pictures: pictures(base.pictures, mine.pictures, theirs.pictures),
  }
  return { draft, clashes, taken }
}

/** Theirs, without what I took out, with what I put in. */
function united(base: readonly string[], mine: readonly string[], theirs: readonly string[]): string[] {
  const kept = theirs.filter((one) => mine.includes(one) || !base.includes(one))
  return [...kept, ...mine.filter((one) => !base.includes(one) && !kept.includes(one))]
}

function pictures(base: readonly DraftPicture[], mine: readonly DraftPicture[], theirs: readonly DraftPicture[]): DraftPicture[] {
  const by = (list: readonly DraftPicture[]): Map<string, DraftPicture> => new Map(list.map((one) => [one.id, one]))
  const [was, own, other] = [by(base), by(mine), by(theirs)]
  return united([...was.keys()], [...own.keys()], [...other.keys()]).map((id) => {
    const [before, ours, others] = [was.get(id), own.get(id), other.get(id)]
    if (!ours || !others) return (ours ?? others) as DraftPicture
    const changed = ours.caption !== before?.caption || ours.section !== before.section
    return changed ? ours : others
  })
}

/** How a clash can be settled. */
export type Choice = 'mine' | 'theirs' | 'both'

export function settled(clash: Clash, choice: Choice): string {
  if (choice === 'both') return clash.field === 'title' ? `${clash.theirs} ${clash.mine}` : `${clash.theirs}\n\n${clash.mine}`
  return clash[choice]
}

/** What was kept in this browser, or null when it is nothing of ours. */
export function readBackup(text: string | null): Backup | null {
  if (!text) return null
  try {
    const { base, draft } = JSON.parse(text) as Partial<Backup>
    return isDraft(base) && isDraft(draft) ? { base, draft } : null
  } catch {
    return null
  }
}

function isDraft(value: Partial<Draft> | undefined): value is Draft {
  return (
    typeof value?.title === 'string' &&
    SECTIONS.every((section) => typeof value.texts?.[section] === 'string') &&
    [value.author_ids, value.material_ids, value.pictures].every(Array.isArray) &&
    (value.recording_id === null || typeof value.recording_id === 'string')
  )
}

/** Characters of all sections. */
export function written(draft: Draft): number {
  return SECTIONS.reduce((sum, section) => sum + draft.texts[section].trim().length, 0)
}
