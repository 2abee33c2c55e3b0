/**
 * The lesson's WebSocket as the page sees it: connects, says hello, keeps alive, comes back by itself, and repeats what
 * the page is (devices, raised hand) after each return. Commands of the moment are not queued: a mute that arrives a minute late is wrong.
 */
import { backoffDelay, type BackoffRule } from './backoff'
import { encodeClientMessage, parseServerMessage, type ClientMessage, type ServerMessage, type Welcome } from './messages'
import { reach, type Reach } from './reach'

export type RoomState = 'idle' | 'connecting' | 'open' | 'waiting' | 'closed'

/** The part of WebSocket that is used; tests hand in their own. */
export interface SocketLike {
  onopen: ((event: Event) => void) | null
  onmessage: ((event: MessageEvent) => void) | null
  onclose: ((event: CloseEvent) => void) | null
  onerror: ((event: Event) => void) | null
  send(data: string): void
  close(code?: number, reason?: string): void
}

export interface RoomOptions {
  url: string
  /** A media token; `fresh` asks for a new one because the last was refused. */
  token: (fresh: boolean) => Promise<string>
  /** Video codecs that this browser plays. */
  decodes?: () => string[]
  onMessage: (message: ServerMessage) => void
  onState?: (state: RoomState) => void
  connect?: (url: string) => SocketLike
  reach?: Pick<Reach, 'wait'>
  random?: () => number
  now?: () => number
}

const RETRY: BackoffRule = { first: 400, most: 8000, jitter: 0.5 }
/** Hello must be answered within this, ms (the server itself gives 5 s for the hello). */
const WELCOME_WITHIN = 8000
const PING_EVERY = 2500
/** Two pings and a bit without any message: the connection is dead even if TCP has not noticed. */
const SILENT_FOR = 7000

export class RoomClient {
  state: RoomState = 'idle'
  /** Server clock minus ours, ms, from the newest welcome or pong. */
  clockOffset = 0

  private readonly options: RoomOptions
  private socket: SocketLike | null = null
  private generation = 0
  private attempt = 0
  private refused = false
  private heardAt = 0
  private retryTimer: ReturnType<typeof setTimeout> | undefined
  private unreach: (() => void) | null = null
  private welcomeTimer: ReturnType<typeof setTimeout> | undefined
  private pingTimer: ReturnType<typeof setInterval> | undefined
  private readonly standing = new Map<'devices' | 'hand', ClientMessage>()

  constructor(options: RoomOptions) {
    this.options = options
  }

  start(): void {
    if (this.state === 'idle' || this.state === 'closed') void this.connect()
  }

  stop(): void {
    this.generation += 1
    this.clearTimers()
    this.drop()
    this.enter('closed')
  }

  /** Try now instead of at the end of the pause (the network came back, the page became visible). */
  nudge(): void {
    if (this.state === 'waiting' && !this.unreach) void this.connect()
    else if (this.state === 'open' && this.now() - this.heardAt > PING_EVERY * 1.5) this.lost()
  }

  /** Sends if the room is open; false if not, so that the page can say so. `devices` and `hand` are remembered and repeated. */
  send(message: ClientMessage): boolean {
    if (message.type === 'devices' || message.type === 'hand') this.standing.set(message.type, message)
    if (this.state !== 'open' || !this.socket) return false
    this.socket.send(encodeClientMessage(message))
    return true
  }

  private async connect(): Promise<void> {
    this.clearTimers()
    const generation = ++this.generation
    this.enter('connecting')
    let token: string
    try {
      token = await this.options.token(this.refused)
    } catch {
      if (generation === this.generation) this.later()
      return
    }
    if (generation !== this.generation) return
    const make = this.options.connect ?? ((url: string): SocketLike => new WebSocket(url))
    let socket: SocketLike
    try {
      socket = make(this.options.url)
    } catch {
      this.later()
      return
    }
    this.socket = socket
    const { decodes } = this.options
    this.welcomeTimer = setTimeout(() => this.lost(), WELCOME_WITHIN)
    socket.onopen = () => socket.send(encodeClientMessage({ type: 'hello', token, ...(decodes ? { decodes: decodes() } : {}) }))
    socket.onmessage = (event) => {
      if (generation === this.generation && typeof event.data === 'string') this.receive(event.data)
    }
    socket.onclose = () => {
      if (generation === this.generation) this.lost()
    }
    socket.onerror = () => undefined
  }

  private receive(text: string): void {
    this.heardAt = this.now()
    const message = parseServerMessage(text)
    if (!message) return
    if (message.type === 'welcome') this.welcomed(message)
    else if (message.type === 'pong') this.clockOffset = message.server_time * 1000 - this.now()
    // An error before the welcome means that the hello was refused: the token is the first suspect.
    else if (message.type === 'error' && this.state !== 'open') this.refused = true
    this.options.onMessage(message)
  }

  private welcomed(message: Welcome): void {
    clearTimeout(this.welcomeTimer)
    this.attempt = 0
    this.refused = false
    this.clockOffset = message.server_time * 1000 - this.now()
    this.enter('open')
    for (const standing of this.standing.values()) this.send(standing)
    clearInterval(this.pingTimer)
    this.pingTimer = setInterval(() => {
      if (this.now() - this.heardAt > SILENT_FOR) this.lost()
      else this.send({ type: 'ping', at: this.now() / 1000 })
    }, PING_EVERY)
  }

  private lost(): void {
    if (this.state !== 'open') this.refused = true
    this.generation += 1
    this.drop()
    this.later()
  }

  private later(): void {
    this.clearTimers()
    this.enter('waiting')
    const delay = backoffDelay(this.attempt, RETRY, this.options.random ?? Math.random)
    this.attempt += 1
    // A socket that is opened into the void hangs: first let the server be there.
    this.unreach = (this.options.reach ?? reach).wait(() => {
      this.unreach = null
      this.retryTimer = setTimeout(() => void this.connect(), delay)
    })
  }

  private drop(): void {
    const socket = this.socket
    this.socket = null
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null
    try {
      socket.close(1000)
    } catch {
      // Already closed: nothing is left to do with it.
    }
  }

  private clearTimers(): void {
    this.unreach?.()
    this.unreach = null
    clearTimeout(this.retryTimer)
    clearTimeout(this.welcomeTimer)
    clearInterval(this.pingTimer)
  }

  private enter(state: RoomState): void {
    if (this.state === state) return
    this.state = state
    this.options.onState?.(state)
  }

  private now(): number {
    return (this.options.now ?? Date.now)()
  }
}
