/** Keeps the screen on for as long as the component lives; the browser drops the lock when the page is hidden, so it is taken again. */
import { onScopeDispose } from 'vue'

export function useWakeLock(): void {
  let lock: WakeLockSentinel | null = null
  let ended = false

  async function take(): Promise<void> {
    if (ended || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
    lock = await navigator.wakeLock.request('screen').catch(() => null)
    if (ended) await lock?.release().catch(() => undefined)
  }

  const again = (): void => void take()
  document.addEventListener('visibilitychange', again)
  void take()
  onScopeDispose(() => {
    ended = true
    document.removeEventListener('visibilitychange', again)
    void lock?.release().catch(() => undefined)
  })
}
