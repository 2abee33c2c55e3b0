/**
 * Tells from a counter of what arrives on a connection whether it has fallen silent. ICE notices after five seconds and
 * more; packets that came many times a second and come no more tell it in one and a half.
 */

/** ms between two looks. */
export const LOOK_EVERY = 500
/** ms of silence after packets at every look; where only the server's reports come, every second or two, one may be lost. */
const SILENT_AFTER = 1500
const SPARSE_SILENT_AFTER = 5000
/** ms between news that count as "at every look", and how many such in a row make a lively connection. */
const QUICK = LOOK_EVERY * 1.6
const LIVELY = 4
/** When the browser has told that the network changed, silence since then is judged sooner, for so long (ms). */
const SUSPECT_SILENT_AFTER = 400
const SUSPECT_FOR = 3000
/** ms between two looks after which nothing can be concluded: the machine slept. */
const SLEPT = 3000

export type Flow = 'flows' | 'silent' | 'unknown'

export class FlowWatch {
  private counter: number | null = null
  private lookedAt = 0
  private newsAt = 0
  private quick = 0
  /** Something came since the start, or since the silence that was told last. */
  private heard = false
  private suspectedAt = -Infinity

  /** The network is said to have changed at `at`. */
  suspect(at: number): void {
    this.suspectedAt = at
  }

  /** A look at `at` (ms, any steady clock): 'flows' when something came since the last look, 'silent' once per silence. */
  look(counter: number, at: number): Flow {
    const before = this.counter
    const slept = at - this.lookedAt > SLEPT
    this.counter = counter
    this.lookedAt = at
    if (before === null || counter < before || slept) {
      this.newsAt = at
      this.quick = 0
      return 'unknown'
    }
    if (counter > before) {
      this.quick = at - this.newsAt <= QUICK ? Math.min(this.quick + 1, LIVELY) : 0
      this.newsAt = at
      this.heard = true
      return 'flows'
    }
    if (!this.heard || at - this.newsAt < this.patience(at)) return 'unknown'
    this.heard = false
    return 'silent'
  }

  private patience(at: number): number {
    if (this.quick < LIVELY) return SPARSE_SILENT_AFTER
    return at - this.suspectedAt < SUSPECT_FOR ? SUSPECT_SILENT_AFTER : SILENT_AFTER
  }
}

/** What has arrived on a peer connection so far, in packets or bytes; null when its statistics do not say. */
export function arrived(stats: RTCStatsReport): number | null {
  let packets: number | null = null
  let bytes: number | null = null
  stats.forEach((entry: Record<string, unknown>) => {
    if (entry.type === 'transport' && typeof entry.packetsReceived === 'number') packets = (packets ?? 0) + entry.packetsReceived
    // Firefox has no transport statistics.
    else if (entry.type === 'candidate-pair' && typeof entry.bytesReceived === 'number') bytes = (bytes ?? 0) + entry.bytesReceived
  })
  return packets ?? bytes
}
