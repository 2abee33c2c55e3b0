/**
 * Carries out what the session machine decides: one peer connection at a time, opened by POST, restarted by PATCH, ended by DELETE.
 * The page gets the peer connection's tracks and the state, and never has to ask for a reconnection.
 */
import { backoffDelay, type BackoffRule } from './backoff'
import { arrived, FlowWatch, LOOK_EVERY } from './flowWatch'
import { onNetworkNews } from './network'
import { reach, type Reach } from './reach'
import {
  createResource,
  credentialsOf,
  deleteResource,
  ResourceError,
  restartResource,
  spliceCredentials,
  type Fetch,
  type SdpResource,
} from './resource'
import { DEADLINES, nextStep, type SessionAction, type SessionEvent, type SessionState } from './sessionMachine'

/** What is used of RTCPeerConnection; tests hand in a fake. */
export interface PeerLike
  extends Pick<
    RTCPeerConnection,
    | 'connectionState'
    | 'iceConnectionState'
    | 'localDescription'
    | 'close'
    | 'getStats'
    | 'onconnectionstatechange'
    | 'oniceconnectionstatechange'
    | 'ontrack'
  > {
  createOffer(options?: RTCOfferOptions): Promise<RTCSessionDescriptionInit>
  setLocalDescription(description: RTCSessionDescriptionInit): Promise<void>
  setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void>
}

export interface SessionOptions<P extends PeerLike> {
  /** For people who look at `window.__tongke`. */
  name: string
  url: string
  token: (fresh: boolean) => Promise<string>
  createPeer: () => P
  /** Adds transceivers and tracks to a new peer connection, before its offer. */
  prepare: (peer: P) => void | Promise<void>
  onTrack?: (event: RTCTrackEvent) => void
  onState?: (state: SessionState, error: ResourceError | null) => void
  /** Somebody else publishes in this session's place now; asked when the server has closed it, so that two pages do not push each other out. */
  occupied?: () => boolean
  /** ms that this session stands back when the network returns, so that the sound everybody waits for is first on a thin line. */
  standBack?: number
  reach?: Pick<Reach, 'wait'>
  fetch?: Fetch
  random?: () => number
}

/** ms that an offer may go unanswered: a broken network is better asked anew, by another connection. */
const ANSWERED_WITHIN = 4000

/** ms between two local ICE restarts while the network is away: a browser gives its checks up after 15 s. */
const REVIVE_EVERY = 4000

/** ms between two looks whether the place is free again. */
const LOOK_AGAIN = 2000

/** A refusal is seldom taken back soon. */
const RETRY: BackoffRule = { first: 400, most: 5000, jitter: 0.5 }
/** A server that starts again is there in seconds: for so long (ms) after media stopped, it is asked once a second. */
const HURRY_FOR = 30_000
const HURRY: BackoffRule = { first: 400, most: 900, jitter: 0.2 }
/** ms between two tries when the server answers, but not as it should. */
const APART = 500
/** A session that held this long (ms) was a good one: the next failure starts from the shortest pause again. */
const STEADY_AFTER = 10_000
/** Failures of a session that had connected, in a row and each before it was steady, after which we stop hurrying: another page may hold our place. */
const HASTY_RETURNS = 3

export class MediaSession<P extends PeerLike = RTCPeerConnection> {
  readonly name: string
  state: SessionState = 'idle'
  /** The newest refusal, until the session is live again. */
  error: ResourceError | null = null
  peer: P | null = null
  /** Another page has the place; this one waits until it is free. */
  displaced = false

  private readonly options: SessionOptions<P>
  private resource: SdpResource | null = null
  private token = ''
  private refreshToken = false
  private attempt = 0
  private hasty = 0
  private yielding = false
  private liveSince = 0
  private generation = 0
  private abort: AbortController | null = null
  private patching: AbortController | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private looks: (() => void) | null = null
  private unreach: (() => void) | null = null
  private reviving: ReturnType<typeof setInterval> | undefined
  private troubleSince = 0
  private triedAt = 0

  constructor(options: SessionOptions<P>) {
    this.options = options
    this.name = options.name
  }

  start(): void {
    if (this.state !== 'idle' && this.state !== 'stopped') return
    this.troubleSince = Date.now()
    this.take('start')
  }

  stop(): void {
    this.take('stop')
  }

  /** A new session at once (the server said so, or the network changed). */
  reset(): void {
    this.attempt = 0
    this.take('reset')
  }

  /** Whether anything is due to happen without being asked. */
  get wanted(): boolean {
    return this.state !== 'idle' && this.state !== 'stopped'
  }

