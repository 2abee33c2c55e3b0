/** What a page wants of each source it plays: how large it is shown, and what the person chose; said to the server calmly. Pure. */

/** By size and line, at most a layer, or the sound alone. */
export type Choice = 'auto' | 'high' | 'medium' | 'low' | 'sound'
export const CHOICES: readonly Choice[] = ['auto', 'high', 'medium', 'low', 'sound']
export const isChoice = (value: unknown): value is Choice => CHOICES.includes(value as Choice)

export interface Wish {
  source: string
  /** Device pixels; 0: not shown. */
  height: number
  choice: Choice
}

interface Box {
  width: number
  height: number
}

/** Most pictures are 16:9; taken until the first frame says otherwise. */
const WIDE: Box = { width: 16, height: 9 }
/** Heights are told in these steps, device pixels: a pixel more or less changes no layer. */
const STEP = 30

/** The height (device pixels, rounded up to a step) at which a picture stands in a box of CSS pixels. */
export function shownHeight(box: Box, picture: Box | null, fit: 'contain' | 'cover', ratio: number): number {
  const { width, height } = picture && picture.width > 0 && picture.height > 0 ? picture : WIDE
  const byWidth = (box.width * height) / width
  const css = fit === 'contain' ? Math.min(box.height, byWidth) : Math.max(box.height, byWidth)
  return css <= 0 ? 0 : Math.ceil((css * ratio) / STEP) * STEP
}

/** At most this many in one go, and a second (ms) until the next: the room closes pages that talk without end. */
const AT_ONCE = 8
const PAUSE = 1000
/** ms to wait for what else changes; a picture that goes out of sight must stay out for a while, because people switch windows. */
const SETTLE = 300
const HIDE_AFTER = 4000

interface Held {
  wish: Wish
  /** The newest size, not yet counted. */
  dueAt: number
  told: string | null
}

/** All wishes of a page. `due(now)` hands out what is to be said and `nextAt` tells when to ask again (ms; null: nothing waits). */
export class WishBook {
  private readonly held = new Map<string, Held>()
  private quietUntil = 0

  /** A source is shown like this now. */
  set(wish: Wish, now: number): void {
    const known = this.held.get(wish.source)
    if (known && key(known.wish) === key(wish)) return
    const hides = wish.height === 0 && known !== undefined && known.wish.height > 0 && known.wish.choice === wish.choice
    this.held.set(wish.source, { wish, dueAt: now + (hides ? HIDE_AFTER : SETTLE), told: known?.told ?? null })
  }

  /** A source is played no more. */
  forget(source: string): void {
    this.held.delete(source)
  }

  /** Say it again: the server has forgotten (another worker, another room connection). Without a source: everything. */
  again(now: number, source?: string): void {
    for (const [name, one] of this.held) {
      if (source !== undefined && source !== name) continue
      one.told = null
      one.dueAt = Math.min(one.dueAt, now)
    }
  }

  due(now: number): Wish[] {
    if (now < this.quietUntil) return []
    const found = this.waiting().filter((one) => one.dueAt <= now).slice(0, AT_ONCE)
    for (const one of found) one.told = key(one.wish)
    if (found.length > 0) this.quietUntil = now + PAUSE
    return found.map((one) => one.wish)
  }

  get nextAt(): number | null {
    const waiting = this.waiting()
    return waiting.length === 0 ? null : Math.max(this.quietUntil, Math.min(...waiting.map((one) => one.dueAt)))
  }

  private waiting(): Held[] {
    return [...this.held.values()].filter((one) => one.told !== key(one.wish))
  }
}

const key = (wish: Wish): string => `${wish.height} ${wish.choice}`
