import { describe, expect, it } from 'vitest'
import { chapterFrom, lastUntil, sheetOf, thumbnailAt, type Sheet } from './thumbnails'

const sheet = (source: string, times: number[]): Sheet => ({ source, url: `/${source}.jpg`, width: 160, height: 90, columns: 10, times })

describe('small pictures', () => {
  it('are found by their time, row by row', () => {
    const long = sheet('screen', Array.from({ length: 25 }, (_, n) => 3 + n * 5))
    expect(thumbnailAt(long, 0)).toMatchObject({ left: 0, top: 0 })
    expect(thumbnailAt(long, 57.9)).toMatchObject({ left: 0, top: 90, width: 160, url: '/screen.jpg' })
    expect(thumbnailAt(long, 1e9)).toMatchObject({ left: 4 * 160, top: 180 })
    expect(thumbnailAt(sheet('screen', []), 3)).toBeNull()
  })

  it('are of what is large, otherwise of what is there', () => {
    const sheets = [sheet('classroom-s09', [1]), sheet('teacher', [1]), sheet('screen', [])]
    expect(sheetOf(sheets, 'classroom-s09')?.source).toBe('classroom-s09')
    expect(sheetOf(sheets, 'screen')?.source).toBe('teacher')
    expect(sheetOf([], 'teacher')).toBeNull()
  })
})

describe('chapters', () => {
  const starts = [2, 30, 60]

  it('are walked through, and begun again first', () => {
    expect([chapterFrom(starts, 0, 1), chapterFrom(starts, 30, 1), chapterFrom(starts, 60, 1)]).toEqual([2, 60, null])
    expect([chapterFrom(starts, 45, -1), chapterFrom(starts, 31, -1), chapterFrom(starts, 2, -1)]).toEqual([30, 2, null])
  })

  it('have an index', () => {
    expect([1, 2, 29, 60].map((time) => lastUntil(starts, time))).toEqual([-1, 0, 0, 2])
  })
})
