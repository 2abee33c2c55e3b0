/**
 * The life of one WHIP or WHEP session that is to be there for as long as the page wants it, as a table.
 *
 *   idle ──start──▶ opening ──connected──▶ live ──disconnected──▶ shaky ──timeout──▶ restarting ◀──reachable── away
 *                     │  ▲                  ▲ │ └──silent, lost──────────────────────▶ │   └────unreachable────▶ │
 *                     │  │                  │ └──failed, gone, reset──▶ opening        │                         │
 *                     │  └──timeout,        └─────────────connected────────────────────┴─────────────────────────┘
 *                     │     reachable──┐
 *                     └──refused …───▶ waiting            restarting ──gone, timeout──▶ opening
 *
 * While the network is away the old connection is kept: its last picture stays, and ICE may find its way back alone.
 * `stop` ends it from anywhere. Each state names the one deadline it arms; a state without one waits for news.
 */

export type SessionState = 'idle' | 'opening' | 'live' | 'shaky' | 'restarting' | 'away' | 'waiting' | 'stopped'

export type SessionEvent =
  | 'start'
  | 'stop'
  /** ICE and DTLS are up, or media came again. */
  | 'connected'
  /** ICE lost its checks; it may come back alone. */
  | 'disconnected'
  /** Nothing arrives any more where packets came all the time. */
  | 'silent'
  /** ICE gave up; new credentials can still revive it. */
  | 'lost'
  /** DTLS failed, or the other end closed. */
  | 'failed'
  /** The server refused the request. */
  | 'refused'
  /** The request did not reach the server, or the server is not itself (503). */
  | 'unreachable'
  /** The server answers again. */
  | 'reachable'
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
  // PATCH and checks: five round trips of a bad line.
  restarting: 2500,
}

const again: Step = { to: 'opening', do: ['close', 'open'] }
const pause: Step = { to: 'waiting', do: ['close'] }
const end: Step = { to: 'stopped', do: ['close'] }
const restart: Step = { to: 'restarting', do: ['restart'] }
const stay = (to: SessionState): Step => ({ to, do: [] })

const TABLE: Record<SessionState, Partial<Record<SessionEvent, Step>>> = {
  idle: { start: { to: 'opening', do: ['open'] }, stop: { to: 'stopped', do: [] } },
  opening: {
    connected: stay('live'),
    disconnected: stay('opening'),
    lost: pause,
    failed: pause,
    refused: pause,
    unreachable: pause,
    gone: pause,
    timeout: pause,
    reset: again,
    stop: end,
  },
  live: {
    connected: stay('live'),
    disconnected: stay('shaky'),
    silent: restart,
    lost: restart,
    failed: again,
    gone: again,
    reset: again,
    stop: end,
  },
  shaky: {
    connected: stay('live'),
    disconnected: stay('shaky'),
    timeout: restart,
    silent: restart,
    lost: restart,
    failed: again,
    gone: again,
    reset: again,
    stop: end,
  },
  restarting: {
    connected: stay('live'),
    disconnected: stay('restarting'),
    lost: stay('restarting'),
    failed: again,
    refused: pause,
    unreachable: stay('away'),
    gone: again,
    timeout: again,
    reset: again,
    stop: end,
  },
  away: {
    connected: stay('live'),
    disconnected: stay('away'),
    lost: stay('away'),
    failed: again,
    reachable: restart,
    reset: again,
    stop: end,
  },
  waiting: {
    timeout: { to: 'opening', do: ['open'] },
    reachable: { to: 'opening', do: ['open'] },
    reset: { to: 'opening', do: ['open'] },
    stop: end,
  },
  stopped: { start: { to: 'opening', do: ['open'] }, stop: { to: 'stopped', do: [] } },
}

/** News of a peer connection that was just closed may still arrive; it is about nothing. Orders (start) never are. */
const LATE: ReadonlySet<SessionEvent> = new Set([
  'connected',
  'disconnected',
  'silent',
  'lost',
  'failed',
  'refused',
  'unreachable',
  'reachable',
  'gone',
  'timeout',
  'reset',
])

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
