/** Changes to a survey's questions while they are edited. */
import type { Schemas } from '@/api/client'

type Question = Schemas['QuestionBody']

/** A new scale question with the first id that none has. */
export function freshQuestion(questions: readonly Question[]): Question {
  const taken = new Set(questions.map((one) => one.id))
  let n = 1
  while (taken.has(`q${n}`)) n += 1
  return { id: `q${n}`, text: '', text_en: '', kind: 'scale', overall: false, options: [] }
}

/** The rate is taken from one question: that one, and no other. */
export function withOverall(questions: readonly Question[], id: string): Question[] {
  return questions.map((one) => ({ ...one, overall: one.id === id }))
}

/** Texts in the other language that were left empty are the Chinese ones, so that nothing is shown blank. */
export function completedSheet(sheet: Schemas['SheetBody']): Schemas['SheetBody'] {
  const both = <T extends { text: string; text_en: string }>(one: T): T => ({ ...one, text: one.text.trim(), text_en: one.text_en.trim() || one.text.trim() })
  return {
    intro: sheet.intro.trim(),
    intro_en: sheet.intro_en.trim() || sheet.intro.trim(),
    questions: sheet.questions.map((question) => ({ ...both(question), options: question.options.map(both) })),
  }
}
