import { describe, expect, it } from 'vitest'
import { arrange, ordered, parseWish, USUAL } from './arrangement'

const FOUR = ordered(['classroom-s12', 'screen', 'classroom-s09', 'teacher', 'screen'])

describe('the pictures of a recording', () => {
  it('stand in one order: teacher, screen, classrooms', () => {
    expect(FOUR).toEqual(['teacher', 'screen', 'classroom-s09', 'classroom-s12'])
  })

  it('are all seen side by side, with the screen as the large one', () => {
    expect(arrange(FOUR, USUAL)).toEqual({ layout: 'side', large: 'screen', seen: FOUR, heard: FOUR })
    expect(arrange(['teacher', 'classroom-s09'], USUAL).large).toBe('teacher')
  })

  it('leave only the large one where it is alone, and everybody is still heard', () => {
    const found = arrange(FOUR, { ...USUAL, layout: 'one', large: 'classroom-s12' })
    expect([found.seen, found.heard]).toEqual([['classroom-s12'], FOUR])
  })

  it('are at most three upon the large one', () => {
    const five = [...FOUR, 'classroom-s13']
    expect(arrange(five, { ...USUAL, layout: 'inset', large: 'teacher' }).seen).toEqual(FOUR)
  })

  it('are neither seen nor heard when switched off, and another becomes the large one', () => {
    const found = arrange(FOUR, { layout: 'inset', large: 'screen', hidden: ['screen', 'classroom-s12'] })
    expect(found).toEqual({ layout: 'inset', large: 'teacher', seen: ['teacher', 'classroom-s09'], heard: ['teacher', 'classroom-s09'] })
    expect(arrange(['teacher'], { ...USUAL, hidden: ['teacher'] })).toEqual({ layout: 'one', large: null, seen: [], heard: [] })
  })

  it('need no layout where there is only one', () => {
    expect(arrange(['teacher'], USUAL).layout).toBe('one')
  })
})

describe('a remembered wish', () => {
  it('is what was wanted', () => {
    const wish = { layout: 'inset' as const, large: 'teacher', hidden: ['classroom-s09'] }
    expect(parseWish(JSON.stringify(wish))).toEqual(wish)
  })

  it.each([null, '', 'null', '[]', '{"layout":"round","large":7,"hidden":"all"}'])('is the usual one for %j', (text) => {
    expect(parseWish(text)).toEqual(USUAL)
  })
})
