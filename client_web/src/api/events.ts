/**
 * The server-sent events of `/api/events`, kept open. EventSource comes back by itself from a lost connection but gives up
 * on an HTTP error (a restarting server behind a proxy): then it is opened anew with growing pauses.
 */
import type { Schemas } from './client'

export type LessonNotice = Schemas['LessonNotice']

export interface EventsListener {
  onLesson: (notice: LessonNotice) => void
  /** After a gap: something may have been missed, ask anew for what is shown. */
  onReturn: () => void
}

/** The part of EventSource that is used; tests hand in their own. */
export interface SourceLike {
  readonly readyState: number
  onopen: ((event: Event) => void) | null
  onerror: ((event: Event) => void) | null
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void
  close(): void
}

const FIRST_PAUSE = 1000
const LONGEST_PAUSE = 30_000
const CLOSED = 2

export class EventStream {
  private source: SourceLike | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private pause = FIRST_PAUSE
  private wasOpen = false
  private readonly listeners = new Set<EventsListener>()

  constructor(private readonly open: () => SourceLike = () => new EventSource('/api/events', { withCredentials: true })) {}

  /** Listens until the returned function is called; the connection lives as long as somebody listens. */
  listen(listener: EventsListener): () => void {
    this.listeners.add(listener)
    if (!this.source && this.timer === undefined) this.connect()
    return () => {
      this.listeners.delete(listener)
      if (this.listeners.size === 0) this.stop()
    }
  }

  private connect(): void {
    this.timer = undefined
    const source = this.open()
    this.source = source
    source.onopen = () => {
      this.pause = FIRST_PAUSE
      if (this.wasOpen) for (const listener of this.listeners) listener.onReturn()
      this.wasOpen = true
    }
    source.onerror = () => {
      if (this.source !== source || source.readyState !== CLOSED) return
      this.source = null
      this.timer = setTimeout(() => this.connect(), this.pause)
      this.pause = Math.min(this.pause * 2, LONGEST_PAUSE)
    }
    source.addEventListener('lesson', (event) => {
      const notice = noticeOf(event.data)
      if (notice) for (const listener of this.listeners) listener.onLesson(notice)
    })
  }

  private stop(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.source?.close()
    this.source = null
    this.wasOpen = false
    this.pause = FIRST_PAUSE
  }
}

function noticeOf(data: string): LessonNotice | null {
  try {
    const value: unknown = JSON.parse(data)
    return typeof value === 'object' && value !== null && 'lesson_id' in value ? (value as LessonNotice) : null
  } catch {
    return null
  }
}

/** One connection for the whole page. */
export const events = new EventStream()
