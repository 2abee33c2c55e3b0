/** A clock reading (ms), ticking; `read` may be the server's clock. */
import { onScopeDispose, ref, type Ref } from 'vue'

export function useTick(every = 1000, read: () => number = Date.now): Ref<number> {
  const now = ref(read())
  const timer = setInterval(() => (now.value = read()), every)
  onScopeDispose(() => clearInterval(timer))
  return now
}
