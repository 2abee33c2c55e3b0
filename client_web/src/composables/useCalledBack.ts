/** A classroom's screen that plays a course goes back to the classroom's page as soon as a lesson is live for it. */
import { useRouter } from 'vue-router'
import { useSession } from '@/stores/session'
import { LIVE_WITHIN, lessonApi } from './lessonApi'
import { useWatching } from './useWatching'

export function useCalledBack(): void {
  const session = useSession()
  const router = useRouter()
  if (session.role !== 'device') return
  useWatching(async () => {
    const found = await lessonApi.upcoming(new Date(Date.now() - LIVE_WITHIN).toISOString()).catch(() => null)
    if (found?.items.some((lesson) => lesson.state === 'live')) await router.replace({ name: 'classroom' })
  })
}
