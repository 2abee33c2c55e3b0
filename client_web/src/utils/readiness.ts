/** A classroom's figures and the standard in words: keys of the locale with their values. */
import type { Schemas } from '@/api/client'

export type Figures = Schemas['FiguresBody']
export type Standard = Schemas['StandardAnswer']
export type Item = Schemas['Item']
export type Words = readonly [key: string, values: Record<string, string | number>]

export const ITEMS: readonly Item[] = ['camera', 'resolution', 'microphone', 'speaker', 'echo', 'up', 'down', 'loss', 'delay']

const whole = (value: number): number => Math.round(value)
const mbit = (kbit: number): string => (kbit / 1000).toFixed(2)
const percent = (share: number): string => `${(share * 100).toFixed(1)}%`

/** What was measured; null where it could not be. */
export function valueOf(item: Item, figures: Figures): Words | null {
  const some = <T>(value: T | null, words: (value: T) => Words): Words | null => (value === null ? null : words(value))
  switch (item) {
    case 'camera':
      return some(figures.brightness, (n) => ['brightness', { n: whole(n) }])
    case 'resolution':
      return some(figures.width, (width) => ['picture', { width, height: figures.height ?? 0, rate: whole(figures.frame_rate ?? 0) }])
    case 'microphone':
      return some(figures.microphone_db, (n) => ['level', { n: whole(n) }])
    case 'speaker':
      return figures.heard ? ['heard', {}] : some(figures.speaker_db, (n) => ['margin', { n: whole(n) }])
    case 'echo':
      return some(figures.echo_db, (n) => ['margin', { n: whole(n) }])
    case 'up':
      return some(figures.up_kbps, (n) => ['rate', { n: mbit(n) }])
    case 'down':
      return some(figures.down_kbps, (n) => ['rate', { n: mbit(n) }])
    case 'loss':
      return some(figures.loss, (n) => ['share', { n: percent(n) }])
    case 'delay':
      return some(figures.round_trip_ms, (n) => ['ms', { n: whole(n) }])
  }
}

/** What the standard asks for. */
export function wantedOf(item: Item, standard: Standard): Words {
  switch (item) {
    case 'camera':
      return ['brightness', { n: standard.min_brightness }]
    case 'resolution':
      return ['picture', { width: standard.min_width, height: standard.min_height, rate: standard.min_frame_rate }]
    case 'microphone':
      return ['level', { n: standard.min_microphone_db }]
    case 'speaker':
      return ['margin', { n: standard.min_speaker_margin_db }]
    case 'echo':
      return ['margin', { n: standard.max_echo_db }]
    case 'up':
      return ['rate', { n: mbit(standard.min_up_kbps) }]
    case 'down':
      return ['rate', { n: mbit(standard.min_down_kbps) }]
    case 'loss':
      return ['share', { n: percent(standard.max_loss) }]
    case 'delay':
      return ['ms', { n: standard.max_round_trip_ms }]
  }
}

/** Whether the standard bounds an item from above. */
export const isMost = (item: Item): boolean => item === 'echo' || item === 'loss' || item === 'delay'
