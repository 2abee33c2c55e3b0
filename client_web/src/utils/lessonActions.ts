/** The one next step of a lesson for somebody: what the row's or card's button does. Pure; the server decides what is allowed. */
import type { RouteLocationRaw } from 'vue-router'
import type { Schemas } from '@/api/client'

type Lesson = Pick<Schemas['LessonAnswer'], 'id' | 'form' | 'state' | 'teacher_id' | 'supporting_school_id' | 'recording_id' | 'starts_at'>
type User = Pick<Schemas['SessionUser'], 'id' | 'role' | 'school_id'>

/** From an hour before its time a lesson is the thing to do, ms. */
const SOON = 3600_000

export interface LessonAction {
  key: 'start' | 'enter' | 'observe' | 'recording' | 'course'
  to: RouteLocationRaw
  /** To be done now. */
  main: boolean
}

/** Its teacher; or, when the office named none, any teacher of the supporting school. */
export function teaches(lesson: Lesson, user: User | null): boolean {
  if (user?.role !== 'teacher') return false
  return lesson.teacher_id === null ? lesson.supporting_school_id === user.school_id : lesson.teacher_id === user.id
}

export function supervises(user: User | null): boolean {
  return user?.role === 'admin' || user?.role === 'researcher'
}

export function mayChange(lesson: Lesson, user: User | null): boolean {
  return lesson.state === 'scheduled' && (supervises(user) || teaches(lesson, user))
}

/** Watched on demand: never live, its own page knows the recording. */
export function onDemand(lesson: Pick<Lesson, 'form'>): boolean {
  return lesson.form === 'delivered' || lesson.form === 'master'
}

export function actionFor(lesson: Lesson, user: User | null, now = new Date()): LessonAction | null {
  if (onDemand(lesson)) return lesson.state === 'cancelled' ? null : { key: 'course', to: { name: 'lesson', params: { lessonId: lesson.id } }, main: false }
  if (lesson.state === 'scheduled' && teaches(lesson, user)) {
    const soon = Date.parse(lesson.starts_at) - now.getTime() < SOON
    return { key: 'start', to: { name: 'teach', params: { lessonId: lesson.id } }, main: soon }
  }
  if (lesson.state === 'live' && teaches(lesson, user)) {
    return { key: 'enter', to: { name: 'teach', params: { lessonId: lesson.id } }, main: true }
  }
  if (lesson.state === 'live' && supervises(user)) {
    return { key: 'observe', to: { name: 'observe', params: { lessonId: lesson.id } }, main: true }
  }
  if (lesson.recording_id && lesson.state !== 'live') {
    return { key: 'recording', to: { name: 'recording', params: { id: lesson.recording_id } }, main: false }
  }
  return null
}
