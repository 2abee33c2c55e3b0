/**
 * How much of its picture a page sends, from what its line says, as a pure state machine.
 *
 *   high ──▶ medium ──▶ low ──▶ sound      down: the line carries less than a level needs, for `DOWN_AFTER`
 *        ◀──        ◀──     ◀──            up: the line carries more than is sent, for `wait`; one step at a time
 *
 * A step up that does not hold doubles `wait`, so that a line that is thin for good is not tried again and again. An estimate never
 * rises far above what is sent, so a step up is a trial, and from `sound`, where nothing is left to estimate with, always.
 */
import type { Level } from './sender'

/** One look at a sending peer connection. */
export interface Line {
  /** ms */
  at: number
  /** bit/s that congestion control allows; null where the browser does not tell (Firefox). */
  estimate: number | null
  /** Share of packets lost as the other end reports; null if it has not reported. */
  loss: number | null
}

export interface Uplink {
  level: Level
  startedAt: number
  /** Since when the line is too thin for this level, ms; null: it is not. */
  thinSince: number | null
  /** Since when it is good enough for the next. */
  goodSince: number | null
  /** When the last step up was made, null when it has held. */
  raisedAt: number | null
  /** ms a line must be good before the next step up. */
  wait: number
}

interface Rung {
  level: Level
  /** bit/s that sound and this level's layers need at the least. */
  needs: number
  /** bit/s that are sent at this level when nothing holds it back. */
  sends: number
}

/** Sound with redundancy is about 80 kbit/s with its headers, 50 when thin. */
export const CAMERA_RUNGS: Rung[] = [
  { level: 'sound', needs: 0, sends: 50_000 },
  { level: 'low', needs: 65_000, sends: 170_000 },
  { level: 'medium', needs: 220_000, sends: 620_000 },
  { level: 'high', needs: 550_000, sends: 2_100_000 },
]

/** A screen has no medium layer, and its own line in the same house: the camera's page speaks for the sound. */
export const SCREEN_RUNGS: Rung[] = [
  { level: 'sound', needs: 0, sends: 50_000 },
  { level: 'low', needs: 40_000, sends: 150_000 },
  { level: 'high', needs: 300_000, sends: 2_600_000 },
]

/** ms. The estimate starts at 300 kbit/s and takes some seconds to find a good line. */
const GRACE = 8000
const DOWN_AFTER = 3000
const FIRST_WAIT = 8000
const LONGEST_WAIT = 60_000
/** A step up that lasted this long (ms) was right. */
const HOLDS_AFTER = 20_000
/** Loss from which a picture costs the sound; lower where no estimate tells better. */
const HEAVY_LOSS = 0.25
const HEAVY_LOSS_UNTOLD = 0.12
const LIGHT_LOSS = 0.05
/** An estimate this much above what is sent says that there is room for more. */
const ROOM = 1.25

export function newUplink(at: number, rungs: readonly Rung[] = CAMERA_RUNGS): Uplink {
  return { level: rungs.at(-1)?.level ?? 'high', startedAt: at, thinSince: null, goodSince: null, raisedAt: null, wait: FIRST_WAIT }
}

export function nextUplink(now: Uplink, line: Line, rungs: readonly Rung[] = CAMERA_RUNGS): Uplink {
  const index = Math.max(0, rungs.findIndex((rung) => rung.level === now.level))
  const rung = rungs[index]
  if (!rung || line.at - now.startedAt < GRACE) return now
  if (index > 0 && isThin(line, rung)) return whileThin(now, line, rungs, index)
  const above = rungs[index + 1]
  const held = now.raisedAt !== null && line.at - now.raisedAt >= HOLDS_AFTER
  const steady: Uplink = { ...now, thinSince: null, ...(held ? { raisedAt: null, wait: FIRST_WAIT } : {}) }
  if (!above || !hasRoom(line, rung, above)) return { ...steady, goodSince: null }
  const goodSince = now.goodSince ?? line.at
  // Sound alone proves little; an estimate that has risen beyond it proves the line's return.
  const proven = rung.needs === 0 && line.estimate !== null && line.estimate >= above.needs
  if (line.at - goodSince < (proven ? Math.min(steady.wait, FIRST_WAIT) : steady.wait)) return { ...steady, goodSince }
  return { ...steady, level: above.level, goodSince: null, raisedAt: line.at }
}

/** Down as far as the line says, and not up again so soon if the last step up is to blame. */
function whileThin(now: Uplink, line: Line, rungs: readonly Rung[], index: number): Uplink {
  const thinSince = now.thinSince ?? line.at
  if (line.at - thinSince < DOWN_AFTER) return { ...now, thinSince, goodSince: null }
  const fitting = rungs.slice(0, index).findLast((rung) => line.estimate === null || line.estimate >= rung.needs)
  const wait = now.raisedAt === null ? now.wait : Math.min(LONGEST_WAIT, now.wait * 2)
  return { ...now, level: fitting?.level ?? 'sound', thinSince: null, goodSince: null, raisedAt: null, wait }
}

function isThin({ estimate, loss }: Line, { needs }: Rung): boolean {
  if (estimate === null) return (loss ?? 0) > HEAVY_LOSS_UNTOLD
  return estimate < needs || (loss ?? 0) > HEAVY_LOSS
}

function hasRoom({ estimate, loss }: Line, rung: Rung, above: Rung): boolean {
  if ((loss ?? 0) > LIGHT_LOSS) return false
  if (estimate === null || rung.needs === 0) return true
  return estimate >= Math.min(above.sends, rung.sends * ROOM) && estimate >= above.needs
}

type Stat = Record<string, unknown>
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

/** Reads a line from getStats(). Of several losses (sound, layers) the worst of those that carry packets counts. */
export function lineOf(stats: Iterable<Stat>, at: number): Line {
  const line: Line = { at, estimate: null, loss: null }
  for (const stat of stats) {
    if (stat.type === 'candidate-pair' && stat.nominated === true && isNumber(stat.availableOutgoingBitrate)) line.estimate = stat.availableOutgoingBitrate
    if (stat.type === 'remote-inbound-rtp' && isNumber(stat.fractionLost)) line.loss = Math.max(line.loss ?? 0, stat.fractionLost)
  }
  return line
}
