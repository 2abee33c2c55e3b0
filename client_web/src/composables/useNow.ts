import { onScopeDispose, ref, type Ref } from 'vue'

/** The present, renewed every `everyMs`. */
export function useNow(everyMs = 1000): Ref<Date> {
  const now = ref(new Date())
  const timer = setInterval(() => (now.value = new Date()), everyMs)
  onScopeDispose(() => clearInterval(timer))
  return now
}
