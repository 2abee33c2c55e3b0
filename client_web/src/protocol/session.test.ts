import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MediaSession, type PeerLike } from './session'
import type { SessionState } from './sessionMachine'

class FakePeer implements PeerLike {
  connectionState: RTCPeerConnectionState = 'new'
  iceConnectionState: RTCIceConnectionState = 'new'
  onconnectionstatechange: PeerLike['onconnectionstatechange'] = null
  oniceconnectionstatechange: PeerLike['oniceconnectionstatechange'] = null
  ontrack: PeerLike['ontrack'] = null
  localDescription: RTCSessionDescription | null = null
  answers: string[] = []
  restarts = 0
  closed = false
  received = 0

  createOffer(options?: RTCOfferOptions): Promise<RTCSessionDescriptionInit> {
    if (options?.iceRestart) this.restarts += 1
    return Promise.resolve({ type: 'offer', sdp: `v=0\r\na=ice-ufrag:u${this.restarts}\r\na=ice-pwd:p${this.restarts}\r\n` })
  }

  setLocalDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.localDescription = description as RTCSessionDescription
    return Promise.resolve()
  }

  setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.answers.push(description.sdp ?? '')
    return Promise.resolve()
  }

  getStats(): Promise<RTCStatsReport> {
    return Promise.resolve(new Map([['T', { type: 'transport', packetsReceived: this.received }]]) as unknown as RTCStatsReport)
  }

  close(): void {
    this.closed = true
  }

  become(state: RTCPeerConnectionState, ice: RTCIceConnectionState): void {
    this.connectionState = state
    this.iceConnectionState = ice
    this.oniceconnectionstatechange?.call(this as unknown as RTCPeerConnection, new Event('x'))
    this.onconnectionstatechange?.call(this as unknown as RTCPeerConnection, new Event('x'))
  }

  connect(): void {
    this.become('connected', 'connected')
  }
}

interface Call {
  method: string
  url: string
  body: string
}

/** A server that is there or not. */
class FakeReach {
  private readonly waiting = new Set<() => void>()

  wait(back: () => void): () => void {
    this.waiting.add(back)
    return () => this.waiting.delete(back)
  }

  get asked(): boolean {
    return this.waiting.size > 0
  }

  isBack(): void {
    for (const back of [...this.waiting]) {
      this.waiting.delete(back)
      back()
    }
  }
}

type Answer = Response | Promise<Response>

function setUp(respond: (call: Call, number: number) => Answer = () => created(), occupied: () => boolean = () => false, standBack = 0) {
  const reach = new FakeReach()
  const peers: FakePeer[] = []
  const calls: Call[] = []
  const states: SessionState[] = []
  const asked: boolean[] = []
  const session = new MediaSession<FakePeer>({
    name: 'test',
    url: '/whip/l1',
    token: (fresh) => (asked.push(fresh), Promise.resolve('T')),
    createPeer: () => {
      const peer = new FakePeer()
      peers.push(peer)
      return peer
    },
    prepare: () => undefined,
    occupied,
    standBack,
    reach,
    onState: (state) => states.push(state),
    fetch: (url, init = {}) => {
      const call = { method: init.method ?? 'GET', url, body: typeof init.body === 'string' ? init.body : '' }
      calls.push(call)
      const answer = Promise.resolve(call.method === 'DELETE' ? new Response(null, { status: 200 }) : respond(call, calls.length))
      const aborted = new Promise<Response>((_, reject) => init.signal?.addEventListener('abort', () => reject(new DOMException('x', 'AbortError'))))
      return Promise.race([answer, aborted])
    },
    random: () => 0.5,
  })
  const newest = (): FakePeer => peers.at(-1) as FakePeer
  const methods = (): string[] => calls.map((call) => call.method)
  return { session, peers, calls, states, asked, newest, methods, reach }
}

