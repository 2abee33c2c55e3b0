import { defineStore } from 'pinia'
import { computed, ref, watchEffect } from 'vue'
import { recall, remember } from '@/utils/memory'

export type Theme = 'system' | 'light' | 'dark'
const KEY = 'tongke.theme'

/** Light, dark, or as the system has it. */
export const useTheme = defineStore('theme', () => {
  const remembered = recall(KEY)
  const theme = ref<Theme>(remembered === 'light' || remembered === 'dark' ? remembered : 'system')
  const query = window.matchMedia('(prefers-color-scheme: dark)')
  const systemDark = ref(query.matches)
  query.addEventListener('change', (event) => (systemDark.value = event.matches))
  const dark = computed(() => theme.value === 'dark' || (theme.value === 'system' && systemDark.value))

  watchEffect(() => {
    document.documentElement.classList.toggle('dark', dark.value)
    document.documentElement.style.colorScheme = dark.value ? 'dark' : 'light'
  })

  function choose(wanted: Theme): void {
    theme.value = wanted
    remember(KEY, wanted)
  }

  return { theme, dark, choose }
})
