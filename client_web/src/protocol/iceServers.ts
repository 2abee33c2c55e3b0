/**
 * The TURN and STUN servers that `GET /api/ice-servers` hands out for a while. They are a second way to the lesson: not to have them
 * never stops one, so whoever waits for them waits a moment only.
 */
import type { Fetch } from './resource'

/** ms. Credentials are renewed this long before they end; a failure is not tried again for a while; an answer without an end is good for some time. */
const RENEW_BEFORE = 60_000
const AFTER_FAILURE = 20_000
const WITHOUT_END = 600_000
/** A session waits this long for the first answer: most lines need no TURN. */
const PATIENCE = 1500

export interface IceServers {
  /** What is known now; empty is fine. */
  current(): RTCIceServer[]
  /** Asks if what is known ends soon; done within a moment, with or without an answer. */
  ready(token: string): Promise<void>
}

export function createIceServers(fetcher: Fetch = (input, init) => fetch(input, init), now: () => number = Date.now): IceServers {
  let known: RTCIceServer[] = []
  let endsAt = 0
  let askAgainAt = 0
  let asking: Promise<void> | null = null

  async function ask(token: string): Promise<void> {
    try {
      const response = await fetcher('/api/ice-servers', { headers: { Accept: 'application/json', Authorization: `Bearer ${token}` } })
      if (!response.ok) throw new Error(response.statusText)
      const answer = readIceServers(await response.json(), now())
      known = answer.servers
      endsAt = answer.endsAt
      askAgainAt = Math.max(now() + AFTER_FAILURE, endsAt - RENEW_BEFORE)
    } catch {
      askAgainAt = now() + AFTER_FAILURE
    }
  }

  return {
    current: () => (now() < endsAt ? known : []),
    ready: async (token) => {
      if (now() < askAgainAt) return
      asking ??= ask(token).finally(() => (asking = null))
      // What is known and still good serves while the new ones come.
      if (now() >= endsAt) await Promise.race([asking, new Promise((resolve) => setTimeout(resolve, PATIENCE))])
    },
  }
}

type Fields = Record<string, unknown>
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): value is string => typeof value === 'string'

/** The answer's servers and when they end (ms); entries that no browser would take are left out. Raises TypeError for anything else. */
export function readIceServers(value: unknown, now: number): { servers: RTCIceServer[]; endsAt: number } {
  if (!isObject(value) || !Array.isArray(value.ice_servers)) throw new TypeError('no list of ICE servers')
  const servers = value.ice_servers.filter(isObject).flatMap((entry): RTCIceServer[] => {
    const urls = (Array.isArray(entry.urls) ? entry.urls : [entry.urls]).filter(isText).filter((url) => /^(stun|turn)s?:/.test(url))
    if (urls.length === 0) return []
    const { username, credential } = entry
    const named = isText(username) && isText(credential) ? { username, credential } : {}
    // A browser refuses the whole list for one TURN server without a name.
    return urls.some((url) => url.startsWith('turn')) && !('username' in named) ? [] : [{ urls, ...named }]
  })
  const end = isText(value.expires_at) ? Date.parse(value.expires_at) : NaN
  return { servers, endsAt: Number.isNaN(end) ? now + WITHOUT_END : end }
}
