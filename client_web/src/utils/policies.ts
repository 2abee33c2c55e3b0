/**
 * The thresholds that a lesson's evidence is shown against. They are those of config/crediting.toml (a test compares them);
 * the judgement itself, and its reasons, are always the server's.
 */
export interface CreditingPolicy {
  lastedShare: number
  presentShare: number
  twoWayShare: number
  maxGapSeconds: number
  maxBlackOrFrozenShare: number
  maxSilentShare: number
}

const BASE = { lastedShare: 0.8, presentShare: 0.8, twoWayShare: 0.5, maxBlackOrFrozenShare: 0.2, maxSilentShare: 0.6 }

export const POLICIES: Readonly<Record<string, CreditingPolicy>> = {
  default: { ...BASE, maxGapSeconds: 30 },
  accelerated: { ...BASE, maxGapSeconds: 10 },
}
