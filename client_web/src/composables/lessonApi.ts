/** The HTTP routes that the lesson pages use, by name; types are the server's. */
import { api, type Schemas } from '@/api/client'
import type { Role } from '@/protocol/messages'

export type Lesson = Schemas['LessonAnswer']
export type LessonDetail = Schemas['LessonDetailAnswer']
export type Recording = Schemas['RecordingAnswer']
export type Verification = Schemas['Verification']

const named = (id: string): { path: { lesson_id: string } } => ({ path: { lesson_id: id } })

/** Forms that are taught live: the others wait for nobody. */
export const LIVE_FORMS = 'synchronous,training'
/** A live lesson may have begun this long ago (ms). */
export const LIVE_WITHIN = 12 * 3600_000
export const ON_DEMAND = 'delivered,master'

export const lessonApi = {
  redeem: (code: string) => api('post', '/api/devices/redeem', { body: { code } }),
  lesson: (id: string): Promise<LessonDetail> => api('get', '/api/lessons/{lesson_id}', named(id)),
  /** Lessons that may still be joined, the earliest first. */
  upcoming: (from: string) => api('get', '/api/lessons', { query: { state: 'scheduled,live', form: LIVE_FORMS, order: 'starts_at', from, limit: 20 } }),
  /** Courses on demand that may be played, the newest first. */
  courses: () => api('get', '/api/lessons', { query: { state: 'scheduled,credited', form: ON_DEMAND, order: '-starts_at', limit: 20 } }),
  course: (id: string) => api('get', '/api/courses/{lesson_id}', named(id)),
  start: (id: string) => api('post', '/api/lessons/{lesson_id}/start', named(id)),
  end: (id: string) => api('post', '/api/lessons/{lesson_id}/end', named(id)),
  mediaToken: (id: string, role: Role, schoolId?: string) =>
    api('post', '/api/lessons/{lesson_id}/tokens', { ...named(id), body: { role, school_id: schoolId ?? null } }),
  /** `after`: only the pieces that end after this second. */
  recording: (id: string, after?: number): Promise<Recording> => api('get', '/api/recordings/{recording_id}', { path: { recording_id: id }, query: { after } }),
}
