import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { gathered } from './gather'

type Texts = { [key: string]: string | Texts }
const chinese = gathered(import.meta.glob<Texts>('./*.zh.ts', { eager: true, import: 'default' })) as Texts
const english = gathered(import.meta.glob<Texts>('./*.en.ts', { eager: true, import: 'default' })) as Texts

function flat(texts: Texts, prefix = ''): Map<string, string> {
  const all = new Map<string, string>()
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === 'string') all.set(prefix + key, value)
    else for (const [inner, text] of flat(value, `${prefix}${key}.`)) all.set(inner, text)
  }
  return all
}

const names = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string).sort()

describe('the texts', () => {
  const zh = flat(chinese)
  const en = flat(english)

  it('are the same set of keys in both languages', () => {
    expect([...en.keys()].sort()).toEqual([...zh.keys()].sort())
  })

  it('take the same values in both languages', () => {
    const unlike = [...zh].filter(([key, text]) => names(text).join() !== names(en.get(key) ?? '').join()).map(([key]) => key)
    expect(unlike).toEqual([])
  })

  it('come in pairs of files', () => {
    const files = readdirSync(new URL('.', import.meta.url)).filter((name) => /\.(zh|en)\.ts$/.test(name))
    const subjects = new Set(files.map((name) => name.replace(/\.(zh|en)\.ts$/, '')))
    expect(files).toHaveLength(subjects.size * 2)
  })

  it('have no Chinese left in the English', () => {
    expect([...en].filter(([, text]) => /\p{Script=Han}/u.test(text)).map(([key]) => key)).toEqual([])
  })
})

describe('every text that a page of ours names', () => {
  const sources = import.meta.glob<string>(['../**/*.vue', '../**/*.ts', '!../**/*.test.ts', '!./*.ts'], { eager: true, query: '?raw', import: 'default' })
  const zh = flat(chinese)

  it('exists', () => {
    const missing = Object.entries(sources).flatMap(([file, source]) =>
      [...source.matchAll(/(?<![\w.])\$?t\('([\w.]+)'/g)].map((match) => match[1] as string).filter((key) => !zh.has(key)).map((key) => `${file}: ${key}`),
    )
    expect(missing).toEqual([])
  })
})
