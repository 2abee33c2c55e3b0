/** Whether the browser lets this page be heard. One state for all media elements of the page; one press, anywhere, opens it. */
import { onScopeDispose, ref } from 'vue'
import { audioContext } from '@/media/level'

const blocked = ref(false)
/** Counts attempts: elements watch it and start again with sound. */
const turn = ref(0)
const speaker = ref<string | null>(null)

export function useSound() {
  return {
    blocked,
    turn,
    speaker,
    reportBlocked: () => {
      blocked.value = true
    },
    enable: () => {
      blocked.value = false
      turn.value += 1
      audioContext()
    },
  }
}

/** On a wall screen any key or touch is as good as the button. */
export function useSoundOnAnyPress(): void {
  const press = (): void => {
    if (blocked.value) useSound().enable()
  }
  window.addEventListener('pointerdown', press)
  window.addEventListener('keydown', press)
  onScopeDispose(() => {
    window.removeEventListener('pointerdown', press)
    window.removeEventListener('keydown', press)
  })
}