  private take(told: SessionEvent): void {
    const before = this.state
    // A request that is not answered in time did not reach the server.
    const event = told === 'timeout' && before === 'restarting' && this.patching ? 'unreachable' : told
    const step = nextStep(before, event)
    const actions = this.givingWay(before, event) ?? this.inPatience(before, step.to, step.do)
    this.state = actions.to
    for (const action of actions.do) this.act(action)
    if (this.state !== before || step.do.length > 0) this.arm()
    if (before !== this.state && this.state === 'live') this.becameLive()
    if (before === 'live' && this.state !== 'live') this.troubleSince = Date.now()
    if (before !== this.state || event === 'timeout') this.options.onState?.(this.state, this.error)
  }

  /** The server closed the session while its place is taken: wait, and look again, instead of taking it back. */
  private givingWay(from: SessionState, event: SessionEvent): { to: SessionState; do: SessionAction[] } | null {
    const asks = (event === 'gone' && from !== 'opening' && from !== 'waiting') || (from === 'waiting' && event === 'timeout' && this.yielding)
    if (event === 'stop' || event === 'reset') this.yielding = this.displaced = false
    if (!asks) return null
    const taken = this.options.occupied?.() ?? false
    // At the first look the place may still be our own closed session's; only the second look is sure.
    this.displaced = taken && this.yielding
    this.yielding = taken
    return taken ? { to: 'waiting', do: from === 'waiting' ? [] : ['close'] } : null
  }

  /** A live session that is taken away again and again waits like a refused one, so that two pages don't fight at full speed. */
  private inPatience(from: SessionState, to: SessionState, actions: SessionAction[]): { to: SessionState; do: SessionAction[] } {
    if (from !== 'live' || to !== 'opening') return { to, do: actions }
    const steady = Date.now() - this.liveSince >= STEADY_AFTER
    this.hasty = steady ? 0 : this.hasty + 1
    if (this.hasty < HASTY_RETURNS) return { to, do: actions }
    this.attempt = Math.max(this.attempt, this.hasty)
    return { to: 'waiting', do: ['close'] }
  }

  private becameLive(): void {
    this.attempt = 0
    this.error = null
    this.refreshToken = false
    this.liveSince = Date.now()
  }

  private arm(): void {
    clearTimeout(this.timer)
    this.unreach?.()
    this.unreach = null
    const waiting = this.state === 'waiting'
    const delay = waiting ? (this.yielding ? LOOK_AGAIN : this.nextPause()) : DEADLINES[this.state]
    const unreached = this.state === 'away' || (waiting && !this.yielding && this.error?.status === 0)
    if (unreached) this.unreach = (this.options.reach ?? reach).wait(() => this.reached())
    else if (delay !== undefined) this.timer = setTimeout(() => this.take('timeout'), delay)
    clearInterval(this.reviving)
    if (this.state === 'away') this.reviving = setInterval(() => void this.revive(), REVIVE_EVERY)
    if (this.state !== 'restarting') this.patching = this.patching?.abort() ?? null
    this.watchFlow()
  }

  private reached(): void {
    const pause = Math.max(this.options.standBack ?? 0, this.triedAt + APART - Date.now())
    this.unreach = null
    this.timer = setTimeout(() => this.take('reachable'), pause)
  }

  private nextPause(): number {
    const down = (this.error?.status ?? 0) === 0 || (this.error?.status ?? 0) >= 500
    const rule = down && Date.now() - this.troubleSince < HURRY_FOR ? HURRY : RETRY
    const delay = backoffDelay(this.attempt, rule, this.options.random ?? Math.random)
    this.attempt += 1
    return delay
  }

  /** While a connection is there, looks at what arrives: silence is noticed long before ICE does, and so is the return. */
  private watchFlow(): void {
    const wanted = this.state === 'live' || this.state === 'shaky' || this.state === 'restarting' || this.state === 'away'
    if (wanted === (this.looks !== null)) return
    this.looks?.()
    this.looks = null
    if (!wanted) return
    const { generation } = this
    const flow = new FlowWatch()
    const timer = setInterval(() => void this.look(flow, generation), LOOK_EVERY)
    const deaf = onNetworkNews(() => flow.suspect(performance.now()))
    this.looks = () => {
      clearInterval(timer)
      deaf()
    }
  }

  private async look(flow: FlowWatch, generation: number): Promise<void> {
    const { peer } = this
    const stats = await peer?.getStats().catch(() => null)
    const counter = stats ? arrived(stats) : null
    if (!peer || counter === null || generation !== this.generation) return
    const found = flow.look(counter, performance.now())
    if (found === 'silent') this.take('silent')
    else if (found === 'flows' && this.state !== 'live' && isUp(peer.iceConnectionState)) this.take('connected')
  }

  private act(action: SessionAction): void {
    if (action === 'open') void this.open()
    else if (action === 'restart') void this.restart()
    else this.close()
  }

