import { describe, expect, it } from 'vitest'
import type { Schemas } from '@/api/client'
import en from '@/locales/lesson.en'
import zh from '@/locales/lesson.zh'
import { findingLines } from './findings'

type Report = Schemas['Verification']
const track = (id: string, values: Partial<Report['tracks'][number]> = {}): Report['tracks'][number] => ({
  id, source: 'teacher', kind: 'video', opens: true, error: null, duration: 60, gap_seconds: 0, black_share: 0, frozen_share: 0, silent_share: null, loudness: null, ...values,
})
const report = (values: Partial<Report> = {}): Report => ({
  lesson_id: 'l1', opens: true, open_seconds: 60, recorded_share: 1, live_seconds: 60, duration: 60, gap_seconds: 0, tracks: [track('v')], teacher: null, problems: [], ...values,
})

describe('what the verification found', () => {
  it('is two good words when there is nothing to complain of', () => {
    expect(findingLines(report())).toEqual([
      { track: null, findings: [{ key: 'opens' }], bad: false },
      { track: null, findings: [{ key: 'noGap' }], bad: false },
    ])
  })

  it('says a problem once, with its track, and small shares beside it', () => {
    const found = findingLines(report({
      tracks: [track('v', { black_share: 0.5, frozen_share: 0.05 })],
      problems: [{ code: 'gap', track: 'v', value: 12 }, { code: 'black', track: 'v', value: 0.5 }],
    }))
    expect(found.slice(2)).toEqual([
      { track: 'v', findings: [{ key: 'problem.gap', seconds: 12 }, { key: 'problem.black', share: 0.5 }], bad: true },
      { track: 'v', findings: [{ key: 'frozen', share: 0.05 }], bad: false },
    ])
  })

  it('does not say of a missing recording that it opens or has no gap', () => {
    expect(findingLines(report({ opens: false, tracks: [], problems: [{ code: 'no_recording', track: null, value: null }] }))).toEqual([
      { track: null, findings: [{ key: 'problem.no_recording' }], bad: true },
    ])
  })

  it('has words in both languages for every code, and leaves out what a newer server says', () => {
    expect(Object.keys(en.player.problem)).toEqual(Object.keys(zh.player.problem))
    const problems = Object.keys(zh.player.problem).map((code) => ({ code, track: null, value: 1 }))
    expect(findingLines(report({ problems })).filter((line) => line.bad).map((line) => line.findings[0]?.key)).toEqual(problems.map((one) => `problem.${one.code}`))
    expect(findingLines(report({ problems: [{ code: 'new', track: null, value: null }] }))).toHaveLength(2)
  })

  it('says how loud a voice is, and when it is hard to follow', () => {
    const voice = (loudness: number | null) => findingLines(report({ tracks: [track('a', { kind: 'audio', loudness })] })).filter((line) => line.track === 'a')
    expect(voice(-21.4)).toEqual([{ track: 'a', findings: [{ key: 'loudness', level: -21.4 }], bad: false }])
    expect(voice(-40)).toEqual([{ track: 'a', findings: [{ key: 'quiet', level: -40 }], bad: false }])
    expect(voice(null)).toEqual([])
  })

  it('does not count it against a shared page that it stands still', () => {
    expect(findingLines(report({ tracks: [track('s', { source: 'screen', frozen_share: 0.97 })] })).some((line) => line.track === 's')).toBe(false)
  })
})
