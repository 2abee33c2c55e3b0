/** Tells the server how far the reader has watched: every ten seconds of playing, at each pause, and when the page goes. */
import { onScopeDispose, watch } from 'vue'
import { addressOf } from '@/api/client'
import type { RecordingView } from './useRecording'

const EVERY = 10_000

export function useWatched(recordingId: string, view: RecordingView): void {
  let told = -1
  /** Who only opened the page has watched nothing. */
  let played = false

  function tell(): void {
    const position = Math.round(view.time.value * 10) / 10
    if (!played || position === told) return
    told = position
    // `keepalive`: the last one is sent while the page goes away. Lost, only the place is a few seconds old.
    void fetch(addressOf('/api/recordings/{recording_id}/position', { recording_id: recordingId }), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      credentials: 'same-origin',
      keepalive: true,
      body: JSON.stringify({ position, duration: Math.max(view.duration.value, position) }),
    }).catch(() => undefined)
  }

  const timer = setInterval(() => {
    if (view.state.value === 'playing') tell()
  }, EVERY)
  watch(view.state, (now, before) => {
    played ||= now === 'playing'
    if (before === 'playing' && now !== 'buffering') tell()
  })
  addEventListener('pagehide', tell)
  onScopeDispose(() => {
    clearInterval(timer)
    removeEventListener('pagehide', tell)
    tell()
  })
}
