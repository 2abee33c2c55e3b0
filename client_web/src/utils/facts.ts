/** Facts of the evaluation as people read them, and what a slider may do with one. Pure. */
import type { Schemas } from '@/api/client'

type Fact = Schemas['FactAnswer']

export interface FactWords {
  yes: string
  no: string
  unknown: string
  notYet: string
  allForms: string
  form: (name: string) => string
  subject: (id: string) => string
  list: (items: readonly string[]) => string
}

/** A value of any kind; `kind` is the fact's or its column's. */
export function valueText(value: unknown, kind: string, words: FactWords): string {
  if (kind === 'date') return typeof value === 'string' ? value : words.notYet
  if (value === null || value === undefined) return words.unknown
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (kind === 'percent' && typeof value === 'number') return `${shortNumber(value)}%`
  if (typeof value === 'number') return shortNumber(value)
  if (Array.isArray(value)) {
    if (kind === 'forms') return value.length ? words.list(value.map((one) => words.form(String(one)))) : words.allForms
    return value.length ? words.list(value.map(String)) : '–'
  }
  if (typeof value === 'object') {
    const parts = Object.entries(value as Record<string, number>).map(([id, n]) => `${words.subject(id)} ${n}`)
    return parts.length ? words.list(parts) : '0'
  }
  return String(value)
}

/** At most two decimals, none where there are none. */
export function shortNumber(value: number): string {
  return String(Math.round(value * 100) / 100)
}

export interface Slider {
  name: string
  label: string
  label_en: string
  kind: 'count' | 'percent' | 'flag'
  max: number
  value: number | boolean
}

/** The facts that can be dragged, each once, in the order of the papers. A count may go to twice what it is, 20 at least. */
export function slidersOf(papers: readonly Schemas['PaperAnswer'][]): Slider[] {
  const found = new Map<string, Slider>()
  for (const paper of papers) {
    for (const item of paper.sections.flatMap((section) => section.items)) {
      for (const fact of item.facts) {
        const slider = sliderOf(fact)
        if (slider && !found.has(fact.name)) found.set(fact.name, slider)
      }
    }
  }
  return [...found.values()]
}

function sliderOf(fact: Fact): Slider | null {
  const { name, label, label_en, value } = fact
  if (fact.kind === 'flag') return { name, label, label_en, kind: 'flag', max: 1, value: value === true }
  if (fact.kind !== 'count' && fact.kind !== 'percent') return null
  const now = typeof value === 'number' ? value : 0
  return { name, label, label_en, kind: fact.kind, max: fact.kind === 'percent' ? 100 : Math.max(20, now * 2), value: now }
}

/** What is typed for a list of peers: `3, 1，0` → [3, 1, 0]; null if it is not such a list. */
export function countsTyped(text: string): number[] | null {
  const parts = text.split(/[,，、\s]+/).filter(Boolean)
  return parts.every((part) => /^\d{1,6}$/.test(part)) ? parts.map(Number) : null
}
