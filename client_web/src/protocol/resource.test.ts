import { describe, expect, it } from 'vitest'
import { buildFragment, createResource, credentialsOf, deleteResource, ResourceError, restartResource, spliceCredentials } from './resource'

const ANSWER = 'v=0\r\na=ice-ufrag:abcd\r\na=ice-pwd:secretsecretsecretsecret\r\nm=audio 9\r\na=ice-ufrag:abcd\r\na=ice-pwd:secretsecretsecretsecret\r\n'

function answering(status: number, body: string, headers: Record<string, string> = {}) {
  const calls: { url: string; init: RequestInit }[] = []
  const fetcher = (url: string, init: RequestInit = {}): Promise<Response> => {
    calls.push({ url, init })
    return Promise.resolve(new Response(body === '' ? null : body, { status, headers }))
  }
  return { fetcher, calls }
}

describe('WHIP and WHEP over HTTP', () => {
  it('posts the offer and returns where the session lives', async () => {
    const { fetcher, calls } = answering(201, ANSWER, { Location: '/whip/l1/w0.ff', ETag: '"e1"' })
    const resource = await createResource(fetcher, '/whip/l1', 'T', 'v=0')
    expect(resource).toEqual({ location: '/whip/l1/w0.ff', etag: '"e1"', answer: ANSWER })
    expect(calls[0]?.init.headers).toMatchObject({ 'Content-Type': 'application/sdp', Authorization: 'Bearer T' })
  })

  it('tells the code and the detail of a refusal', async () => {
    const { fetcher } = answering(409, JSON.stringify({ code: 'lesson_over', detail: '这节课已经结束' }))
    await expect(createResource(fetcher, '/whip/l1', 'T', 'v=0')).rejects.toMatchObject({ status: 409, code: 'lesson_over', message: '这节课已经结束' })
  })

  it('keeps the status of a refusal that is no problem document', async () => {
    const { fetcher } = answering(502, '<html>')
    await expect(createResource(fetcher, '/whip/l1', 'T', 'v=0')).rejects.toMatchObject({ status: 502, code: '' })
  })

  it('has status 0 when the server cannot be reached', async () => {
    const fetcher = (): Promise<Response> => Promise.reject(new TypeError('Failed to fetch'))
    await expect(createResource(fetcher, '/whip/l1', 'T', 'v=0')).rejects.toEqual(new ResourceError(0, 'unreachable', 'Failed to fetch'))
  })

  it('refuses an answer without Location', async () => {
    const { fetcher } = answering(201, ANSWER)
    await expect(createResource(fetcher, '/whip/l1', 'T', 'v=0')).rejects.toMatchObject({ code: 'no_location' })
  })

  it('restarts ICE with a fragment and any version of the session', async () => {
    const { fetcher, calls } = answering(200, 'a=ice-ufrag:new1\r\na=ice-pwd:newpwdnewpwdnewpwdnewp\r\n', { ETag: '"e2"' })
    const local = { ufrag: 'mine', pwd: 'minepwd' }
    const answer = await restartResource(fetcher, { location: '/whip/l1/x', etag: '"e1"', answer: ANSWER }, 'T', local)
    expect(answer).toEqual({ remote: { ufrag: 'new1', pwd: 'newpwdnewpwdnewpwdnewp' }, etag: '"e2"' })
    expect(calls[0]?.init).toMatchObject({ method: 'PATCH', body: buildFragment(local) })
    expect(calls[0]?.init.headers).toMatchObject({ 'If-Match': '"*"', 'Content-Type': 'application/trickle-ice-sdpfrag' })
  })

  it('deletes with keepalive and does not mind failure', async () => {
    const calls: RequestInit[] = []
    await deleteResource((_, init = {}) => (calls.push(init), Promise.reject(new TypeError())), '/whip/l1/x', 'T')
    expect(calls[0]).toMatchObject({ method: 'DELETE', keepalive: true })
  })
})

it('replaces every credential of an answer and nothing else', () => {
  const spliced = spliceCredentials(ANSWER, { ufrag: 'N$1', pwd: 'P$&' })
  expect(credentialsOf(spliced)).toEqual({ ufrag: 'N$1', pwd: 'P$&' })
  expect(spliced).not.toContain('abcd')
  expect(spliced).toContain('m=audio 9')
})

it('finds no credentials where there are none', () => {
  expect(credentialsOf('v=0\r\n')).toBeNull()
})
