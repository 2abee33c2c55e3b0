/** A live lesson as a card of the wall. Pure; names come in as functions, because they follow the page's language. */
import type { Schemas } from '@/api/client'

type Live = Schemas['LiveLesson']

export interface WallEnd {
  id: string
  name: string
  connected: boolean
  /** 1 bad … 5 good; null when nothing is known. */
  score: number | null
}

export interface WallPicture {
  source: string
  url: string
  at: string
  name: string
}

export interface WallCard {
  id: string
  main: WallPicture | null
  others: WallPicture[]
  ends: WallEnd[]
  /** Minutes since it began, begun ones counted. */
  minute: number
  trouble: boolean
}

export interface Names {
  school: (id: string, name: string) => string
  screen: string
}

/** Above this many pictures beside the large one they are too small to be seen. */
const MOST = 4

/** The teacher's end and every receiving school's, here or not; the large picture is the teacher's, else whatever there is. */
export function wallCard(live: Live, names: Names, now: Date): WallCard {
  const { lesson } = live
  const find = (id: string): Live['participants'][number] | undefined => live.participants.find((one) => one.participant_id === id)
  const end = (id: string, name: string): WallEnd => ({ id, name, connected: find(id)?.connected ?? false, score: live.quality[id] ?? null })
  const ends = [
    end('teacher', names.school(lesson.supporting_school_id, lesson.supporting_school)),
    ...lesson.receiving_schools.map((school) => end(`classroom-${school.id}`, names.school(school.id, school.name))),
  ]
  const nameOf = (source: string): string => (source === 'screen' ? names.screen : (ends.find((one) => one.id === source)?.name ?? find(source)?.name ?? source))
  const pictures = live.snapshots.map((one) => ({ source: one.source, url: one.url, at: one.at, name: nameOf(one.source) }))
  const began = Date.parse(lesson.started_at ?? lesson.starts_at)
  const bad = ends.some((one) => one.connected && one.score !== null && one.score <= 2)
  return {
    id: lesson.id,
    main: pictures[0] ?? null,
    others: pictures.slice(1, 1 + MOST),
    ends,
    minute: Math.max(1, Math.floor((now.getTime() - began) / 60_000) + 1),
    trouble: bad || live.notes.length > 0 || live.recording.state === 'trouble',
  }
}

/** Those with trouble first, else as they began: a card shall not wander while somebody looks at it. */
export function inOrder(cards: readonly WallCard[]): WallCard[] {
  return [...cards].sort((one, other) => Number(other.trouble) - Number(one.trouble))
}