  private async open(): Promise<void> {
    const generation = ++this.generation
    const abort = new AbortController()
    this.abort = abort
    this.triedAt = Date.now()
    let late: ReturnType<typeof setTimeout> | undefined
    try {
      this.token = await this.options.token(this.refreshToken)
      if (generation !== this.generation) return
      const peer = this.options.createPeer()
      this.peer = peer
      this.listen(peer, generation)
      await this.options.prepare(peer)
      await peer.setLocalDescription(await peer.createOffer())
      if (generation !== this.generation) return
      const offer = peer.localDescription?.sdp ?? ''
      late = setTimeout(() => abort.abort(), ANSWERED_WITHIN)
      const resource = await createResource(this.fetcher, this.options.url, this.token, offer, abort.signal)
      if (generation !== this.generation) {
        void deleteResource(this.fetcher, resource.location, this.token)
        return
      }
      this.resource = resource
      await peer.setRemoteDescription({ type: 'answer', sdp: resource.answer })
    } catch (error) {
      if (generation === this.generation) this.fail(error)
    } finally {
      clearTimeout(late)
    }
  }

  private async restart(): Promise<void> {
    const { peer, resource, generation } = this
    if (!peer || !resource) return this.take('gone')
    const abort = new AbortController()
    this.patching = abort
    this.triedAt = Date.now()
    try {
      await peer.setLocalDescription(await peer.createOffer({ iceRestart: true }))
      const local = credentialsOf(peer.localDescription?.sdp ?? '')
      if (!local || generation !== this.generation || abort.signal.aborted) return
      const { remote, etag } = await restartResource(this.fetcher, resource, this.token, local, abort.signal)
      if (generation !== this.generation || abort.signal.aborted) return
      this.patching = null
      resource.etag = etag
      resource.answer = spliceCredentials(resource.answer, remote)
      await peer.setRemoteDescription({ type: 'answer', sdp: resource.answer })
    } catch (error) {
      if (generation === this.generation && !abort.signal.aborted) this.fail(error)
    }
  }

  /**
   * Begins ICE anew at this end alone, so that checks go on and the first one that gets through brings media back, without a request
   * that TCP would hold back for seconds. The server knows a check by its own credentials (RFC 8445 section 7.3), and these stay.
   */
  private async revive(): Promise<void> {
    const { peer, resource, generation } = this
    if (!peer || !resource) return
    try {
      await peer.setLocalDescription(await peer.createOffer({ iceRestart: true }))
      if (generation === this.generation && this.state === 'away') await peer.setRemoteDescription({ type: 'answer', sdp: resource.answer })
    } catch {
      // The next one, or the restart when the server answers again.
    }
  }

  private fail(error: unknown): void {
    this.patching = null
    this.error = error instanceof ResourceError ? error : new ResourceError(statusOf(error), 'peer', String(error))
    const { status } = this.error
    if (status === 401 || status === 403) this.refreshToken = true
    this.take(status === 404 || status === 409 || status === 412 ? 'gone' : status === 0 || status >= 500 ? 'unreachable' : 'refused')
  }

  private close(): void {
    this.generation += 1
    this.abort?.abort()
    this.patching?.abort()
    this.abort = this.patching = null
    this.looks?.()
    this.looks = null
    clearInterval(this.reviving)
    if (this.resource) void deleteResource(this.fetcher, this.resource.location, this.token)
    this.resource = null
    const peer = this.peer
    this.peer = null
    if (!peer) return
    peer.onconnectionstatechange = peer.oniceconnectionstatechange = peer.ontrack = null
    peer.close()
  }

  private listen(peer: P, generation: number): void {
    const news = (event: SessionEvent): void => {
      if (generation === this.generation) this.take(event)
    }
    peer.onconnectionstatechange = () => {
      if (peer.connectionState === 'connected') news('connected')
      // ICE's own state may follow a moment later; only with ICE up it is DTLS that failed, and no restart mends that.
      else if (peer.connectionState === 'failed' && !isUp(peer.iceConnectionState)) news('lost')
      else if (peer.connectionState === 'failed' || peer.connectionState === 'closed') news('failed')
    }
    // After a restart `connectionState` may never have left "connected"; ICE's own state tells both ways.
    peer.oniceconnectionstatechange = () => {
      if (peer.iceConnectionState === 'disconnected') news('disconnected')
      else if (peer.iceConnectionState === 'failed') news('lost')
      else if (isUp(peer.iceConnectionState) && peer.connectionState === 'connected') news('connected')
    }
    peer.ontrack = (event: RTCTrackEvent) => {
      if (generation === this.generation) this.options.onTrack?.(event)
    }
  }

  private get fetcher(): Fetch {
    return this.options.fetch ?? ((input, init) => fetch(input, init))
  }
}

/** Of an error that is not ours: the token's source has statuses of its own (0: unreachable), a peer connection has none. */
function statusOf(error: unknown): number {
  return typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number' ? error.status : 400
}

function isUp(state: RTCIceConnectionState): boolean {
  return state === 'connected' || state === 'completed'
}
