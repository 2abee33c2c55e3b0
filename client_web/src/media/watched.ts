/** Which stretches of a recording were really played, from looks at its clock. Pure. */
export type Stretch = [number, number]

/** A look may be late (a busy or hidden page), s; further ahead than this at normal speed, somebody skipped. */
const LATE = 2.5

export class Watched {
  private stretches: Stretch[] = []
  private last: { at: number; time: number } | null = null

  /** A look: the page's clock (s), the recording's, whether it plays, how fast. */
  look(at: number, time: number, playing: boolean, speed: number): void {
    const before = this.last
    this.last = playing ? { at, time } : null
    if (!before || time <= before.time) return
    const could = (at - before.at) * speed
    if (time - before.time > could + 0.3 || at - before.at > LATE) return
    const open = this.stretches.at(-1)
    if (open && Math.abs(open[1] - before.time) < 0.01) open[1] = time
    else this.stretches.push([before.time, time])
  }

  /** What was played since it was asked last. */
  take(): Stretch[] {
    const taken = this.stretches
    this.stretches = []
    return taken
  }

  /** What could not be told is told again next time. */
  putBack(stretches: Stretch[]): void {
    this.stretches = [...stretches, ...this.stretches].slice(-100)
  }
}
