/**
 * The newest page of one browser holds the place; an older one learns that it was taken over and stops sending,
 * so that two windows do not push each other out for the whole lesson.
 */
import { onScopeDispose, ref } from 'vue'

export function useOnlyPage(name: string) {
  const lost = ref(false)
  let release: (() => void) | null = null

  function take(): void {
    lost.value = false
    // Web Locks exist only on secure origins; elsewhere there are no devices to fight over either.
    if (!('locks' in navigator)) return
    navigator.locks
      .request(`tongke.${name}`, { steal: true }, () => new Promise<void>((resolve) => (release = resolve)))
      .catch(() => {
        lost.value = true
      })
  }

  onScopeDispose(() => release?.())
  return { lost, take }
}
