/** Changes to a form while it is edited. Pure but for the ids, which only need to differ within one form. */
import type { Schemas } from '@/api/client'

export type Rubric = Schemas['RubricBody']

export function weightsOf(rubric: Rubric): number {
  return rubric.parts.reduce((sum, part) => sum + (Number.isFinite(part.weight) ? part.weight : 0), 0)
}

/** `item-3`: the first that no part or item has. */
export function freshId(rubric: Rubric, prefix: 'part' | 'item'): string {
  const taken = new Set(rubric.parts.flatMap((part) => [part.id, ...part.items.map((item) => item.id)]))
  let n = 1
  while (taken.has(`${prefix}-${n}`)) n += 1
  return `${prefix}-${n}`
}

/** The list with the entry at `index` moved by one; as it was at its ends. */
export function moved<T>(list: readonly T[], index: number, by: 1 | -1): T[] {
  const to = index + by
  const next = [...list]
  if (to < 0 || to >= list.length) return next
  const [entry] = next.splice(index, 1)
  next.splice(to, 0, entry as T)
  return next
}

/** Names in the other language that were left empty are the Chinese ones, so that nothing is shown blank. */
export function completed(rubric: Rubric): Rubric {
  const named = <T extends { name: string; name_en: string }>(thing: T): T => ({ ...thing, name: thing.name.trim(), name_en: thing.name_en.trim() || thing.name.trim() })
  return {
    ...named(rubric),
    parts: rubric.parts.map((part) => ({ ...named(part), items: part.items.map(named) })),
    bands: [...rubric.bands].map(named).sort((a, b) => b.at - a.at),
  }
}
