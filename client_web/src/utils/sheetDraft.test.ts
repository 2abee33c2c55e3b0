import { describe, expect, it } from 'vitest'
import { beginWith, draftOf, quickMarks, readBackup, sameDraft, typedMark, type Sheet } from './sheetDraft'

const SHEET = {
  state: 'draft',
  version: 3,
  marks: { aims: 8, order: null },
  remarks: [{ key: 'a', moment: '2026-11-25T08:00:05.000Z', second: 5, kind: 'praise', text: '好' }],
  highlights: '',
  suggestions: '再慢一点',
} as unknown as Sheet

describe('a draft', () => {
  it('is the same whatever the order of its marks and the blanks around its texts', () => {
    const draft = draftOf(SHEET)
    const other = { ...draft, marks: { order: null, aims: 8 }, suggestions: ' 再慢一点 ', remarks: [...draft.remarks, { key: 'b', moment: '2026-11-25T08:00:00Z', kind: 'note' as const, text: ' ' }] }
    expect(sameDraft(draft, other)).toBe(true)
    expect(sameDraft(draft, { ...draft, marks: { aims: 8 } })).toBe(false)
    expect(sameDraft(draft, { ...draft, suggestions: '再快一点' })).toBe(false)
  })

  it('is restored from what this browser kept when the server saw nothing newer', () => {
    const draft = { ...draftOf(SHEET), suggestions: '没来得及保存' }
    expect(beginWith(SHEET, { version: 3, draft })).toBe('restored')
    expect(beginWith(SHEET, { version: 2, draft })).toBe('apart')
    expect(beginWith(SHEET, { version: 2, draft: draftOf(SHEET) })).toBe('server')
    expect(beginWith({ ...SHEET, state: 'signed' }, { version: 3, draft })).toBe('server')
    expect(beginWith(SHEET, null)).toBe('server')
  })

  it('survives being kept, and nothing else is taken for one', () => {
    const backup = { version: 3, draft: draftOf(SHEET) }
    expect(readBackup(JSON.stringify(backup))).toEqual(backup)
    for (const text of [null, '', '{', '{}', '{"version":1}', '{"version":1,"draft":{"marks":{},"remarks":{}}}']) expect(readBackup(text)).toBeNull()
  })
})

describe('marks', () => {
  it('to press are in halves and none twice', () => {
    expect(quickMarks(10)).toEqual([10, 8, 6, 4])
    expect(quickMarks(5)).toEqual([5, 4, 3, 2])
    expect(quickMarks(1)).toEqual([1, 0.5])
  })

  it('that were typed stay within their item', () => {
    expect([typedMark('7.3', 10), typedMark('12', 10), typedMark('-1', 10), typedMark('', 10), typedMark('4,5', 5)]).toEqual([7.5, 10, 0, undefined, 4.5])
  })
})
