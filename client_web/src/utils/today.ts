/** Which lesson is the next one for its teacher. Pure. */
import type { Schemas } from '@/api/client'

type Lesson = Pick<Schemas['LessonAnswer'], 'id' | 'state' | 'starts_at' | 'planned_minutes'>

/** A live lesson first; else the scheduled one that begins next or whose time is not yet over. */
export function upcomingOf<L extends Lesson>(lessons: readonly L[], now: Date): L | null {
  const live = lessons.find((lesson) => lesson.state === 'live')
  if (live) return live
  const open = lessons
    .filter((lesson) => lesson.state === 'scheduled' && Date.parse(lesson.starts_at) + lesson.planned_minutes * 60_000 > now.getTime())
    .sort((one, other) => Date.parse(one.starts_at) - Date.parse(other.starts_at))
  return open[0] ?? null
}

export function partOfDay(now: Date): 'morning' | 'afternoon' | 'evening' {
  const hour = now.getHours()
  return hour >= 5 && hour < 12 ? 'morning' : hour >= 12 && hour < 18 ? 'afternoon' : 'evening'
}
