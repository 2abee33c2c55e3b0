import { describe, expect, it } from 'vitest'
import type { Schemas } from '@/api/client'
import { inOrder, wallCard } from './wallCards'

const live = (changes: Partial<Schemas['LiveLesson']> = {}): Schemas['LiveLesson'] =>
  ({
    lesson: { id: 'l1', supporting_school_id: 's01', supporting_school: '实验小学', receiving_schools: [{ id: 's02', name: '西岙小学' }], starts_at: '2026-11-25T00:00:00Z', started_at: '2026-11-25T00:01:00Z', planned_minutes: 40 },
    participants: [{ participant_id: 'teacher', name: '王老师', connected: true }],
    recording: { state: 'recording', detail: '' },
    quality: { teacher: 4 },
    notes: [],
    snapshots: ['teacher', 'screen', 'classroom-s02'].map((source) => ({ source, url: `/${source}`, at: '2026-11-25T00:10:00Z' })),
    ...changes,
  }) as Schemas['LiveLesson']
const names = { school: (_: string, name: string) => name, screen: '屏幕' }
const now = new Date('2026-11-25T00:11:30Z')

describe('a card of the wall', () => {
  it('shows the teacher large, the others small, and every end, here or not', () => {
    const card = wallCard(live(), names, now)
    expect(card.main).toMatchObject({ source: 'teacher', name: '实验小学' })
    expect(card.others.map((one) => one.name)).toEqual(['屏幕', '西岙小学'])
    expect(card.ends).toEqual([
      { id: 'teacher', name: '实验小学', connected: true, score: 4 },
      { id: 'classroom-s02', name: '西岙小学', connected: false, score: null },
    ])
    expect(card.minute).toBe(11)
    expect(card.trouble).toBe(false)
  })

  it('has trouble when an end that is here is bad, something has lasted, or the recording fails', () => {
    expect(wallCard(live({ quality: { teacher: 2 } }), names, now).trouble).toBe(true)
    expect(wallCard(live({ quality: { 'classroom-s02': 1 } }), names, now).trouble).toBe(false)
    expect(wallCard(live({ recording: { state: 'trouble', detail: '' } }), names, now).trouble).toBe(true)
  })

  it('does without pictures', () => {
    expect(wallCard(live({ snapshots: [] }), names, now)).toMatchObject({ main: null, others: [] })
  })

  it('comes first when it has trouble, and keeps its place among its like', () => {
    const cards = ['a', 'b', 'c', 'd'].map((id) => ({ ...wallCard(live(), names, now), id, trouble: id === 'c' }))
    expect(inOrder(cards).map((card) => card.id)).toEqual(['c', 'a', 'b', 'd'])
  })
})
