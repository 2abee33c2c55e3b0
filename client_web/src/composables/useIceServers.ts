/** The page's ICE servers: one list for all its peer connections. */
import { createIceServers } from '@/protocol/iceServers'
import type { TokenSource } from './useMediaToken'

const servers = createIceServers()

export const iceServers = (): RTCIceServer[] => servers.current()

/** A token source that has also seen to the ICE servers before a session opens with its token. */
export function withIceServers(token: TokenSource): TokenSource {
  return async (fresh) => {
    const given = await token(fresh)
    await servers.ready(given)
    return given
  }
}
