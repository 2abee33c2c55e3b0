/** The small pure rules of the pages. */
import { describe, expect, it } from 'vitest'
import type { Schemas } from '@/api/client'
import { behindFirst, heatOf, lostOf, rowsOf, sortedBy } from './boardRows'
import { csvOf } from './csv'
import { evidenceRows } from './evidenceRows'
import { actionFor, mayChange } from './lessonActions'
import { makePassword } from './passwords'
import { nextSlot, plannedMinutes } from './schedule'
import { reversible, standingOf } from './standing'
import { troublesOf } from './systemTrouble'
import { partOfDay, upcomingOf } from './today'

const lesson = (values: Partial<Schemas['LessonAnswer']> = {}): Schemas['LessonAnswer'] =>
  ({ id: 'l1', state: 'scheduled', teacher_id: 't1', supporting_school_id: 's01', recording_id: null, starts_at: '2026-11-23T00:00:00Z', planned_minutes: 40, ...values }) as Schemas['LessonAnswer']
const entry = (id: string, school_id: string, amount: number, reverses: string | null = null, lesson_id = 'l1'): Schemas['LedgerAnswer'] =>
  ({ id, school_id, amount, reverses, lesson_id }) as Schemas['LedgerAnswer']

describe('the next step of a lesson', () => {
  const teacher = { id: 't1', role: 'teacher', school_id: 's01' } as const
  const colleague = { id: 't2', role: 'teacher', school_id: 's01' } as const
  const researcher = { id: 'r1', role: 'researcher', school_id: null } as const

  it('is to start for its teacher alone', () => {
    expect(actionFor(lesson(), teacher, new Date('2026-11-22T23:30:00Z'))).toMatchObject({ key: 'start', main: true })
    expect(actionFor(lesson(), teacher, new Date('2026-11-22T02:00:00Z'))).toMatchObject({ key: 'start', main: false })
    expect(actionFor(lesson(), colleague)).toBeNull()
    expect(actionFor(lesson(), researcher)).toBeNull()
  })

  it('is to start for any teacher of the school when none is named', () => {
    expect(actionFor(lesson({ teacher_id: null }), colleague)).toMatchObject({ key: 'start' })
    expect(actionFor(lesson({ teacher_id: null }), { ...colleague, school_id: 's02' })).toBeNull()
  })

  it('is back in or to listen while it is live, and the recording afterwards', () => {
    expect(actionFor(lesson({ state: 'live', recording_id: 'l1' }), teacher)).toMatchObject({ key: 'enter' })
    expect(actionFor(lesson({ state: 'live', recording_id: 'l1' }), researcher)).toMatchObject({ key: 'observe' })
    expect(actionFor(lesson({ state: 'credited', recording_id: 'l1' }), colleague)).toMatchObject({ key: 'recording', main: false })
  })

  it('can be changed only while scheduled', () => {
    expect(mayChange(lesson(), researcher)).toBe(true)
    expect(mayChange(lesson({ state: 'live' }), researcher)).toBe(false)
    expect(mayChange(lesson(), colleague)).toBe(false)
  })
})

describe('the next lesson', () => {
  const now = new Date('2026-11-23T00:30:00Z')

  it('is the live one before all', () => {
    const live = lesson({ id: 'live', state: 'live', starts_at: '2026-11-23T05:00:00Z' })
    expect(upcomingOf([lesson(), live], now)?.id).toBe('live')
  })

  it('is the first whose time is not over', () => {
    const over = lesson({ id: 'over', starts_at: '2026-11-22T23:00:00Z' })
    const running = lesson({ id: 'running' })
    const later = lesson({ id: 'later', starts_at: '2026-11-23T02:00:00Z' })
    expect(upcomingOf([later, over, running], now)?.id).toBe('running')
    expect(upcomingOf([over], now)).toBeNull()
  })

  it('and the part of the day is said rightly', () => {
    expect(partOfDay(new Date(2026, 1, 1, 8))).toBe('morning')
    expect(partOfDay(new Date(2026, 1, 1, 23))).toBe('evening')
  })
})

describe('the ledger', () => {
  it('lets a standing credit be reversed, once', () => {
    const rows = [entry('a', 's01', 1), entry('b', 's02', 1), entry('c', 's02', -1, 'b')]
    expect([...reversible(rows)]).toEqual(['a'])
    expect(standingOf(rows)).toEqual(new Map([['s01', 1], ['s02', 0]]))
  })
})

describe('evidence', () => {
  const evidence: Schemas['Evidence'] = {
    planned_seconds: 2400,
    live_from: 0,
    live_to: 2400,
    live_seconds: 2400,
    teacher_seconds: 1920,
    teacher_share: 0.8,
    classrooms: [{ school_id: 's02', received_seconds: 1919, sent_seconds: 1200, received_share: 0.7996, sent_share: 0.5 }],
    recording_opens: true,
    recording_seconds: 2400,
    gap_seconds: 30,
    black_or_frozen_share: 0.3,
    silent_share: null,
    quality: [],
  }
  const rules: Schemas['CreditingPolicy'] = {
    name: 'default', version: 'default-2026.2', lasted_share: 0.8, present_share: 0.8, two_way_share: 0.5, max_gap_seconds: 30, max_black_or_frozen_share: 0.2, max_silent_share: 0.6, min_planned_minutes: 30,
  }

  it('is met at the limit itself, not below it, and open where not measured', () => {
    const met = Object.fromEntries(evidenceRows(evidence, rules).map((row) => [row.key, row.met]))
    expect(met).toEqual({ lasted: true, present: false, two_way: true, opens: true, gaps: true, black: false, silent: null })
  })

  it('is shown without a verdict under a policy that is not there any more', () => {
    expect(evidenceRows(evidence, null).find((row) => row.key === 'lasted')).toMatchObject({ met: null, required: null })
  })
})

