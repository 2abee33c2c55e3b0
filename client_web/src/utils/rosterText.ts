/** Roster values as people read and write them. Pure. */
import type { Schemas } from '@/api/client'

type Field = Schemas['FieldAnswer']
type Entry = Pick<Schemas['EntryAnswer'], 'values' | 'labels'>
type Value = Schemas['EntryAnswer']['values'][string]

export const titleOf = (thing: { title: string; title_en: string }, english: boolean): string => (english ? thing.title_en : thing.title)
export const helpOf = (field: Field, english: boolean): string => (english ? field.help_en : field.help)

/** A value in words; "" when there is none. */
export function wordsOf(field: Field, entry: Entry, english: boolean): string {
  const value = entry.values[field.key]
  if (value === null || value === undefined) return ''
  if (field.type === 'ref') return entry.labels[field.key] ?? String(value)
  if (field.type === 'choice') {
    const choice = field.choices.find((one) => one.value === value)
    return choice ? titleOf(choice, english) : String(value)
  }
  return Array.isArray(value) ? value.join(english ? ', ' : '、') : String(value)
}

/** An entry as others choose it: by name and username, a pairing by its number and schools. */
export function optionOf(entry: Entry): string {
  const { name, username, number } = entry.values
  const schools = [entry.labels['supporting_school_id'], entry.labels['receiving_school_id']].filter(Boolean).join(' — ')
  return [name ?? number, username, schools].filter(Boolean).join(' · ')
}

/** What a form's control holds. */
export function heldOf(value: Value | undefined): string {
  if (value === null || value === undefined) return ''
  return Array.isArray(value) ? value.join('、') : String(value)
}

/** Fields whose control holds something else than the entry does. */
export function changedOf(fields: readonly Field[], held: Readonly<Record<string, string>>, values: Schemas['EntryAnswer']['values']): Record<string, string | null> {
  return Object.fromEntries(
    fields.filter((field) => (held[field.key] ?? '') !== heldOf(values[field.key])).map((field) => [field.key, held[field.key]?.trim() || null]),
  )
}
