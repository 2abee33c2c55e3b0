import { expect, it } from 'vitest'
import { completedSheet, freshQuestion, withOverall } from './surveySheet'

const FIRST = { ...freshQuestion([]), text: '总体满意吗？', overall: true }

it('a new question has an id of its own', () => {
  const second = freshQuestion([FIRST])
  expect([FIRST.id, second.id, freshQuestion([second]).id]).toEqual(['q1', 'q2', 'q1'])
})

it('one question alone is the overall one', () => {
  const both = withOverall([FIRST, freshQuestion([FIRST])], 'q2')
  expect(both.map((one) => one.overall)).toEqual([false, true])
})

it('empty English texts are filled with the Chinese ones', () => {
  const choice = { ...freshQuestion([FIRST]), kind: 'choice' as const, text: ' 听得懂吗 ', options: [{ text: ' 懂 ', text_en: 'Yes' }, { text: '不懂', text_en: ' ' }] }
  const done = completedSheet({ intro: ' 您好 ', intro_en: '', questions: [FIRST, choice] })
  expect(done.intro_en).toBe('您好')
  expect(done.questions[1]).toMatchObject({ text: '听得懂吗', text_en: '听得懂吗', options: [{ text: '懂', text_en: 'Yes' }, { text: '不懂', text_en: '不懂' }] })
})
