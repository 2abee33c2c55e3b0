/**
 * How long a receiver holds media before it plays, so that what was lost is there again in time. Pure.
 *
 * A lost packet comes back after a round trip and a bit (NACK, RTX), after two if it is lost again: of 180 packets a second with 5 % loss
 * that is one every other second. A browser left alone finds that out by stumbling; told before, it waits just that long, and on a good line not at all. Sound and picture of one source get the same, so that lips stay with words.
 */

export interface Receiving {
  /** Share of packets lost on the way, before retransmission. */
  loss: number
  /** s; null if unknown */
  roundTrip: number | null
}

export interface Buffering {
  /** ms to hold; null: the browser's own choice */
  target: number | null
  /** ms, when the line was last bad */
  badAt: number
}

/** Less than this is repaired in passing (FEC, redundancy). */
const SOME_LOSS = 0.015
/** ms a request and its answer need beyond the round trips: timers of 20–40 ms at both ends. */
const REPAIR = 60
const ROUNDS = 2
/** ms. People talk over each other beyond 400 ms of delay, half of it is the line's. */
const MOST = 300
/** ms that a line must be clean before less is held; every change is heard a little. */
const CALM = 30_000
/** Smaller changes (ms) are not worth it. */
const STEP = 30

export const RELAXED: Buffering = { target: null, badAt: Number.NEGATIVE_INFINITY }

export function nextBuffering(now: Buffering, line: Receiving, at: number): Buffering {
  if (line.loss < SOME_LOSS) return now.target !== null && at - now.badAt > CALM ? RELAXED : now
  const wanted = Math.min(MOST, Math.round((line.roundTrip ?? 0.1) * ROUNDS * 1000) + REPAIR)
  const more = now.target === null || wanted > now.target + STEP
  return { target: more ? wanted : now.target, badAt: at }
}

/** ms for a receiver's `jitterBufferTarget`. A screen has no lips: a slide is shown as soon as it is whole, as the server asks on thin lines. */
export function targetOf(source: string, { target }: Buffering): number | null {
  return source === 'screen' ? null : target
}

type Receiver = Pick<RTCRtpReceiver, never> & { jitterBufferTarget?: number | null; playoutDelayHint?: number | null }

/** Asks a receiver to hold that long, by whichever name the browser knows. */
export function hold(receiver: Receiver, target: number | null): void {
  try {
    if ('jitterBufferTarget' in receiver) receiver.jitterBufferTarget = target
    else if ('playoutDelayHint' in receiver) receiver.playoutDelayHint = target === null ? null : target / 1000
  } catch {
    // Out of this browser's range: it decides by itself.
  }
}
