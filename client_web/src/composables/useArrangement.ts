/** How a person likes to see recordings: remembered in this browser, for whoever is logged in. */
import { computed, ref, type Ref } from 'vue'
import { arrange, LAYOUTS, ordered, parseWish, type Layout, type Wish } from '@/media/arrangement'
import { useSession } from '@/stores/session'
import { recall, remember } from '@/utils/memory'

export function useArrangement(there: Ref<string[]>) {
  const key = `player.view.${useSession().user?.id ?? ''}`
  const wish = ref(parseWish(recall(key)))
  const sources = computed(() => ordered(there.value))
  const arrangement = computed(() => arrange(sources.value, wish.value))

  function want(more: Partial<Wish>): void {
    wish.value = { ...wish.value, ...more }
    remember(key, JSON.stringify(wish.value))
  }

  return {
    wish, sources, arrangement,
    setLayout: (layout: Layout) => want({ layout }),
    nextLayout: () => want({ layout: LAYOUTS[(LAYOUTS.indexOf(wish.value.layout) + 1) % LAYOUTS.length] }),
    enlarge: (large: string) => want({ large, hidden: wish.value.hidden.filter((source) => source !== large) }),
    show: (source: string, shown: boolean) => want({ hidden: [...wish.value.hidden.filter((each) => each !== source), ...(shown ? [] : [source])] }),
  }
}

export type ArrangementView = ReturnType<typeof useArrangement>
