import { expect, it } from 'vitest'
import { backoffDelay } from './backoff'

const rule = { first: 400, most: 5000, jitter: 0.5 }

it('doubles up to its cap', () => {
  expect([0, 1, 2, 3, 4, 9, 99].map((n) => backoffDelay(n, rule, () => 0.5))).toEqual([400, 800, 1600, 3200, 5000, 5000, 5000])
})

it('spreads around the middle', () => {
  expect(backoffDelay(0, rule, () => 0)).toBe(300)
  expect(backoffDelay(0, rule, () => 1)).toBe(500)
})
