/** Where a moment's small picture lies on its sheet, and which chapter it is in (docs/protocols.md, section 5). Pure. */
import type { Schemas } from '@/api/client'

export type Sheet = Schemas['ThumbnailSheet']

export interface Thumbnail {
  url: string
  /** Pixels of one picture, and where it begins on the sheet. */
  width: number
  height: number
  left: number
  top: number
}

/** Index of the last entry that is not after `time`, -1 if all are; `times` in order. */
export function lastUntil(times: readonly number[], time: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? Infinity) <= time) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** The newest picture at this moment, before the first the first; null of an empty sheet. */
export function thumbnailAt(sheet: Sheet, time: number): Thumbnail | null {
  if (sheet.times.length === 0) return null
  const number = Math.max(0, lastUntil(sheet.times, time))
  const { url, width, height, columns } = sheet
  return { url, width, height, left: (number % columns) * width, top: Math.floor(number / columns) * height }
}

/** The sheet to look at: the large picture's, else the screen's, else any. */
export function sheetOf(sheets: readonly Sheet[], large: string | null): Sheet | null {
  const of = (source: string | null): Sheet | undefined => sheets.find((sheet) => sheet.source === source && sheet.times.length > 0)
  return of(large) ?? of('screen') ?? of('teacher') ?? sheets.find((sheet) => sheet.times.length > 0) ?? null
}

/** A press this soon (s) after a chapter's begin goes to the one before, as with songs. */
const JUST_BEGUN = 2

/** Where the next (1) or the previous (-1) chapter begins; null where there is none. */
export function chapterFrom(starts: readonly number[], time: number, way: 1 | -1): number | null {
  const at = lastUntil(starts, way === 1 ? time + 0.05 : time - JUST_BEGUN)
  return starts[way === 1 ? at + 1 : at] ?? null
}
