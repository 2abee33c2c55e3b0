/** The routes of the timetable and of calendar addresses; types are the server's. */
import { api, type Schemas } from '@/api/client'

export type Lesson = Schemas['LessonAnswer']
export type Timetable = Schemas['TimetableAnswer']
export type TimetableNotice = Schemas['TimetableNotice']

export interface Filter {
  school: string
  subject: string
  researcher: string
}

const iso = (at: number): string => new Date(at).toISOString()
const named = (lesson: Lesson) => ({ path: { lesson_id: lesson.id } })

export const timetableApi = {
  show: (from: number, to: number, filter: Filter, signal: AbortSignal): Promise<Timetable> =>
    api('get', '/api/timetable', { query: { from: iso(from), to: iso(to), school_id: filter.school, subject: filter.subject, researcher_id: filter.researcher }, signal }),
  check: async (lesson: Lesson, startsAt: number): Promise<TimetableNotice[]> => (await api('post', '/api/timetable/check', { body: { lesson_id: lesson.id, starts_at: iso(startsAt) } })).notices,
  move: (lesson: Lesson, startsAt: number): Promise<Lesson> => api('patch', '/api/lessons/{lesson_id}', { ...named(lesson), body: { version: lesson.version, starts_at: iso(startsAt) } }),
  suggestion: async (lesson: Lesson): Promise<string | null> => (await api('get', '/api/lessons/{lesson_id}/suggestion', named(lesson))).starts_at,
  reschedule: (lesson: Lesson, startsAt: number) => api('post', '/api/lessons/{lesson_id}/reschedule', { ...named(lesson), body: { version: lesson.version, starts_at: iso(startsAt) } }),
  series: (body: Schemas['SeriesCreate'], dryRun: boolean) => api('post', '/api/timetable/series', { body, query: { dry_run: dryRun ? '1' : '' } }),
  substitute: (body: Schemas['SubstitutionRequest'], dryRun: boolean) => api('post', '/api/timetable/substitutions', { body, query: { dry_run: dryRun ? '1' : '' } }),
  teachers: async (school = '') => (await api('get', '/api/timetable/teachers', { query: { school_id: school } })).items,
  feeds: async (signal: AbortSignal) => (await api('get', '/api/feeds', { signal } as object)).items,
  createFeed: (school: string) => api('post', '/api/feeds', { body: { school_id: school || null } }),
  revokeFeed: (id: string) => api('delete', '/api/feeds/{feed_id}', { path: { feed_id: id } }),
}
