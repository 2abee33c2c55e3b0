import { describe, expect, it } from 'vitest'
import { completed, freshId, moved, weightsOf, type Rubric } from './rubricEdit'

const FORM: Rubric = {
  name: '评价表',
  name_en: '',
  parts: [
    { id: 'part-1', name: '设计 ', name_en: 'Design', weight: 60, items: [{ id: 'item-1', name: '目标', name_en: ' ', full: 10, end: 'both' }] },
    { id: 'effect', name: '效果', name_en: 'Effect', weight: 40, items: [{ id: 'item-3', name: '达成', name_en: 'Reached', full: 5, end: 'rural' }] },
  ],
  bands: [
    { at: 0, name: '待改进', name_en: 'Low' },
    { at: 90, name: '优秀', name_en: 'High' },
  ],
}

describe('a form that is edited', () => {
  it('finds ids that nothing has', () => {
    expect(freshId(FORM, 'item')).toBe('item-2')
    expect(freshId(FORM, 'part')).toBe('part-2')
  })

  it('adds up its weights, also while a field is empty', () => {
    expect(weightsOf(FORM)).toBe(100)
    const [first, second] = FORM.parts as [Rubric['parts'][number], Rubric['parts'][number]]
    expect(weightsOf({ ...FORM, parts: [{ ...first, weight: Number.NaN }, second] })).toBe(40)
  })

  it('is completed before it is sent: no blank names, bands from the top', () => {
    const sent = completed(FORM)
    expect(sent.name_en).toBe('评价表')
    expect(sent.parts[0]?.name).toBe('设计')
    expect(sent.parts[0]?.items[0]?.name_en).toBe('目标')
    expect(sent.bands.map((band) => band.at)).toEqual([90, 0])
  })
})

it('entries move by one and stay at the ends', () => {
  expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c'])
  expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c'])
  expect(moved(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c'])
})
