import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { addressOf, api, ApiError, configureApi } from './client'

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(body === undefined ? null : JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } })
}

const unauthorized = vi.fn()
let asked: { address: string; init: RequestInit }[] = []
let next: () => Response | Promise<Response>

beforeEach(() => {
  asked = []
  unauthorized.mockReset()
  configureApi({ language: () => 'en', unreachable: () => 'cannot reach', unexplained: (status) => `broken ${status}`, onUnauthorized: unauthorized })
  vi.stubGlobal('fetch', (address: string, init: RequestInit) => {
    asked.push({ address, init })
    return Promise.resolve().then(next)
  })
})
afterEach(() => vi.unstubAllGlobals())

describe('addresses', () => {
  it('fill the path and leave empty query values out', () => {
    expect(addressOf('/api/lessons/{lesson_id}', { lesson_id: 'l1/..' }, { state: '', limit: 5, cursor: undefined })).toBe('/api/lessons/l1%2F..?limit=5')
  })

  it('refuse a path without its value', () => {
    expect(() => addressOf('/api/lessons/{lesson_id}', {})).toThrow('lesson_id')
  })
})

describe('a call', () => {
  it('sends the page language and JSON, and gives the answer', async () => {
    next = () => answer(201, { id: 'l1' })
    const lesson = await api('post', '/api/lessons', { body: { pairing_id: 'p01', subject: 'music', topic: 't', starts_at: '2026-11-23T00:00:00Z', planned_minutes: 40 } })
    expect(lesson.id).toBe('l1')
    expect(asked[0]?.address).toBe('/api/lessons')
    expect(asked[0]?.init.method).toBe('POST')
    expect((asked[0]?.init.headers as Record<string, string>)['Accept-Language']).toBe('en')
    expect(JSON.parse(String(asked[0]?.init.body))).toMatchObject({ pairing_id: 'p01' })
  })

  it('gives nothing for 204', async () => {
    next = () => new Response(null, { status: 204 })
    expect(await api('delete', '/api/session')).toBeUndefined()
  })

  it('raises the detail of a problem as it is', async () => {
    next = () => answer(409, { type: 'about:blank', title: 'Conflict', status: 409, detail: '课已经开始，不能取消。', code: 'conflict' })
    const error = await api('get', '/api/lessons').catch((problem: unknown) => problem)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ status: 409, code: 'conflict', detail: '课已经开始，不能取消。' })
  })

  it('says something of its own when a proxy answers with a page', async () => {
    next = () => new Response('<html>', { status: 502 })
    await expect(api('get', '/api/lessons')).rejects.toMatchObject({ status: 502, detail: 'broken 502' })
  })

  it('says that the server is out of reach', async () => {
    next = () => {
      throw new TypeError('Failed to fetch')
    }
    await expect(api('get', '/api/lessons')).rejects.toMatchObject({ status: 0, code: 'offline', detail: 'cannot reach' })
  })

  it('lets a cancelled question pass as such', async () => {
    next = () => {
      throw new DOMException('aborted', 'AbortError')
    }
    await expect(api('get', '/api/lessons')).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('ends the session on 401, but not for a wrong password', async () => {
    next = () => answer(401, { detail: 'log in', code: 'unauthorized' })
    await expect(api('post', '/api/session', { body: { username: 'a', password: 'b' } })).rejects.toMatchObject({ status: 401 })
    expect(unauthorized).not.toHaveBeenCalled()
    await expect(api('get', '/api/lessons')).rejects.toMatchObject({ status: 401 })
    expect(unauthorized).toHaveBeenCalledOnce()
  })

  it('knows how long to wait', async () => {
    next = () => answer(429, { detail: 'slow down', code: 'too_many' }, { 'Retry-After': '7' })
    await expect(api('post', '/api/session', { body: { username: 'a', password: 'b' } })).rejects.toMatchObject({ retryAfter: 7 })
  })
})
