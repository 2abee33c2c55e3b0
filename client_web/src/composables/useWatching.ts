/** Looks at something whenever a lesson changes, and every ten seconds: a proxy that swallows the event stream must not cost a class its lesson. */
import { onScopeDispose } from 'vue'
import { events } from '@/api/events'

/** ms */
const POLL_EVERY = 10_000
/** A burst of notices is one reason to look. */
const GATHER = 150

export function useWatching(look: () => Promise<void>): { lookNow: () => void } {
  let gathering: ReturnType<typeof setTimeout> | undefined
  let looking = false
  let again = false

  async function run(): Promise<void> {
    if (looking) {
      again = true
      return
    }
    looking = true
    try {
      await look()
    } finally {
      looking = false
      if (again) {
        again = false
        lookNow()
      }
    }
  }

  function lookNow(): void {
    clearTimeout(gathering)
    gathering = setTimeout(() => void run(), GATHER)
  }

  const stop = events.listen({ onLesson: lookNow, onReturn: lookNow })
  const poll = setInterval(() => void run(), POLL_EVERY)
  window.addEventListener('online', lookNow)
  onScopeDispose(() => {
    stop()
    clearInterval(poll)
    clearTimeout(gathering)
    window.removeEventListener('online', lookNow)
  })
  return { lookNow }
}
