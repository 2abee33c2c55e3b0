import { describe, expect, it } from 'vitest'
import { useAttempt } from './useAttempt'

describe('an attempt', () => {
  it('is one at a time', async () => {
    const { busy, attempt } = useAttempt()
    let made = 0
    let finish = (): void => undefined
    const first = attempt(() => new Promise<void>((resolve) => ((made += 1), (finish = resolve))))
    expect(busy.value).toBe(true)
    await attempt(async () => void (made += 1))
    expect(made).toBe(1)
    finish()
    await first
    expect(busy.value).toBe(false)
  })

  it('tells why it was refused, until the next one', async () => {
    const { busy, problem, attempt } = useAttempt()
    await attempt(() => Promise.reject(new Error('no room')))
    expect([busy.value, problem.value]).toEqual([false, 'no room'])
    await attempt(async () => undefined)
    expect(problem.value).toBe('')
  })
})
