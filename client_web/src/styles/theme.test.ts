import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('./theme.css', import.meta.url), 'utf8')

function colours(selector: string): Record<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split('}')[0] ?? ''
  return Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1] as string, match[2] as string]))
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

const PAIRS: readonly [string, string][] = [
  ...(['ink', 'ink-2', 'ink-3', 'accent', 'red', 'green'] as const).flatMap((ink): [string, string][] => [[ink, 'paper'], [ink, 'surface']]),
  ['ink', 'surface-2'],
  ['ink-2', 'surface-2'],
  ['accent-ink', 'accent'],
  ['accent-ink', 'accent-hover'],
  ['red-ink', 'red'],
  ['accent', 'accent-soft'],
  ['ink', 'red-soft'],
  ['green', 'green-soft'],
]

describe.each([':root', 'html.dark'])('contrast in %s', (selector) => {
  const theme = colours(selector)
  it.each(PAIRS)('%s on %s is AA', (ink, paper) => {
    expect(contrast(theme[ink] as string, theme[paper] as string)).toBeGreaterThanOrEqual(4.5)
  })
})
