import { describe, expect, it } from 'vitest'
import { encodeClientMessage, parseServerMessage, recordingOf } from './messages'

const lesson = { id: 'l1', state: 'live', topic: '分数' }
const participant = { participant_id: 'teacher', role: 'teacher', publishing: ['teacher'] }

describe('messages from the server', () => {
  it('reads a welcome with its fields', () => {
    const text = JSON.stringify({ v: 1, type: 'welcome', self: { participant_id: 'teacher', role: 'teacher' }, lesson, participants: [participant] })
    expect(parseServerMessage(text)).toMatchObject({ type: 'welcome', lesson: { id: 'l1' } })
  })

  it.each([
    ['not JSON', '{'],
    ['a list', '[]'],
    ['another version', '{"v":2,"type":"pong"}'],
    ['an unknown type', '{"v":1,"type":"dance"}'],
    ['a name from the prototype', '{"v":1,"type":"constructor"}'],
    ['a layout that is none', '{"v":1,"type":"layout","layout":"upside-down"}'],
    ['a presence without its list', '{"v":1,"type":"presence"}'],
    ['a participant without what it publishes', '{"v":1,"type":"presence","participants":[{"participant_id":"x","role":"teacher"}]}'],
  ])('answers null to %s', (_, text) => {
    expect(parseServerMessage(text)).toBeNull()
  })

  it('takes an empty stage', () => {
    expect(parseServerMessage('{"v":1,"type":"stage","participant_id":null}')).toEqual({ v: 1, type: 'stage', participant_id: null })
  })
})

it('writes the version into every message', () => {
  expect(JSON.parse(encodeClientMessage({ type: 'hand', raised: true }))).toEqual({ v: 1, type: 'hand', raised: true })
})

it('reads the recording state in either form', () => {
  expect(recordingOf('recording')).toEqual({ state: 'recording', detail: null })
  expect(recordingOf({ state: 'trouble', detail: '磁盘已满' })).toEqual({ state: 'trouble', detail: '磁盘已满' })
  expect(recordingOf(null)).toBeNull()
})
