import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RoomClient, type RoomState, type SocketLike } from './room'
import type { ServerMessage } from './messages'
import type { Reach } from './reach'

class FakeSocket implements SocketLike {
  onopen: ((event: Event) => void) | null = null
  onmessage: ((event: MessageEvent) => void) | null = null
  onclose: ((event: CloseEvent) => void) | null = null
  onerror: ((event: Event) => void) | null = null
  sent: Record<string, unknown>[] = []
  closed = false

  send(data: string): void {
    this.sent.push(JSON.parse(data) as Record<string, unknown>)
  }

  close(): void {
    this.closed = true
  }

  open(): void {
    this.onopen?.(new Event('open'))
  }

  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify({ v: 1, ...message }) } as MessageEvent)
  }

  fall(): void {
    this.onclose?.({} as CloseEvent)
  }

  welcome(): void {
    this.open()
    this.say({
      type: 'welcome',
      self: { participant_id: 'classroom-s11', role: 'classroom' },
      lesson: { id: 'l1', state: 'live' },
      participants: [],
      stage: null,
      layout: 'both',
      recording: null,
      server_time: Date.now() / 1000 + 5,
    })
  }
}

/** The server is always there. */
const there = {
  wait: (back: () => void): (() => void) => {
    const timer = setTimeout(back, 0)
    return () => clearTimeout(timer)
  },
}

function setUp(reach: Pick<Reach, 'wait'> = there) {
  const sockets: FakeSocket[] = []
  const states: RoomState[] = []
  const messages: ServerMessage[] = []
  const asked: boolean[] = []
  const room = new RoomClient({
    url: '/api/lessons/l1/room',
    token: (fresh) => {
      asked.push(fresh)
      return Promise.resolve(`token${asked.length}`)
    },
    onMessage: (message) => messages.push(message),
    onState: (state) => states.push(state),
    connect: () => {
      const socket = new FakeSocket()
      sockets.push(socket)
      return socket
    },
    reach,
    random: () => 0.5,
  })
  const newest = (): FakeSocket => sockets.at(-1) as FakeSocket
  return { room, sockets, states, messages, asked, newest }
}

const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('the room client', () => {
  it('says hello with its token and is open after the welcome', async () => {
    const { room, newest, states } = setUp()
    room.start()
    await settle()
    newest().welcome()
    expect(newest().sent[0]).toEqual({ v: 1, type: 'hello', token: 'token1' })
    expect(states).toEqual(['connecting', 'open'])
    expect(room.clockOffset).toBe(5000)
  })

  it('comes back by itself within a second and repeats devices and the raised hand', async () => {
    const { room, newest, sockets } = setUp()
    room.start()
    await settle()
    newest().welcome()
    room.send({ type: 'devices', microphone: true, camera: false, screen: false })
    room.send({ type: 'hand', raised: true })
    newest().fall()
    expect(room.state).toBe('waiting')
    await settle(1000)
    expect(sockets).toHaveLength(2)
    newest().welcome()
    expect(newest().sent.map((m) => m.type)).toEqual(['hello', 'devices', 'hand'])
  })

  it('waits longer from failure to failure and starts anew after a welcome', async () => {
    const { room, sockets, newest } = setUp()
    room.start()
    await settle()
    const gaps: number[] = []
    for (let i = 0; i < 4; i += 1) {
      newest().fall()
      const before = sockets.length
      let waited = 0
      while (sockets.length === before) {
        await settle(100)
        waited += 100
      }
      gaps.push(waited)
    }
    expect(gaps).toEqual([400, 800, 1600, 3200])
    newest().welcome()
    newest().fall()
    await settle(400)
    expect(sockets).toHaveLength(6)
  })

  it('asks for a fresh token after its hello was refused', async () => {
    const { room, newest, asked, messages } = setUp()
    room.start()
    await settle()
    newest().open()
    newest().say({ type: 'error', code: 'bad_token', detail: '令牌已过期' })
    newest().fall()
    await settle(1000)
    expect(asked).toEqual([false, true])
    expect(messages).toHaveLength(1)
  })

  it('notices a connection that is silent although it is open', async () => {
    const { room, newest, sockets } = setUp()
    room.start()
    await settle()
    newest().welcome()
    await settle(20_000)
    expect(sockets.length).toBeGreaterThan(1)
    expect(sockets[0]?.closed).toBe(true)
    expect(sockets[0]?.sent.filter((m) => m.type === 'ping').length).toBeGreaterThan(0)
  })

  it('gives up on a server that does not answer the hello', async () => {
    const { room, newest, sockets } = setUp()
    room.start()
    await settle()
    newest().open()
    await settle(9000)
    expect(sockets).toHaveLength(2)
    expect(sockets[0]?.closed).toBe(true)
  })

  it('tells that a command of the moment was not sent', async () => {
    const { room } = setUp()
    room.start()
    await settle()
    expect(room.send({ type: 'chat', text: '你好' })).toBe(false)
  })

  it('retries at once when nudged', async () => {
    const { room, newest, sockets } = setUp()
    room.start()
    await settle()
    newest().fall()
    await settle(1)
    room.nudge()
    await settle()
    expect(sockets).toHaveLength(2)
  })

  it('opens no socket into the void: it waits until the server answers', async () => {
    let back: () => void = () => undefined
    const { room, newest, sockets } = setUp({ wait: (call) => ((back = call), () => undefined) })
    room.start()
    await settle()
    newest().welcome()
    newest().fall()
    room.nudge()
    await settle(20_000)
    expect(sockets).toHaveLength(1)
    back()
    await settle(500)
    expect(sockets).toHaveLength(2)
  })

  it('stays closed after stop', async () => {
    const { room, newest, sockets } = setUp()
    room.start()
    await settle()
    newest().welcome()
    room.stop()
    await settle(60_000)
    expect(sockets).toHaveLength(1)
    expect(room.state).toBe('closed')
  })
})
