import { computed, ref, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { useAsked } from './useAsked'

export interface Paged<T> {
  items: ComputedRef<T[]>
  error: ShallowRef<unknown>
  loading: Ref<boolean>
  hasMore: ComputedRef<boolean>
  growing: Ref<boolean>
  refresh: () => Promise<void>
  more: () => Promise<void>
}

/** A list by cursor. `refresh` asks for as many items as are shown, so that a live update never shortens what is read. */
export function usePaged<T>(
  ask: (cursor: string | undefined, limit: number, signal: AbortSignal) => Promise<{ items: T[]; next: string | null }>,
  pageSize = 50,
): Paged<T> {
  const shown = ref(pageSize)
  const growing = ref(false)
  const asked = useAsked((signal) => ask(undefined, Math.min(shown.value, 500), signal))
  const items = computed(() => asked.data.value?.items ?? [])
  const hasMore = computed(() => asked.data.value?.next != null)

  async function more(): Promise<void> {
    const cursor = asked.data.value?.next
    if (!cursor || growing.value) return
    growing.value = true
    try {
      const page = await ask(cursor, pageSize, new AbortController().signal)
      asked.data.value = { items: [...items.value, ...page.items], next: page.next }
      shown.value = items.value.length
    } catch (problem) {
      asked.error.value = problem
    } finally {
      growing.value = false
    }
  }

  return { items, error: asked.error, loading: asked.loading, hasMore, growing, refresh: asked.refresh, more }
}
