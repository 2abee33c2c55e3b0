import { onScopeDispose } from 'vue'
import { events, type LessonNotice } from '@/api/events'

/** A burst of notices (a lesson passes three states in a second) asks once. */
const GATHER_MS = 250

/** Calls `refresh` soon after a lesson the page is about has changed, and after a lost connection. */
export function useLessonEvents(refresh: () => unknown, about: (notice: LessonNotice) => boolean = () => true): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const soon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void refresh(), GATHER_MS)
  }
  const stop = events.listen({
    onLesson: (notice) => {
      if (about(notice)) soon()
    },
    onReturn: soon,
  })
  onScopeDispose(() => {
    clearTimeout(timer)
    stop()
  })
}
