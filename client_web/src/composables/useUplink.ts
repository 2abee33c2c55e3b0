/** Watches one publishing session's line, once a second, and tells how much of the picture it carries. */
import { onScopeDispose, ref, type Ref } from 'vue'
import type { Level } from '@/media/sender'
import { CAMERA_RUNGS, lineOf, newUplink, nextUplink, SCREEN_RUNGS, type Uplink } from '@/media/uplink'
import type { MediaSession } from '@/protocol/session'

const EVERY = 1000

export function watchUplink(session: MediaSession, kind: 'camera' | 'screen', onLevel: () => void): Ref<Level> {
  const level = ref<Level>('high')
  const rungs = kind === 'screen' ? SCREEN_RUNGS : CAMERA_RUNGS
  let held: { peer: RTCPeerConnection; uplink: Uplink } | null = null
  let reading = false

  async function look(): Promise<void> {
    const { peer } = session
    // A session that is away keeps its level: the line it comes back on is most likely the same.
    if (!peer || session.state !== 'live' || reading) return
    reading = true
    const found: Record<string, unknown>[] = []
    const stats = await peer.getStats().catch(() => null)
    stats?.forEach((entry: Record<string, unknown>) => found.push(entry))
    reading = false
    const line = lineOf(found, performance.now())
    if (held?.peer !== peer) held = { peer, uplink: { ...newUplink(line.at, rungs), level: level.value } }
    held.uplink = nextUplink(held.uplink, line, rungs)
    if (held.uplink.level === level.value) return
    level.value = held.uplink.level
    onLevel()
  }

  const timer = setInterval(() => void look(), EVERY)
  onScopeDispose(() => clearInterval(timer))
  return level
}
