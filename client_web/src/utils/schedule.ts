/** The usual length of a lesson by kind of school (DOMAIN: 40 min primary, 45 min junior). */
export function plannedMinutes(stage: 'primary' | 'junior' | undefined): number {
  return stage === 'junior' ? 45 : 40
}

const SLOT_MINUTES = 5

/** The next whole five minutes, at least one minute away: a lesson scheduled now can start at once. */
export function nextSlot(now: Date): Date {
  const slot = SLOT_MINUTES * 60_000
  return new Date(Math.ceil((now.getTime() + 60_000) / slot) * slot)
}
