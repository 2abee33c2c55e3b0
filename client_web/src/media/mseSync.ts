/** Keeping many media elements on one clock. Pure. Times in seconds. */

/** Lip sync is judged good within 80 ms between two elements, so each may be half of that from the clock. */
export const DRIFT_HEARD = 0.04
/** A correction that has begun goes on to here, or each element would rest at its own edge. */
export const DRIFT_GONE = 0.015
/** Beyond this a changed rate takes too long, so jump. */
export const DRIFT_JUMP = 0.5
/** The change of speed: half the drift per second, so that it is soon over, but never more than is heard with the pitch preserved. */
const GAIN = 0.5
const NUDGE = 0.12

export interface Correction {
  /** Set the element's time to this; null: leave it. */
  seek: number | null
  rate: number
}

export function correctionFor(elementTime: number, masterTime: number, speed: number, nudging = false): Correction {
  const drift = elementTime - masterTime
  if (Math.abs(drift) > DRIFT_JUMP) return { seek: masterTime, rate: speed }
  if (Math.abs(drift) <= (nudging ? DRIFT_GONE : DRIFT_HEARD)) return { seek: null, rate: speed }
  return { seek: null, rate: speed * (1 - Math.sign(drift) * Math.min(NUDGE, Math.abs(drift) * GAIN)) }
}

/** The one clock. It runs on the caller's `now` (s), so tests need no waiting. */
export class MasterClock {
  private base = 0
  private since = 0
  private running = false
  private pace = 1

  get speed(): number {
    return this.pace
  }

  get isRunning(): boolean {
    return this.running
  }

  time(now: number): number {
    return this.running ? this.base + (now - this.since) * this.pace : this.base
  }

  seek(time: number, now: number): void {
    this.base = time
    this.since = now
  }

  run(now: number): void {
    if (this.running) return
    this.since = now
    this.running = true
  }

  hold(now: number): void {
    this.base = this.time(now)
    this.running = false
  }

  setSpeed(speed: number, now: number): void {
    this.base = this.time(now)
    this.since = now
    this.pace = speed
  }
}