describe('the board', () => {
  const school = (id: string, total: number, behind: boolean): Schemas['BoardSchool'] => ({
    school_id: id, school_name: id, kind: 'receiving', subjects: [{ subject_id: 'music', credited: total, target: 10, pace_needed_per_week: null, forecast: null }], total, target_total: 20, subjects_reached: 0, forms: [{ form: 'delivered', credited: 20 - total, target: 12 }], pace_needed_per_week: 3.5, behind,
    forecast: null, weekly: [], standings: { credited: total, not_credited: 0, waiting: 0, missed: 2, cancelled: 0, planned: 0 }, losses: [{ standing: 'missed', code: '', count: 2, text: '未开课', text_en: 'missed' }],
  })
  const board = { year: 2026, subjects: [{ id: 'chinese', name: '语文', name_en: 'Chinese' }, { id: 'music', name: '音乐', name_en: 'Music' }], target_total: 20, target_subjects: 2, target_other_forms: 12, schools: [school('s02', 3, true), school('s04', 1, true), school('s06', 20, false)] } as unknown as Schemas['BoardAnswer']

  it('shades by the share of the target', () => {
    expect([heatOf(0, 10), heatOf(5, 10), heatOf(14, 10), heatOf(-1, 10), heatOf(1, 0)]).toEqual([0, 0.5, 1, 0, 0])
  })

  it('lists who is behind, the furthest first', () => {
    expect(behindFirst(board).map((one) => one.school_id)).toEqual(['s04', 's02'])
  })

  it('sorts by any column, keeps equals in their order, and puts what is not known last', () => {
    const ids = (column: Parameters<typeof sortedBy>[1], down: boolean): string[] => sortedBy(board.schools, column, down, (one) => one.school_name, 'en').map((one) => one.school_id)
    expect(ids('total', true)).toEqual(['s06', 's02', 's04'])
    expect(ids({ subject: 'music' }, false)).toEqual(['s04', 's02', 's06'])
    expect(ids({ subject: 'chinese' }, true)).toEqual(['s02', 's04', 's06'])
    expect(ids('school', true)).toEqual(['s06', 's04', 's02'])
    expect(ids('others', true)).toEqual(['s04', 's02', 's06'])
    const known = board.schools.map((one, at) => (at === 1 ? { ...one, forecast: { low: 1, likely: 4, high: 9, chance: 0.1 } } : one))
    for (const down of [true, false]) expect(sortedBy(known, 'forecast', down, (one) => one.school_name, 'en')[0]?.school_id).toBe('s04')
  })

  it('counts what was lost and asks for it', () => {
    expect(lostOf(school('s02', 3, true))).toBe(2)
    expect(rowsOf(2026, 's02', null)).toEqual({ year: 2026, school_id: 's02' })
    expect(rowsOf(2026, 's02', 'music', 'missed')).toEqual({ year: 2026, school_id: 's02', subject: 'music', standing: 'missed' })
  })

  it('exports CSV that no spreadsheet runs', () => {
    expect(csvOf([['a,b', '=1+1', 'say "hi"', 3, null]])).toBe('\uFEFF"a,b",\'=1+1,"say ""hi""",3,\r\n')
  })
})

describe('scheduling', () => {
  it('takes the next whole five minutes', () => {
    expect(nextSlot(new Date(2026, 10, 23, 9, 57, 30)).getMinutes()).toBe(0)
    expect(nextSlot(new Date(2026, 10, 23, 9, 54, 0)).getMinutes()).toBe(55)
  })

  it('knows the usual length', () => {
    expect([plannedMinutes('primary'), plannedMinutes('junior'), plannedMinutes(undefined)]).toEqual([40, 45, 40])
  })
})

it('a made password is of plain letters and throws biased bytes away', () => {
  let calls = 0
  const password = makePassword((bytes) => bytes.fill(calls++ === 0 ? 255 : 1))
  expect(password).toBe('b'.repeat(16))
  expect(makePassword()).toMatch(/^[a-hjkmnp-z2-9]{16}$/)
})

describe('the system', () => {
  const fine: Schemas['SystemAnswer'] = {
    version: '1', uptime: 1, now: '', workers: [{ worker: 'w0', epoch: 'e', lessons: 0, load: 0, pid: 1, stats: {} }], recorder: { alive: true, trouble: [] }, redis: 'ok', database: 'ok', disk: { free: 100e9, total: 200e9 }, space: { level: 'ok', recordings: 0, trash: 0, per_day: 0, days_left: null }, queue: 0, event_lag: 0,
  }

  it('is silent when all is well', () => {
    expect(troublesOf(fine)).toEqual([])
  })

  it('names what needs a person', () => {
    const ill = { ...fine, workers: [], recorder: { alive: false, trouble: ['磁盘已满'] }, redis: 'down', disk: { free: 1e9, total: 200e9 }, event_lag: 90, queue: -1 }
    expect(troublesOf(ill).map((trouble) => trouble.key)).toEqual(['noWorker', 'recorderDown', 'recorder', 'redis', 'disk', 'events', 'queue'])
  })

  it('warns early of want of room, by the days or by the share that is left, once', () => {
    const roomed = (level: 'warn' | 'urgent', days_left: number | null) => troublesOf({ ...fine, space: { ...fine.space, level, days_left } })
    expect(roomed('warn', 33.9)).toEqual([{ key: 'space', values: { days: 33 } }])
    expect(roomed('warn', null)).toEqual([{ key: 'spaceShare', values: { percent: '50%' } }])
    expect(roomed('warn', 400)).toEqual([{ key: 'spaceShare', values: { percent: '50%' } }])
    expect(roomed('urgent', 3)).toEqual([{ key: 'disk', values: {} }])
  })
})
