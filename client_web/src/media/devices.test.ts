import { describe, expect, it } from 'vitest'
import { attempts } from './capture'
import { listsOf, pickDevice, recall, remember, type Memory } from './devices'
import { problemOf } from './problems'

function memory(): Memory {
  const held = new Map<string, string>()
  return { getItem: (key) => held.get(key) ?? null, setItem: (key, value) => void held.set(key, value) }
}

describe('which device to take', () => {
  const list = [
    { id: 'a', label: '内置摄像头' },
    { id: 'b', label: '高拍仪' },
  ]

  it('takes the last good one by id, or by label when ids have changed', () => {
    expect(pickDevice(list, { id: 'b', label: '' })?.id).toBe('b')
    expect(pickDevice(list, { id: 'old', label: '高拍仪' })?.id).toBe('b')
    expect(pickDevice(list, { id: 'old', label: '' })).toBeNull()
    expect(pickDevice(list, null)).toBeNull()
  })

  it('sorts devices by kind and leaves out those without permission', () => {
    const lists = listsOf([
      { deviceId: 'c', kind: 'videoinput', label: 'C' },
      { deviceId: '', kind: 'audioinput', label: '' },
      { deviceId: 's', kind: 'audiooutput', label: 'S' },
    ])
    expect(lists).toEqual({ camera: [{ id: 'c', label: 'C' }], microphone: [], speaker: [{ id: 's', label: 'S' }] })
  })

  it('remembers over reloads and shrugs at a broken memory', () => {
    const store = memory()
    remember(store, 'camera', { id: 'b', label: '高拍仪' })
    expect(recall(store, 'camera')).toEqual({ id: 'b', label: '高拍仪' })
    expect(recall(store, 'microphone')).toBeNull()
    store.setItem('tongke.device.camera', '{"id":1}')
    expect(recall(store, 'camera')).toBeNull()
    store.setItem('tongke.device.camera', '{')
    expect(recall(store, 'camera')).toBeNull()
    const full: Memory = { getItem: () => null, setItem: () => { throw new Error('full') } }
    expect(() => remember(full, 'camera', { id: 'x', label: '' })).not.toThrow()
  })

  it('asks for less and less', () => {
    expect(attempts({ id: 'b', label: '' }, { width: 1 })).toEqual([{ width: 1, deviceId: { exact: 'b' } }, { width: 1 }, true])
    expect(attempts(null, { width: 1 })).toEqual([{ width: 1 }, true])
  })
})

describe('what went wrong with a device', () => {
  const fine = { secure: true, hasMediaDevices: true }
  it.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
    ['NotReadableError', 'busy'],
    ['OverconstrainedError', 'overconstrained'],
    ['WeirdError', 'unknown'],
  ])('%s means %s', (name, code) => {
    expect(problemOf(new DOMException('', name), 'camera', fine).code).toBe(code)
  })

  it('blames the address before the device', () => {
    expect(problemOf(new TypeError(), 'camera', { secure: false, hasMediaDevices: false }).code).toBe('insecure')
    expect(problemOf(new TypeError(), 'camera', { secure: true, hasMediaDevices: false }).code).toBe('unsupported')
  })

  it('is no problem when the screen picker was closed', () => {
    expect(problemOf(new DOMException('', 'NotAllowedError'), 'screen', fine).code).toBe('cancelled')
  })
})
