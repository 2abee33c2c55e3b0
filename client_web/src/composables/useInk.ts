/** The theme's colours as values, for what knows no CSS variables (charts); new ones when the theme changes. */
import { computed, type ComputedRef } from 'vue'
import { useTheme } from '@/stores/theme'
import type { Ink } from '@/utils/boardCharts'

export function useInk(): ComputedRef<Ink> {
  const theme = useTheme()
  return computed(() => {
    void theme.dark // what the values below follow
    const style = getComputedStyle(document.documentElement)
    const value = (name: string): string => style.getPropertyValue(`--${name}`).trim()
    return { ink: value('ink'), quiet: value('ink-2'), line: value('line'), accent: value('accent'), red: value('red'), surface: value('surface'), font: value('font') }
  })
}
