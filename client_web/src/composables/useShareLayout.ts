/** What is shared is to be seen: the pupils' layout follows the screen until the teacher has chosen one in this lesson. */
import { shallowRef, type Ref } from 'vue'
import type { Layout } from '@/protocol/messages'

export interface LayoutRoom {
  layout: Readonly<Ref<Layout>>
  setLayout(next: Layout): unknown
}

export interface Moved {
  to: Layout
}

export function useShareLayout(lessonId: string, room: LayoutRoom, storage: Pick<Storage, 'getItem' | 'setItem'> = sessionStorage) {
  const key = `teach.layout.${lessonId}`
  /** The last change that was made without the teacher; a new object for each. */
  const moved = shallowRef<Moved | null>(null)
  /** What it was before the screen came. */
  let before: Layout | null = null

  const chosen = (): boolean => storage.getItem(key) === 'chosen'

  function move(to: Layout): void {
    room.setLayout(to)
    moved.value = { to }
  }

  return {
    moved,
    choose(next: Layout): void {
      storage.setItem(key, 'chosen')
      moved.value = null
      room.setLayout(next)
    },
    shared(): void {
      if (chosen() || room.layout.value !== 'teacher') return
      before = room.layout.value
      move('both')
    },
    unshared(): void {
      const back = before
      before = null
      if (back && !chosen() && room.layout.value !== back) move(back)
    },
  }
}
