/** Which sources of a recording are seen, how large, and which are heard. Pure. */

export const LAYOUTS = ['side', 'inset', 'one'] as const
/** All beside each other; one large with the others small upon it; one alone. */
export type Layout = (typeof LAYOUTS)[number]

/** What somebody wants to see, of this recording and of the next. */
export interface Wish {
  layout: Layout
  /** The large one; null: the screen, because it is read, else the teacher. */
  large: string | null
  /** Neither seen nor heard. */
  hidden: readonly string[]
}

export interface Arrangement {
  layout: Layout
  large: string | null
  /** In the order of `sources`. */
  seen: string[]
  /** A source that has no room is heard all the same: one follows a lesson by its voices. */
  heard: string[]
}

export const USUAL: Wish = { layout: 'side', large: null, hidden: [] }

/** Small pictures upon the large one: more would cover it. */
const INSETS = 3
/** A source has its place; what is in no list comes last. */
const ORDER = ['teacher', 'screen']

export function ordered(sources: Iterable<string>): string[] {
  const rank = (source: string): number => (ORDER.includes(source) ? ORDER.indexOf(source) : ORDER.length)
  return [...new Set(sources)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
}

/** `sources` as `ordered` gives them. */
export function arrange(sources: readonly string[], wish: Wish): Arrangement {
  const heard = sources.filter((source) => !wish.hidden.includes(source))
  const large = [wish.large, 'screen', 'teacher', heard[0]].find((source) => source && heard.includes(source)) ?? null
  const small = heard.filter((source) => source !== large)
  const seen = { side: heard, inset: heard.filter((source) => source === large || small.indexOf(source) < INSETS), one: heard.filter((source) => source === large) }[wish.layout]
  return { layout: seen.length > 1 ? wish.layout : 'one', large, seen, heard }
}

/** What was remembered of a wish; the usual one where that is none. */
export function parseWish(text: string | null): Wish {
  try {
    const { layout, large, hidden } = JSON.parse(text ?? '') as Record<string, unknown>
    return {
      layout: LAYOUTS.find((one) => one === layout) ?? USUAL.layout,
      large: typeof large === 'string' ? large : null,
      hidden: Array.isArray(hidden) ? hidden.filter((one) => typeof one === 'string') : [],
    }
  } catch {
    return USUAL
  }
}
