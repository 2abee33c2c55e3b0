import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'

export interface Asked<T> {
  data: ShallowRef<T | undefined>
  error: ShallowRef<unknown>
  /** Only before the first answer: what is shown stays while it is asked again, so nothing jumps. */
  loading: Ref<boolean>
  refresh: () => Promise<void>
}

/** Something asked from the server, again whenever `refresh` is called; the newest question wins. */
export function useAsked<T>(ask: (signal: AbortSignal) => Promise<T>): Asked<T> {
  const data = shallowRef<T>()
  const error = shallowRef<unknown>()
  const loading = ref(true)
  let current: AbortController | undefined

  async function refresh(): Promise<void> {
    current?.abort()
    const mine = new AbortController()
    current = mine
    try {
      const answer = await ask(mine.signal)
      if (current !== mine) return
      data.value = answer
      error.value = undefined
    } catch (problem) {
      if (current !== mine) return
      error.value = problem
    }
    loading.value = false
  }

  onScopeDispose(() => {
    const last = current
    current = undefined
    last?.abort()
  })
  void refresh()
  return { data, error, loading, refresh }
}
