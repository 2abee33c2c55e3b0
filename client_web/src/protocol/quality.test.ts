import { describe, expect, it } from 'vitest'
import { parseServerMessage } from './messages'
import { lasting, notesOf, rowsOf, scoreOf, type QualityNote, type QualityRow, type QualitySeen } from './quality'

const row = (participant_id: string, direction: 'in' | 'out', score: number | null, kind: 'audio' | 'video' = 'video'): QualityRow => ({
  participant_id, direction, score, kind, source: 'teacher', bitrate: 1, loss: 0, repaired: 0, jitter_ms: 0, rtt_ms: null, layer: null, height: null, freezes: 0,
})
const note = (participant_id: string | null, holds: boolean): QualityNote => ({ participant_id, direction: 'in', code: 'loss', text: '丢包', text_en: 'loss', since: 0, lasting: holds })
const seen: QualitySeen = {
  at: 1, claims: [], notes: [note('teacher', true), note(null, false)],
  rows: [row('teacher', 'out', 5), row('teacher', 'in', 3), row('teacher', 'in', null, 'audio'), row('classroom-s02', 'out', 1)],
}

describe('what the server measured', () => {
  it('is as bad as its worst row', () => {
    expect(scoreOf(seen, 'teacher')).toBe(3)
    expect(scoreOf(seen, 'nobody')).toBeNull()
    expect(scoreOf(null, 'teacher')).toBeNull()
  })

  it('is listed with what is sent first', () => {
    expect(rowsOf(seen, 'teacher').map((one) => `${one.direction} ${one.kind}`)).toEqual(['in audio', 'in video', 'out video'])
  })

  it('is told unasked only when it lasts', () => {
    expect(lasting(seen)).toHaveLength(1)
    expect(notesOf(seen, 'teacher')).toHaveLength(1)
  })

  it('is taken from the room only when it is whole', () => {
    expect(parseServerMessage(JSON.stringify({ v: 1, type: 'quality', ...seen }))).toMatchObject({ type: 'quality', at: 1 })
    expect(parseServerMessage(JSON.stringify({ v: 1, type: 'quality', ...seen, rows: [7] }))).toBeNull()
    expect(parseServerMessage(JSON.stringify({ v: 1, type: 'quality', at: 1 }))).toBeNull()
  })
})
