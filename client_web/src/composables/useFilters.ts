/** A list's filters, kept in the page's address: links lead to them and "back" works. */
import { computed, reactive, watch, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { dayStart } from '@/utils/format'

export interface Filters<N extends string> {
  filter: Record<N, string>
  filtered: ComputedRef<boolean>
  clear: () => void
}

export function useFilters<N extends string>(names: readonly N[], changed: () => void): Filters<N> {
  const route = useRoute()
  const router = useRouter()
  const filter = reactive(Object.fromEntries(names.map((name) => [name, String(route.query[name] ?? '')]))) as Record<N, string>
  watch(filter, () => {
    void router.replace({ query: Object.fromEntries(names.filter((name) => filter[name]).map((name) => [name, filter[name]])) })
    changed()
  })
  return {
    filter,
    filtered: computed(() => names.some((name) => filter[name])),
    clear: () => names.forEach((name) => (filter[name] = '')),
  }
}

/** The query's `from` for the beginning of a chosen day, and `to` for the end of one; a day is `2026-11-25`. */
export function fromDay(day: string): string {
  return day && new Date(`${day}T00:00`).toISOString()
}

export function toDay(day: string): string {
  return day && dayStart(new Date(`${day}T00:00`), 1).toISOString()
}
