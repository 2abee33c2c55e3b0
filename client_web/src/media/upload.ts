/**
 * Sends one file piece by piece (the server's offset is the truth), grows the pieces on a good line and shrinks them on a bad one,
 * waits while there is no line, and goes on where it stopped. Knows no Vue; the network is an argument.
 */
export interface Sent {
  offset: number
  ready: boolean
}

export interface UploadWire<T extends Sent> {
  /** Sends bytes from `offset` on. Throws Refused for an answer that is no success, anything else when there is no line. */
  append: (offset: number, piece: Blob, signal: AbortSignal) => Promise<T>
  /** What the server has. */
  state: (signal: AbortSignal) => Promise<T>
}

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
  ) {
    super(detail)
    this.name = 'Refused'
  }
}

export type UploadState = 'sending' | 'waiting' | 'paused' | 'done' | 'failed'

const KIB = 1024
export const SMALLEST = 256 * KIB
/** The server takes no longer ones. */
export const LONGEST = 8 * KIB * KIB
/** A piece that took less (s) may be twice as long, one that took more half. */
const QUICK = 2
const SLOW = 8
/** s between attempts while there is no line. */
const WAITS = [1, 2, 4, 8]

/** How long the next piece is to be, from how long the last one took (s; null: it failed). */
export function nextLength(length: number, seconds: number | null): number {
  if (seconds === null || seconds > SLOW) return Math.max(SMALLEST, Math.floor(length / 2))
  return seconds < QUICK ? Math.min(LONGEST, length * 2) : length
}

export interface UploadHooks {
  onProgress: (offset: number) => void
  onState: (state: UploadState, detail: string) => void
  wait: (seconds: number, signal: AbortSignal) => Promise<void>
  now: () => number
}

export class Upload<T extends Sent> {
  private stop = new AbortController()
  private length = KIB * KIB
  state: UploadState = 'paused'

  constructor(
    private readonly file: Blob,
    private readonly wire: UploadWire<T>,
    private readonly hooks: UploadHooks,
  ) {}

  pause(): void {
    if (this.state !== 'sending' && this.state !== 'waiting') return
    this.stop.abort()
    this.turn('paused')
  }

  /** Sends from `offset` on until everything is there, it is paused, or the server refuses; the last answer, or null. */
  async run(offset: number): Promise<T | null> {
    this.stop = new AbortController()
    const { signal } = this.stop
    let at = offset
    let failures = 0
    this.turn('sending')
    while (!signal.aborted) {
      try {
        const answer = failures === 0 ? await this.piece(at, signal) : await this.wire.state(signal)
        at = answer.offset
        this.hooks.onProgress(at)
        if (answer.ready) {
          this.turn('done')
          return answer
        }
        if (failures > 0) this.turn('sending')
        failures = 0
      } catch (error) {
        if (signal.aborted) return null
        if (error instanceof Refused && error.status !== 409 && error.status < 500 && error.status !== 429) {
          this.turn('failed', error.detail)
          return null
        }
        this.length = nextLength(this.length, null)
        // A wrong offset is asked for at once; a missing line is waited for.
        if (!(error instanceof Refused && error.status === 409 && failures === 0)) {
          this.turn('waiting')
          await this.hooks.wait(WAITS[Math.min(failures, WAITS.length - 1)] ?? 8, signal).catch(() => undefined)
        }
        failures += 1
      }
    }
    return null
  }

  private async piece(at: number, signal: AbortSignal): Promise<T> {
    const began = this.hooks.now()
    const answer = await this.wire.append(at, this.file.slice(at, at + this.length), signal)
    this.length = nextLength(this.length, this.hooks.now() - began)
    return answer
  }

  private turn(state: UploadState, detail = ''): void {
    this.state = state
    this.hooks.onState(state, detail)
  }
}