const created = (): Response =>
  new Response('v=0\r\na=ice-ufrag:srv\r\na=ice-pwd:srvpwd\r\n', { status: 201, headers: { Location: '/whip/l1/w0.1', ETag: '"1"' } })
const problem = (status: number): Response => new Response(JSON.stringify({ code: 'x', detail: 'y' }), { status })
const restarted = (): Response => new Response('a=ice-ufrag:srv2\r\na=ice-pwd:srvpwd2\r\n', { status: 200 })
const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('a media session', () => {
  it('opens, and is live when the peer is connected', async () => {
    const { session, newest, states } = setUp()
    session.start()
    await settle()
    expect(newest().answers).toHaveLength(1)
    newest().connect()
    expect(states).toEqual(['opening', 'live'])
  })

  it('lets ICE come back alone from a short loss', async () => {
    const { session, newest, methods } = setUp()
    session.start()
    await settle()
    newest().connect()
    newest().become('disconnected', 'disconnected')
    await settle(1000)
    newest().connect()
    await settle(5000)
    expect(session.state).toBe('live')
    expect(methods()).toEqual(['POST'])
  })

  it('restarts ICE when the loss lasts, on the same peer connection', async () => {
    const { session, peers, newest, methods } = setUp((call) => (call.method === 'PATCH' ? restarted() : created()))
    session.start()
    await settle()
    newest().connect()
    newest().become('disconnected', 'disconnected')
    await settle(1300)
    expect(methods()).toEqual(['POST', 'PATCH'])
    expect(newest().answers[1]).toContain('a=ice-ufrag:srv2')
    newest().connect()
    expect(session.state).toBe('live')
    expect(peers).toHaveLength(1)
  })

  it('opens anew when the server does not know the session any more', async () => {
    const { session, peers, newest } = setUp((call) => (call.method === 'PATCH' ? problem(404) : created()))
    session.start()
    await settle()
    newest().connect()
    newest().become('disconnected', 'disconnected')
    await settle(1300)
    expect(peers).toHaveLength(2)
    expect(peers[0]?.closed).toBe(true)
    newest().connect()
    expect(session.state).toBe('live')
  })

  it('opens anew when the restart brings nothing', async () => {
    const { session, peers, newest } = setUp((call) => (call.method === 'PATCH' ? restarted() : created()))
    session.start()
    await settle()
    newest().connect()
    newest().become('disconnected', 'disconnected')
    await settle(1300 + 2600)
    expect(peers).toHaveLength(2)
  })

  it('opens anew at once on failure and on media_reset', async () => {
    const { session, peers, newest, methods } = setUp()
    session.start()
    await settle()
    newest().connect()
    newest().become('failed', 'connected') // DTLS: the server has closed it
    await settle()
    expect(peers).toHaveLength(2)
    newest().connect()
    session.reset()
    await settle()
    expect(peers).toHaveLength(3)
    expect(methods()).toEqual(['POST', 'DELETE', 'POST', 'DELETE', 'POST'])
  })

  it('keeps trying while it is refused, ever more slowly, and tells why', async () => {
    const { session, calls, asked } = setUp((_, n) => problem(n === 1 ? 401 : 409))
    session.start()
    await settle()
    expect(session.state).toBe('waiting')
    expect(session.error?.status).toBe(401)
    await settle(20_000)
    expect(session.error?.status).toBe(409)
    expect(calls.length).toBeGreaterThan(4)
    expect(calls.length).toBeLessThan(12)
    expect(asked.slice(0, 2)).toEqual([false, true])
  })

  it('gives up on a connection that never comes up', async () => {
    const { session, peers } = setUp()
    session.start()
    await settle(9000)
    expect(peers.length).toBe(2)
    expect(peers[0]?.closed).toBe(true)
  })

  it('does not fight at full speed with another page that takes its place', async () => {
    const { session, peers, newest } = setUp()
    session.start()
    await settle()
    for (let i = 0; i < 12; i += 1) {
      if (newest().connectionState === 'new') newest().connect()
      await settle(500)
      if (session.state === 'live') newest().become('failed', 'connected')
      await settle(500)
    }
    expect(peers.length).toBeLessThan(9)
  })

  describe('whose network goes away', () => {
    const patched = (call: Call): Answer => (call.method === 'PATCH' ? restarted() : created())

    /** Live, and packets have come for two seconds. */
    async function flowing(respond: (call: Call, number: number) => Answer = patched, standBack = 0) {
      const all = setUp(respond, () => false, standBack)
      all.session.start()
      await settle()
      all.newest().connect()
      await flow(all.newest(), 3000)
      return all
    }

    async function flow(peer: FakePeer, ms: number): Promise<void> {
      for (let at = 0; at < ms; at += 100) {
        peer.received += 5
        await settle(100)
      }
    }

    it('notices within two seconds that nothing arrives any more, and restarts ICE', async () => {
      const { session, methods, newest } = await flowing()
      expect(methods()).toEqual(['POST'])
      await settle(2000)
      expect(methods()).toEqual(['POST', 'PATCH'])
      expect(session.state).toBe('restarting')
      await flow(newest(), 600)
      expect(session.state).toBe('live')
    })

    it('keeps the connection and its picture through a long outage, and restarts ICE when the server answers again', async () => {
      let there = true
      const hung = new Promise<Response>(() => undefined)
      const { session, peers, methods, newest, reach } = await flowing((call) => (there ? patched(call) : hung))
      there = false
      newest().become('disconnected', 'disconnected')
      await settle(5000)
      expect([session.state, reach.asked]).toEqual(['away', true])
      newest().become('failed', 'failed')
      await settle(15_000)
      expect(session.state).toBe('away')
      there = true
      reach.isBack()
      await settle(10)
      expect(methods()).toEqual(['POST', 'PATCH', 'PATCH'])
      newest().connect()
      expect(session.state).toBe('live')
      expect(peers).toHaveLength(1)
      expect(peers[0]?.closed).toBe(false)
    })

    it('keeps it also when the whole connection is told to have failed before ICE is', async () => {
      let there = true
      const { session, peers, newest } = await flowing((call) => (there ? patched(call) : Promise.reject(new TypeError('x'))))
      there = false
      newest().become('disconnected', 'disconnected')
      await settle(5000)
      newest().become('failed', 'disconnected')
      newest().become('failed', 'failed')
      expect(session.state).toBe('away')
      expect(peers).toHaveLength(1)
    })

    it('goes on looking for a way with new credentials of its own, and needs no request when one opens', async () => {
      const hung = new Promise<Response>(() => undefined)
      const { session, peers, methods, newest } = await flowing((call) => (call.method === 'PATCH' ? hung : created()))
      const first = newest().answers[0]
      await settle(17_000)
      expect(session.state).toBe('away')
      expect(newest().restarts).toBe(4) // one for the request that hung, three alone
      expect(newest().answers).toEqual([first, first, first, first])
      newest().become('connected', 'connected')
      await settle(9000)
      expect(session.state).toBe('live')
      expect(newest().restarts).toBeLessThanOrEqual(5)
      expect(methods().filter((method) => method !== 'PATCH')).toEqual(['POST'])
      expect(peers).toHaveLength(1)
    })

    it('does not wait for the answer to an offer that went out into a broken network', async () => {
      const hung = new Promise<Response>(() => undefined)
      const { session, calls, reach } = setUp((_, number) => (number === 1 ? hung : created()))
      session.start()
      await settle(3900)
      expect(session.state).toBe('opening')
      await settle(200)
      expect([session.state, reach.asked]).toEqual(['waiting', true])
      reach.isBack()
      await settle(600)
      expect(session.state).toBe('opening')
      expect(calls).toHaveLength(2)
    })

    it('comes back alone when media flows again while the server is not yet answering', async () => {
      let there = true
      const { session, newest, methods } = await flowing((call) => (there ? patched(call) : Promise.reject(new TypeError('Failed to fetch'))))
      there = false
      await settle(2000)
      expect(session.state).toBe('away')
      await flow(newest(), 1100)
      expect(session.state).toBe('live')
      expect(methods()).toEqual(['POST', 'PATCH'])
    })

    it('opens anew when the server has meanwhile forgotten the session', async () => {
      let known = true
      const { session, peers, newest, reach } = await flowing((call) => (call.method !== 'PATCH' ? created() : known ? Promise.reject(new TypeError('x')) : problem(404)))
      await settle(2000)
      expect(session.state).toBe('away')
      known = false
      reach.isBack()
      await settle(600)
      expect(peers).toHaveLength(2)
      newest().connect()
      expect(session.state).toBe('live')
    })

    it('does not ask a server that answers wrongly more than twice a second', async () => {
      const { calls, reach } = await flowing((call) => (call.method === 'PATCH' ? problem(503) : created()))
      for (let at = 0; at < 6000; at += 50) {
        reach.isBack()
        await settle(50)
      }
      expect(calls.length).toBeGreaterThan(5)
      expect(calls.length).toBeLessThan(12)
    })

    it('stands back a moment where others go first', async () => {
      let there = true
      const { methods, reach } = await flowing((call) => (there ? patched(call) : Promise.reject(new TypeError('x'))), 700)
      there = false
      await settle(5000)
      there = true
      reach.isBack()
      await settle(650)
      expect(methods()).toEqual(['POST', 'PATCH'])
      await settle(100)
      expect(methods()).toEqual(['POST', 'PATCH', 'PATCH'])
    })

    it('asks once a second for half a minute when it cannot be opened, and then ever more seldom', async () => {
      const { session, calls } = setUp(() => problem(503))
      session.start()
      await settle(30_000)
      const first = calls.length
      expect(first).toBeGreaterThan(25)
      await settle(30_000)
      expect(calls.length - first).toBeLessThan(10)
    })
  })

  describe('whose place is taken by another page', () => {
    async function pushedOut(occupied: () => boolean) {
      const all = setUp((call) => (call.method === 'PATCH' ? problem(404) : created()), occupied)
      all.session.start()
      await settle()
      all.newest().connect()
      all.newest().become('disconnected', 'disconnected')
      await settle(1300)
      return all
    }

    it('gives way, says so, and comes back when the place is free', async () => {
      let taken = true
      const { session, peers, newest } = await pushedOut(() => taken)
      await settle(10_000)
      expect(peers).toHaveLength(1)
      expect([session.state, session.displaced]).toEqual(['waiting', true])
      taken = false
      await settle(2100)
      expect(peers).toHaveLength(2)
      newest().connect()
      expect([session.state, session.displaced]).toEqual(['live', false])
    })

    it('does not take its own closed session, still listed for a moment, for another page', async () => {
      let taken = true
      const { session, peers } = await pushedOut(() => taken)
      expect(session.displaced).toBe(false)
      taken = false
      await settle(2100)
      expect(peers).toHaveLength(2)
    })

    it('comes back at once when the server asks for it', async () => {
      const { session, peers } = await pushedOut(() => true)
      session.reset()
      await settle()
      expect(peers).toHaveLength(2)
      expect(session.displaced).toBe(false)
    })
  })

  it('ends the session on the server when stopped, also in the middle of opening', async () => {
    const { session, newest, methods, peers } = setUp()
    session.start()
    await settle()
    newest().connect()
    session.stop()
    await settle()
    expect(methods()).toEqual(['POST', 'DELETE'])
    expect(peers[0]?.closed).toBe(true)
    peers[0]?.become('failed', 'failed')
    expect(session.state).toBe('stopped')
    session.start()
    session.stop()
    await settle(10_000)
    expect(session.state).toBe('stopped')
  })
})
