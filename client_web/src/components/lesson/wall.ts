/** Where each picture of the wall is, for each layout. Pure; the elements stay the same, so nothing restarts when the layout changes. */
import type { Layout } from '@/protocol/messages'

export interface WallNow {
  layout: Layout
  /** A screen is shared. */
  screen: boolean
  /** The classroom on stage that is to be shown (not this one itself), or null. */
  staged: string | null
  /** The wall is higher than wide: a phone. */
  portrait?: boolean
}

export interface Place {
  source: string
  /** % of the wall */
  left: number
  top: number
  width: number
  height: number
  inset: boolean
}

/** The share of the wall's width for the shared screen beside a face: text needs more room. */
const SCREEN_SHARE = 62
const INSET = 20
const EDGE = 1.2

/** % of an upright wall that pictures fill; below are the own picture and the buttons. */
const UPRIGHT_TOP = 7
const UPRIGHT_SHARE = 66
const UPRIGHT_INSET = { width: 34, height: 10 }

export function placesOf({ layout, screen, staged, portrait = false }: WallNow): Place[] {
  const mains = mainsOf(layout, screen, staged)
  const all = ['teacher', ...(screen ? ['screen'] : []), ...(staged ? [staged] : [])]
  const insets = all.filter((source) => !mains.includes(source))
  if (portrait) return upright(mains, insets)
  return [...large(mains), ...insets.map((source, index) => small(source, index))]
}

function mainsOf(layout: Layout, screen: boolean, staged: string | null): string[] {
  if (staged) return [staged, screen && layout !== 'teacher' ? 'screen' : 'teacher']
  if (!screen) return ['teacher']
  if (layout === 'both') return ['teacher', 'screen']
  return [layout]
}

function large(mains: string[]): Place[] {
  const widths = mains.length === 1 ? [100] : mains[1] === 'screen' ? [100 - SCREEN_SHARE, SCREEN_SHARE] : [50, 50]
  let left = 0
  return mains.map((source, index) => {
    const width = widths[index] ?? 50
    const place = { source, left, top: 0, width, height: 100, inset: false }
    left += width
    return place
  })
}

function small(source: string, index: number): Place {
  return { source, left: EDGE + index * (INSET + EDGE), top: 100 - INSET - EDGE * 2, width: INSET, height: INSET, inset: true }
}

/** One below the other, what is read above; the small ones in a row under them. */
function upright(mains: string[], insets: string[]): Place[] {
  const order = [...mains].sort((a, b) => Number(b === 'screen') - Number(a === 'screen'))
  const height = UPRIGHT_SHARE / order.length
  const below = UPRIGHT_TOP + UPRIGHT_SHARE + EDGE
  return [
    ...order.map((source, index) => ({ source, left: 0, top: UPRIGHT_TOP + index * height, width: 100, height, inset: false })),
    ...insets.map((source, index) => ({ source, left: EDGE + index * (UPRIGHT_INSET.width + EDGE), top: below, ...UPRIGHT_INSET, inset: true })),
  ]
}
