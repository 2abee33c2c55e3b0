/**
 * Whether the server can be reached, asked while a session or a room has lost it: small requests, each on a fresh
 * connection where the last one hangs, so that the return is noticed within a second whatever TCP believes.
 */
import { onNetworkNews, type NetworkEvents } from './network'
import type { Fetch } from './resource'

export interface ReachOptions {
  fetch?: Fetch
  url?: string
  /** Where the browser tells that the network changed. */
  events?: NetworkEvents
}

/** ms between two requests. */
const EVERY = 700
/** Requests under way at once: the oldest has had 2.1 s, which is a TLS handshake over a satellite; a browser allows six. */
const AT_ONCE = 3

export class Reach {
  private readonly options: ReachOptions
  private readonly waiting = new Set<() => void>()
  private readonly asking: AbortController[] = []
  private timer: ReturnType<typeof setInterval> | undefined
  private deaf: (() => void) | null = null

  constructor(options: ReachOptions = {}) {
    this.options = options
  }

  /** Calls `back` once, when the server has answered a request made from now on. The returned function gives up. */
  wait(back: () => void): () => void {
    this.waiting.add(back)
    if (this.timer === undefined) this.begin()
    return () => {
      this.waiting.delete(back)
      if (this.waiting.size === 0) this.end()
    }
  }

  private readonly ask = (): void => {
    if (this.asking.length >= AT_ONCE) this.asking.shift()?.abort()
    const abort = new AbortController()
    this.asking.push(abort)
    const request = this.options.fetch ?? ((input, init) => fetch(input, init))
    request(this.options.url ?? '/healthz', { method: 'HEAD', cache: 'no-store', signal: abort.signal }).then(
      () => this.answered(abort),
      () => this.drop(abort),
    )
  }

  /** Any answer will do, also a refusal: it came from there. */
  private answered(abort: AbortController): void {
    if (!this.asking.includes(abort)) return
    const waiting = [...this.waiting]
    this.waiting.clear()
    this.end()
    for (const back of waiting) back()
  }

  private drop(abort: AbortController): void {
    const at = this.asking.indexOf(abort)
    if (at >= 0) this.asking.splice(at, 1)
  }

  private begin(): void {
    this.deaf = onNetworkNews(this.ask, this.options.events)
    this.timer = setInterval(this.ask, EVERY)
    this.ask()
  }

  private end(): void {
    this.deaf?.()
    this.deaf = null
    clearInterval(this.timer)
    this.timer = undefined
    for (const abort of this.asking.splice(0)) abort.abort()
  }
}

/** The page's own: sessions and room ask together. */
export const reach = new Reach()
