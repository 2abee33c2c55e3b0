/**
 * WHIP (RFC 9725) and WHEP resources over fetch: offer in, answer out, ICE restart by PATCH, end by DELETE.
 * Knows nothing of peer connections.
 */

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>

export interface SdpResource {
  /** Absolute or root-relative URL of the session. */
  location: string
  etag: string | null
  answer: string
}

export interface IceCredentials {
  ufrag: string
  pwd: string
}

/** The server refused; `status` 0 when it could not be reached at all. */
export class ResourceError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, detail: string) {
    super(detail)
    this.name = 'ResourceError'
    this.status = status
    this.code = code
  }
}

async function problemOf(response: Response): Promise<ResourceError> {
  let code = ''
  let detail = response.statusText
  try {
    const body: unknown = await response.json()
    if (typeof body === 'object' && body !== null) {
      if ('code' in body && typeof body.code === 'string') code = body.code
      if ('detail' in body && typeof body.detail === 'string') detail = body.detail
    }
  } catch {
    // Not a problem document (a proxy's page): the status alone must do.
  }
  return new ResourceError(response.status, code, detail)
}

async function call(fetcher: Fetch, url: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetcher(url, init)
  } catch (error) {
    throw new ResourceError(0, 'unreachable', error instanceof Error ? error.message : String(error))
  }
  if (!response.ok) throw await problemOf(response)
  return response
}

/** POST the offer; the answer and where the session lives. */
export async function createResource(
  fetcher: Fetch,
  url: string,
  token: string,
  offer: string,
  signal?: AbortSignal,
): Promise<SdpResource> {
  const response = await call(fetcher, url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp', Accept: 'application/sdp', Authorization: `Bearer ${token}` },
    body: offer,
    ...(signal ? { signal } : {}),
  })
  const location = response.headers.get('Location')
  if (!location) throw new ResourceError(502, 'no_location', 'The answer has no Location.')
  return { location, etag: response.headers.get('ETag'), answer: await response.text() }
}

/** PATCH new ICE credentials (RFC 9725 section 4.3.2: If-Match "*"); the server's new ones come back. */
export async function restartResource(
  fetcher: Fetch,
  resource: SdpResource,
  token: string,
  local: IceCredentials,
  signal?: AbortSignal,
): Promise<{ remote: IceCredentials; etag: string | null }> {
  const response = await call(fetcher, resource.location, {
    method: 'PATCH',
    headers: {
      'Content-Type': 'application/trickle-ice-sdpfrag',
      'If-Match': '"*"',
      Authorization: `Bearer ${token}`,
    },
    body: buildFragment(local),
    ...(signal ? { signal } : {}),
  })
  const remote = response.status === 200 ? credentialsOf(await response.text()) : null
  if (!remote) throw new ResourceError(502, 'no_credentials', 'The answer to the ICE restart has no credentials.')
  return { remote, etag: response.headers.get('ETag') }
}

/** DELETE, also while the page is going away; the server forgets a session by itself, so failure is no matter. */
export async function deleteResource(fetcher: Fetch, location: string, token: string): Promise<void> {
  try {
    await fetcher(location, { method: 'DELETE', keepalive: true, headers: { Authorization: `Bearer ${token}` } })
  } catch {
    // Unreachable: its consent timer ends the session there.
  }
}

/** ICE credentials of an SDP or a fragment: the first of each, because everything is bundled. */
export function credentialsOf(sdp: string): IceCredentials | null {
  const ufrag = /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1]
  const pwd = /^a=ice-pwd:(\S+)/m.exec(sdp)?.[1]
  return ufrag && pwd ? { ufrag, pwd } : null
}

/** application/trickle-ice-sdpfrag (RFC 8840) with nothing but new credentials. */
export function buildFragment(local: IceCredentials): string {
  return `a=ice-ufrag:${local.ufrag}\r\na=ice-pwd:${local.pwd}\r\n`
}

/** The old answer with the server's new credentials: the remote description after a restart. */
export function spliceCredentials(answer: string, remote: IceCredentials): string {
  return answer
    .replace(/^a=ice-ufrag:.*$/gm, () => `a=ice-ufrag:${remote.ufrag}`)
    .replace(/^a=ice-pwd:.*$/gm, () => `a=ice-pwd:${remote.pwd}`)
}
