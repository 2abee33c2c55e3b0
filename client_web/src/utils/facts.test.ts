import { describe, expect, it } from 'vitest'
import type { Schemas } from '@/api/client'
import { countsTyped, shortNumber, slidersOf, valueText, type FactWords } from './facts'

const words: FactWords = {
  yes: 'yes',
  no: 'no',
  unknown: 'unknown',
  notYet: 'not yet',
  allForms: 'all three',
  form: (name) => name.toUpperCase(),
  subject: (id) => id,
  list: (items) => items.join(', '),
}

describe('a fact as people read it', () => {
  it.each<[unknown, string, string]>([
    [null, 'count', 'unknown'],
    [null, 'date', 'not yet'],
    ['2025-08-31', 'date', '2025-08-31'],
    [true, 'flag', 'yes'],
    [88.123, 'percent', '88.12%'],
    [3, 'count', '3'],
    [[], 'forms', 'all three'],
    [['delivered'], 'forms', 'DELIVERED'],
    [[3, 1], 'counts', '3, 1'],
    [{ chinese: 12, art: 2 }, 'counts', 'chinese 12, art 2'],
    [{}, 'counts', '0'],
  ])('%j as %s', (value, kind, expected) => expect(valueText(value, kind, words)).toBe(expected))

  it('has two decimals at most', () => expect([shortNumber(4.5), shortNumber(0.1 + 0.2), shortNumber(13.3333)]).toEqual(['4.5', '0.3', '13.33']))
})

describe('what can be dragged', () => {
  const fact = (name: string, kind: string, value: unknown): Schemas['FactAnswer'] => ({ name, kind, value, label: name, label_en: name }) as Schemas['FactAnswer']
  const papers = [{ sections: [{ items: [{ facts: [fact('a', 'count', 15), fact('b', 'percent', null), fact('c', 'flag', true), fact('d', 'counts', [1])] }, { facts: [fact('a', 'count', 15)] }] }] }] as unknown as Schemas['PaperAnswer'][]

  it('is each number and each yes or no once', () => {
    expect(slidersOf(papers).map(({ name, max, value }) => [name, max, value])).toEqual([
      ['a', 30, 15],
      ['b', 100, 0],
      ['c', 1, true],
    ])
  })
})

describe('a list of counts as it is typed', () => {
  it.each<[string, number[] | null]>([
    ['3, 1，0', [3, 1, 0]],
    ['', []],
    ['3 x', null],
    ['-1', null],
  ])('%s', (typed, expected) => expect(countsTyped(typed)).toEqual(expected))
})
