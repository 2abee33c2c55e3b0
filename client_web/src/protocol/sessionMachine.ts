/**
 * The life of one WHIP or WHEP session that is to be there for as long as the page wants it, as a table.
 *
 *   idle ──start──▶ opening ──connected──▶ live ──disconnected──▶ shaky ──timeout──▶ restarting
 *                     │  ▲                  ▲ └──failed, closed, reset──▶ opening      │
 *                     │  └────timeout────┐  └──────────connected──────────────────────┤
 *                     └──error, timeout──▶ waiting ◀──────(opening) ◀──gone, timeout───┘
 *
 * `stop` ends it from anywhere. Each state names the one deadline it arms; a state without one waits for news.
 */

export type SessionState = 'idle' | 'opening' | 'live' | 'shaky' | 'restarting' | 'waiting' | 'stopped'

export type SessionEvent =
  | 'start'
  | 'stop'
  /** ICE and DTLS are up. */
  | 'connected'
  /** ICE lost its checks; it may come back alone. */
  | 'disconnected'
  /** ICE or DTLS failed, or the other end closed. */
  | 'failed'
  /** The server or the network refused the request. */
  | 'refused'
  /** The session is not known there any more (404, 409, 412). */
  | 'gone'
  /** The server asks for a new session at once, or the page has a reason to want one. */
  | 'reset'
  | 'timeout'

export type SessionAction = 'open' | 'restart' | 'close'

export interface Step {
  to: SessionState
  do: SessionAction[]
}

/** Deadlines, ms. `waiting` is not here: its length is the backoff's. */
export const DEADLINES: Partial<Record<SessionState, number>> = {
  // POST, ICE and DTLS together took 0.04–0.23 s when measured; a school's thin line may need a few seconds.
  opening: 8000,
  // ICE comes back alone from a lost packet or two within this; longer is a hole that a restart fixes.
  shaky: 1200,
  restarting: 2500,
}

const again: Step = { to: 'opening', do: ['close', 'open'] }
const pause: Step = { to: 'waiting', do: ['close'] }
const end: Step = { to: 'stopped', do: ['close'] }
const stay = (to: SessionState): Step => ({ to, do: [] })

const TABLE: Record<SessionState, Partial<Record<SessionEvent, Step>>> = {
  idle: { start: { to: 'opening', do: ['open'] }, stop: { to: 'stopped', do: [] } },
  opening: {
    connected: stay('live'),
    disconnected: stay('opening'),
    failed: pause,
    refused: pause,
    gone: pause,
    timeout: pause,
    reset: again,
    stop: end,
  },
  live: { connected: stay('live'), disconnected: stay('shaky'), failed: again, gone: again, reset: again, stop: end },
  shaky: {
    connected: stay('live'),
    disconnected: stay('shaky'),
    timeout: { to: 'restarting', do: ['restart'] },
    failed: again,
    gone: again,
    reset: again,
    stop: end,
  },
  restarting: {
    connected: stay('live'),
    disconnected: stay('restarting'),
    failed: again,
    refused: pause,
    gone: again,
    timeout: again,
    reset: again,
    stop: end,
  },
  waiting: { timeout: { to: 'opening', do: ['open'] }, reset: { to: 'opening', do: ['open'] }, stop: end },
  stopped: { start: { to: 'opening', do: ['open'] }, stop: { to: 'stopped', do: [] } },
}

/** News of a peer connection that was just closed may still arrive; it is about nothing. Orders (start, reset) never are. */
const LATE: ReadonlySet<SessionEvent> = new Set(['connected', 'disconnected', 'failed', 'refused', 'gone', 'timeout', 'reset'])

export class IllegalTransition extends Error {
  constructor(state: SessionState, event: SessionEvent) {
    super(`A session in "${state}" cannot take "${event}".`)
    this.name = 'IllegalTransition'
  }
}

export function nextStep(state: SessionState, event: SessionEvent): Step {
  const step = TABLE[state][event]
  if (step) return step
  if (LATE.has(event)) return stay(state)
  throw new IllegalTransition(state, event)
}
