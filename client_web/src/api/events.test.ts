import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { EventStream, type SourceLike } from './events'

class FakeSource implements SourceLike {
  readyState = 0
  onopen: ((event: Event) => void) | null = null
  onerror: ((event: Event) => void) | null = null
  closed = false
  private lesson: ((event: MessageEvent<string>) => void) | null = null

  addEventListener(_type: string, listener: (event: MessageEvent<string>) => void): void {
    this.lesson = listener
  }

  close(): void {
    this.closed = true
  }

  opens(): void {
    this.readyState = 1
    this.onopen?.(new Event('open'))
  }

  fails(forGood: boolean): void {
    this.readyState = forGood ? 2 : 0
    this.onerror?.(new Event('error'))
  }

  says(data: string): void {
    this.lesson?.({ data } as MessageEvent<string>)
  }
}

let sources: FakeSource[] = []
const last = (): FakeSource => sources[sources.length - 1] as FakeSource
const stream = (): EventStream =>
  new EventStream(() => {
    const source = new FakeSource()
    sources.push(source)
    return source
  })

beforeEach(() => {
  sources = []
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

it('passes notices of lessons on, and nothing that is none', () => {
  const onLesson = vi.fn()
  stream().listen({ onLesson, onReturn: vi.fn() })
  last().opens()
  last().says('{"lesson_id":"l1","state":"live","receiving_school_id":"s02","supporting_school_id":"s01"}')
  last().says('not json')
  last().says('[]')
  expect(onLesson).toHaveBeenCalledOnce()
})

it('is one connection for all listeners and ends with the last of them', () => {
  const events = stream()
  const one = events.listen({ onLesson: vi.fn(), onReturn: vi.fn() })
  const two = events.listen({ onLesson: vi.fn(), onReturn: vi.fn() })
  expect(sources).toHaveLength(1)
  one()
  expect(last().closed).toBe(false)
  two()
  expect(last().closed).toBe(true)
})

it('opens anew with growing pauses when the browser has given up', () => {
  stream().listen({ onLesson: vi.fn(), onReturn: vi.fn() })
  last().fails(true)
  vi.advanceTimersByTime(1000)
  expect(sources).toHaveLength(2)
  last().fails(true)
  vi.advanceTimersByTime(1000)
  expect(sources).toHaveLength(2)
  vi.advanceTimersByTime(1000)
  expect(sources).toHaveLength(3)
})

it('leaves a connection alone that the browser mends itself, and says when it is back', () => {
  const onReturn = vi.fn()
  stream().listen({ onLesson: vi.fn(), onReturn })
  last().opens()
  expect(onReturn).not.toHaveBeenCalled()
  last().fails(false)
  vi.advanceTimersByTime(60_000)
  expect(sources).toHaveLength(1)
  last().opens()
  expect(onReturn).toHaveBeenCalledOnce()
})
