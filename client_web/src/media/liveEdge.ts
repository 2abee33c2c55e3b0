/** How far behind a lesson that is still being recorded one watches. Pure. Times in seconds. */

/**
 * As near as is steady: a chunk of 0.5 s is on the disk 0.3 s after its end, its piece is asked about every second and fetched in 0.2 s; so
 * what there is to play is at most 2 s old. Others may be busy, hence a little more.
 */
export const BEHIND = 2.8
/** Whoever is farther behind is not watching live; what nobody can see, the way to the disk, makes 5 s of it. */
export const STILL_LIVE = 4.4
/** Beyond this one jumps; nearer, a little more speed is not noticed. */
const JUMP = 9
/** More speed per second too far behind, in steps: each change of speed is heard. */
const CATCH_UP = 0.1
const STEPS = 20
const FASTEST = 1.25
/** Nearer than this a higher speed would only run into what is not there yet. */
const NEAREST = 2.4

export class LiveEdge {
  private ahead = -Infinity

  /** At `now` what ends at `edge` was there: the moment that is live now is at least this one. The freshest sight counts. */
  see(edge: number, now: number): void {
    this.ahead = Math.max(this.ahead, edge - now)
  }

  /** The lesson's moment at `now`; -Infinity before anything was seen. */
  at(now: number): number {
    return now + this.ahead
  }
}

export interface Pace {
  speed: number
  /** Jump to the live moment. */
  jump: boolean
  catching: boolean
}

/** What to do `behind` seconds behind, at the wanted speed; `following`: one wants to stay live. */
export function paceOf(behind: number, wanted: number, following: boolean, catching: boolean): Pace {
  if (following && behind > JUMP) return { speed: 1, jump: true, catching: false }
  const catches = following && wanted === 1 && behind > (catching ? BEHIND : BEHIND + 0.6)
  if (catches) return { speed: Math.min(FASTEST, 1 + Math.ceil((behind - BEHIND) * CATCH_UP * STEPS) / STEPS), jump: false, catching: true }
  return { speed: behind < NEAREST ? Math.min(1, wanted) : wanted, jump: false, catching: false }
}
