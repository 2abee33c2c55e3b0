/** Watches how large each played source is shown and what the person chose for it, and says so to the lesson's room. */
import { onScopeDispose, shallowReactive } from 'vue'
import { isChoice, shownHeight, WishBook, type Choice, type Wish } from '@/media/wishes'
import { recall, remember } from '@/utils/memory'

type Fit = 'contain' | 'cover'

interface Shown {
  source: string
  fit: Fit
  onScreen: boolean
  stop: () => void
}

/** `say` tells the room; what it cannot tell now is said again when the room is open (`again`). */
export function useWishes(say: (wish: Wish) => unknown) {
  const book = new WishBook()
  const choices = shallowReactive(new Map<string, Choice>())
  const shown = new Map<HTMLVideoElement, Shown>()
  let timer: ReturnType<typeof setTimeout> | undefined

  const sizes = new ResizeObserver((entries) => entries.forEach((entry) => look(entry.target)))
  const sights = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const one = shown.get(target as HTMLVideoElement)
      if (one) one.onScreen = isIntersecting
      look(target)
    }
  })

  function look(element: Element): void {
    const one = shown.get(element as HTMLVideoElement)
    if (one) note(one.source)
  }

  /** The largest of a source's pictures counts. */
  function note(source: string): void {
    let height = 0
    for (const [element, one] of shown) if (one.source === source) height = Math.max(height, heightOf(element, one))
    book.set({ source, height, choice: choiceOf(source) }, performance.now())
    arm()
  }

  function heightOf(element: HTMLVideoElement, { fit, onScreen }: Shown): number {
    if (!onScreen || document.visibilityState === 'hidden') return 0
    const picture = { width: element.videoWidth, height: element.videoHeight }
    return shownHeight({ width: element.clientWidth, height: element.clientHeight }, picture, fit, window.devicePixelRatio)
  }

  function arm(): void {
    clearTimeout(timer)
    const { nextAt } = book
    if (nextAt !== null) timer = setTimeout(tell, Math.max(0, nextAt - performance.now()) + 5)
  }

  function tell(): void {
    for (const wish of book.due(performance.now())) say(wish)
    arm()
  }

  function show(source: string, element: HTMLVideoElement, fit: Fit): () => void {
    shown.get(element)?.stop()
    const resized = (): void => note(source)
    element.addEventListener('resize', resized)
    const stop = (): void => {
      element.removeEventListener('resize', resized)
      sizes.unobserve(element)
      sights.unobserve(element)
      if (shown.get(element)?.stop === stop) shown.delete(element)
      note(source)
    }
    shown.set(element, { source, fit, onScreen: true, stop })
    sizes.observe(element)
    sights.observe(element)
    return stop
  }

  function choiceOf(source: string): Choice {
    const chosen = choices.get(source)
    if (chosen) return chosen
    const kept = recall(memoryKey(source))
    return isChoice(kept) ? kept : 'auto'
  }

  const lookAll = (): void => shown.forEach((one) => note(one.source))
  document.addEventListener('visibilitychange', lookAll)
  window.addEventListener('resize', lookAll)
  onScopeDispose(() => {
    clearTimeout(timer)
    sizes.disconnect()
    sights.disconnect()
    document.removeEventListener('visibilitychange', lookAll)
    window.removeEventListener('resize', lookAll)
  })

  return {
    show,
    choiceOf,
    choose: (source: string, choice: Choice): void => {
      choices.set(source, choice)
      remember(memoryKey(source), choice)
      note(source)
    },
    /** The server has forgotten: a new worker's session of this source, or a new connection of the room (no source: everything). */
    again: (source?: string): void => {
      book.again(performance.now(), source)
      arm()
    },
    forget: (source: string): void => book.forget(source),
  }
}

export type Wishes = ReturnType<typeof useWishes>

/** Remembered per source: the classroom with the thin line stays small after a reload too. */
const memoryKey = (source: string): string => `tongke.picture.${source}`
