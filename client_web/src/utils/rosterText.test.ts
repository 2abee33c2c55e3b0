import { describe, expect, it } from 'vitest'
import { changedOf, heldOf, optionOf, wordsOf } from './rosterText'

const field = (key: string, type: string, more: object = {}) =>
  ({ key, type, title: key, title_en: key, required: true, most: 100, choices: [], of: '', help: '', help_en: '', ...more }) as never

const stage = field('stage', 'choice', { choices: [{ value: 'junior', title: '初中', title_en: 'junior' }] })
const leads = field('leads', 'names')
const school = field('school_id', 'ref', { of: 'schools' })

describe('roster values', () => {
  it('are read in words of the page', () => {
    const entry = { values: { stage: 'junior', leads: ['甲', '乙'], school_id: 's1' }, labels: { school_id: '实验小学' } }
    expect(wordsOf(stage, entry, false)).toBe('初中')
    expect(wordsOf(stage, entry, true)).toBe('junior')
    expect(wordsOf(leads, entry, false)).toBe('甲、乙')
    expect(wordsOf(school, entry, false)).toBe('实验小学')
    expect(wordsOf(field('note', 'text'), { values: { note: null }, labels: {} }, false)).toBe('')
  })

  it('name an entry where others refer to it', () => {
    expect(optionOf({ values: { name: '单志明', username: 'shanzhiming' }, labels: {} })).toBe('单志明 · shanzhiming')
    expect(optionOf({ values: { number: 3 }, labels: { supporting_school_id: '城西小学', receiving_school_id: '路口小学' } })).toBe('3 · 城西小学 — 路口小学')
  })

  it('send only what was changed, and null for what was emptied', () => {
    const values = { stage: 'junior', leads: ['甲', '乙'], note: '旧' }
    const held = { stage: 'junior', leads: '甲、丙', note: '  ' }
    expect(changedOf([stage, leads, field('note', 'text')], held, values)).toEqual({ leads: '甲、丙', note: null })
    expect(heldOf(['甲', '乙'])).toBe('甲、乙')
  })
})
