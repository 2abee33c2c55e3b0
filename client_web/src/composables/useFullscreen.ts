import { onScopeDispose, ref, type Ref } from 'vue'

/** Whether something fills the screen, and a switch for an element (the page without one). */
export function useFullscreen(): { full: Ref<boolean>; toggle: (element?: HTMLElement) => Promise<void> } {
  const full = ref(document.fullscreenElement !== null)
  const read = (): void => {
    full.value = document.fullscreenElement !== null
  }
  document.addEventListener('fullscreenchange', read)
  onScopeDispose(() => document.removeEventListener('fullscreenchange', read))

  async function toggle(element: HTMLElement = document.documentElement): Promise<void> {
    // A browser that refuses (an iframe, a kiosk) simply stays as it is.
    if (document.fullscreenElement) await document.exitFullscreen().catch(() => undefined)
    else await element.requestFullscreen().catch(() => undefined)
  }
  return { full, toggle }
}
