/** How long to wait before the next attempt: doubling, capped, spread so that a county's screens do not come back in one instant. */
export interface BackoffRule {
  /** First delay, ms. */
  first: number
  /** Longest delay, ms. */
  most: number
  /** Share of the delay that is random, 0–1. */
  jitter: number
}

export function backoffDelay(attempt: number, rule: BackoffRule, random: () => number): number {
  const base = Math.min(rule.most, rule.first * 2 ** Math.min(attempt, 16))
  return Math.round(base * (1 - rule.jitter / 2 + rule.jitter * random()))
}
