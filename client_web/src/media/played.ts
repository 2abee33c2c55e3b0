/** What a player has shown, from getStats(): totals, and the difference of two of them as the room wants it. Pure. */
import type { Played } from '@/protocol/quality'

/** Totals since the connection began. */
export interface Totals {
  /** ms */
  at: number
  freezes: number
  /** s */
  frozen: number
  frames: number
  /** Samples of sound: all, and those that the decoder made up. */
  samples: number
  concealed: number
  /** Of the newest picture, pixels. */
  height: number
}

type Stat = Record<string, unknown>

export function totalsOf(stats: Iterable<Stat>, at: number): Totals {
  const totals: Totals = { at, freezes: 0, frozen: 0, frames: 0, samples: 0, concealed: 0, height: 0 }
  const number = (stat: Stat, name: string): number => (typeof stat[name] === 'number' ? stat[name] : 0)
  for (const stat of stats) {
    if (stat.type !== 'inbound-rtp') continue
    totals.freezes += number(stat, 'freezeCount')
    totals.frozen += number(stat, 'totalFreezesDuration')
    totals.frames += number(stat, 'framesDecoded')
    totals.samples += number(stat, 'totalSamplesReceived')
    // Silence that the sender left out on purpose is no concealment.
    totals.concealed += Math.max(0, number(stat, 'concealedSamples') - number(stat, 'silentConcealedSamples'))
    totals.height = Math.max(totals.height, number(stat, 'frameHeight'))
  }
  return totals
}

/** What was shown between the two; null when a new connection began in between, or no time passed. */
export function playedOf(source: string, before: Totals, after: Totals): Played | null {
  const seconds = (after.at - before.at) / 1000
  if (seconds <= 0 || after.frames < before.frames || after.samples < before.samples) return null
  const rounded = (value: number): number => Math.round(Math.max(0, value) * 1000) / 1000
  const samples = after.samples - before.samples
  return {
    source,
    freezes: Math.max(0, after.freezes - before.freezes),
    frozen_seconds: rounded(Math.min(after.frozen - before.frozen, seconds)),
    concealed_share: samples > 0 ? rounded(Math.min(1, (after.concealed - before.concealed) / samples)) : 0,
    frames_per_second: rounded((after.frames - before.frames) / seconds),
    height: after.height,
  }
}
