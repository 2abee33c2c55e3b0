/** `window.__tongke`: read-only sight of this page's peer connections, for support and for the browser tests. The only global. */

export interface SessionReport {
  name: string
  state: string
  connectionState: string
  /** The members of `getStats()` as plain objects. */
  stats: Record<string, unknown>[]
}

interface Watched {
  name: string
  state: string
  peer: RTCPeerConnection | null
}

export interface TongkeDebug {
  stats(): Promise<SessionReport[]>
  /** The peer connections that are there now; to look at, not to change. */
  connections(): RTCPeerConnection[]
}

declare global {
  interface Window {
    __tongke?: TongkeDebug
  }
}

const watched = new Set<Watched>()

/** Lists a session until the returned function is called. */
export function watchSession(session: Watched): () => void {
  watched.add(session)
  install()
  return () => watched.delete(session)
}

function install(): void {
  if (typeof window === 'undefined' || window.__tongke) return
  const value: TongkeDebug = Object.freeze({ stats: reportAll, connections })
  Object.defineProperty(window, '__tongke', { value, configurable: false, writable: false })
}

function connections(): RTCPeerConnection[] {
  return [...watched].map((session) => session.peer).filter((peer) => peer !== null)
}

async function reportAll(): Promise<SessionReport[]> {
  return Promise.all([...watched].map(report))
}

async function report(session: Watched): Promise<SessionReport> {
  const stats: Record<string, unknown>[] = []
  const peer = session.peer
  if (peer) {
    const found = await peer.getStats()
    found.forEach((entry: Record<string, unknown>) => stats.push({ ...entry }))
  }
  return { name: session.name, state: session.state, connectionState: peer?.connectionState ?? 'none', stats }
}
