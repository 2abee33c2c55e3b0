import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Reach } from './reach'

interface Asked {
  signal: AbortSignal
  answer: (status: number) => void
}

/** A server whose answers the test gives, or (`dead`) a network without a route. */
function setUp() {
  const asked: Asked[] = []
  const network = new EventTarget()
  const link = new EventTarget()
  const state = { dead: false }
  const reach = new Reach({
    events: { network, link },
    fetch: (_, init = {}) =>
      state.dead
        ? Promise.reject(new TypeError('Failed to fetch'))
        : new Promise<Response>((resolve, reject) => {
            const signal = init.signal as AbortSignal
            signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
            asked.push({ signal, answer: (status) => resolve(new Response(null, { status })) })
          }),
  })
  const underWay = (): Asked[] => asked.filter((each) => !each.signal.aborted)
  return { reach, asked, underWay, network, link, state }
}

const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('asking whether the server can be reached', () => {
  it('tells all who wait when it answers, whatever it says, and then is silent', async () => {
    const { reach, asked } = setUp()
    const back = [vi.fn(), vi.fn()]
    for (const each of back) reach.wait(each)
    await settle()
    expect(asked).toHaveLength(1)
    asked[0]?.answer(503)
    await settle(10_000)
    for (const each of back) expect(each).toHaveBeenCalledTimes(1)
    expect(asked).toHaveLength(1)
  })

  it('asks anew while requests hang, and never has more than three under way', async () => {
    const { reach, asked, underWay } = setUp()
    const back = vi.fn()
    reach.wait(back)
    await settle(20_000)
    expect(asked.length).toBeGreaterThan(25)
    expect(underWay()).toHaveLength(3)
    underWay()[0]?.answer(200)
    await settle()
    expect(back).toHaveBeenCalledTimes(1)
    expect(underWay()).toHaveLength(0)
  })

  it('asks at once when the browser tells that the network is back or another', async () => {
    const { reach, asked, network, link, state } = setUp()
    state.dead = true
    reach.wait(vi.fn())
    await settle(100)
    state.dead = false
    network.dispatchEvent(new Event('online'))
    link.dispatchEvent(new Event('change'))
    expect(asked).toHaveLength(2)
  })

  it('asks nothing when nobody waits any more', async () => {
    const { reach, asked, underWay, network } = setUp()
    const giveUp = reach.wait(vi.fn())
    await settle()
    giveUp()
    network.dispatchEvent(new Event('online'))
    await settle(5000)
    expect(asked).toHaveLength(1)
    expect(underWay()).toHaveLength(0)
  })
})
