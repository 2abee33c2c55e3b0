/** Bars for one media session, read every two seconds. */
import { onScopeDispose, ref, type Ref } from 'vue'
import { qualityOf, readingOf, type Quality, type Reading } from '@/media/quality'
import type { MediaSession } from '@/protocol/session'

const EVERY = 2000

export interface QualityWatch {
  quality: Ref<Quality | null>
  stop: () => void
}

export function watchQuality(session: MediaSession, direction: 'in' | 'out'): QualityWatch {
  const quality = ref<Quality | null>(null)
  let before: { peer: RTCPeerConnection; reading: Reading } | null = null

  async function read(): Promise<void> {
    const { peer } = session
    if (!peer || session.state !== 'live') {
      before = null
      quality.value = null
      return
    }
    const found: Record<string, unknown>[] = []
    const stats = await peer.getStats().catch(() => null)
    stats?.forEach((entry: Record<string, unknown>) => found.push(entry))
    const reading = readingOf(found, direction, performance.now())
    if (before?.peer === peer) quality.value = qualityOf(before.reading, reading)
    before = { peer, reading }
  }

  const timer = setInterval(() => void read(), EVERY)
  const stop = (): void => clearInterval(timer)
  onScopeDispose(stop)
  return { quality, stop }
}
