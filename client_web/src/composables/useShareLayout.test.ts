import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import type { Layout } from '@/protocol/messages'
import { useShareLayout } from './useShareLayout'

function roomWith(first: Layout) {
  const layout = ref<Layout>(first)
  return { layout, setLayout: vi.fn((next: Layout) => (layout.value = next)) }
}

function memory(): Pick<Storage, 'getItem' | 'setItem'> {
  const kept = new Map<string, string>()
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) }
}

describe('useShareLayout', () => {
  let storage = memory()
  beforeEach(() => (storage = memory()))

  it('puts the shared screen beside the teacher, and back', () => {
    const room = roomWith('teacher')
    const layout = useShareLayout('l1', room, storage)
    layout.shared()
    expect(room.layout.value).toBe('both')
    expect(layout.moved.value).toEqual({ to: 'both' })
    layout.unshared()
    expect(room.layout.value).toBe('teacher')
    expect(layout.moved.value).toEqual({ to: 'teacher' })
  })

  it('leaves what the teacher chose in this lesson, also after a reload', () => {
    const room = roomWith('both')
    useShareLayout('l1', room, storage).choose('teacher')
    const reloaded = useShareLayout('l1', room, storage)
    reloaded.shared()
    reloaded.unshared()
    expect(room.layout.value).toBe('teacher')
    expect(reloaded.moved.value).toBeNull()
    const other = useShareLayout('l2', room, storage)
    other.shared()
    expect(room.layout.value).toBe('both')
  })

  it('keeps a layout chosen while the screen is shared', () => {
    const room = roomWith('teacher')
    const layout = useShareLayout('l1', room, storage)
    layout.shared()
    layout.choose('screen')
    layout.unshared()
    expect(room.layout.value).toBe('screen')
  })

  it('does not move a layout that already shows the screen', () => {
    const room = roomWith('screen')
    const layout = useShareLayout('l1', room, storage)
    layout.shared()
    layout.unshared()
    expect(room.setLayout).not.toHaveBeenCalled()
  })
})
