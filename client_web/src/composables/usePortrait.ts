/** Whether the window is higher than wide. */
import { onScopeDispose, ref, type Ref } from 'vue'

export function usePortrait(): Ref<boolean> {
  const query = window.matchMedia('(orientation: portrait)')
  const portrait = ref(query.matches)
  const changed = (): void => {
    portrait.value = query.matches
  }
  query.addEventListener('change', changed)
  onScopeDispose(() => query.removeEventListener('change', changed))
  return portrait
}
