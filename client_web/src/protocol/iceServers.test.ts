import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createIceServers, readIceServers } from './iceServers'

const turn = { urls: ['turn:t.example:3478?transport=udp', 'turns:t.example:443?transport=tcp'], username: '9:u', credential: 'c' }
const answer = (minutes: number): Response =>
  Response.json({ ice_servers: [turn], expires_at: new Date(Date.now() + minutes * 60_000).toISOString() })

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('the ICE servers', () => {
  it('are asked for once, with the token, and again shortly before they end', async () => {
    const calls: (RequestInit | undefined)[] = []
    const servers = createIceServers((_, init) => (calls.push(init), Promise.resolve(answer(10))))
    expect(servers.current()).toEqual([])
    await Promise.all([servers.ready('T'), servers.ready('T')])
    expect(servers.current()).toEqual([turn])
    expect(calls.map((init) => (init?.headers as Record<string, string>).Authorization)).toEqual(['Bearer T'])
    await vi.advanceTimersByTimeAsync(8 * 60_000)
    await servers.ready('T')
    expect(calls).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(70_000)
    await servers.ready('T')
    expect(calls).toHaveLength(2)
  })

  it('never keep a lesson waiting, and a failure is not asked again at once', async () => {
    let asked = 0
    const never = createIceServers(() => (asked++, new Promise<Response>(() => undefined)))
    const ready = never.ready('T')
    await vi.advanceTimersByTimeAsync(1500)
    await ready
    expect(never.current()).toEqual([])

    const failing = createIceServers(() => (asked++, Promise.reject(new TypeError('offline'))))
    await failing.ready('T')
    await failing.ready('T')
    expect(asked).toBe(2)
    expect(failing.current()).toEqual([])
  })

  it('are not used beyond their end', async () => {
    const servers = createIceServers(() => Promise.resolve(answer(1)))
    await servers.ready('T')
    await vi.advanceTimersByTimeAsync(60_001)
    expect(servers.current()).toEqual([])
  })
})

describe('the answer', () => {
  it('is read without what no browser would take', () => {
    const { servers, endsAt } = readIceServers({ ice_servers: [turn, { urls: 'stun:s.example' }, { urls: ['turn:no.name'] }, { urls: ['http://x'] }, 5] }, 1000)
    expect(servers).toEqual([turn, { urls: ['stun:s.example'] }])
    expect(endsAt).toBe(601_000)
  })

  it.each([[null], [[]], ['<html>'], [{ ice_servers: {} }]])('is refused when it is %j', (value) => {
    expect(() => readIceServers(value, 0)).toThrow(TypeError)
  })
})
