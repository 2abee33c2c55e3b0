/** What of the system's state needs a person: keys below `system.troubles`, with values. Pure. */
import type { Schemas } from '@/api/client'

export interface Trouble {
  key: 'noWorker' | 'recorderDown' | 'recorder' | 'redis' | 'database' | 'disk' | 'space' | 'spaceShare' | 'events' | 'queue'
  values: Record<string, string | number>
}

/** A lesson of 45 minutes records about 0.6 GB per 720p stream: below this the next lessons may not fit. */
export const LOW_DISK_BYTES = 5e9
/** Events are handled within a second; this far behind, evidence is late, s. */
const SLOW_EVENTS = 30

/** A warning of the pace says the days, one of the share the share: beyond this the share is what is short. */
const EARLY_DAYS = 60

export function troublesOf(system: Schemas['SystemAnswer']): Trouble[] {
  const found: Trouble[] = []
  const add = (key: Trouble['key'], values: Trouble['values'] = {}): void => void found.push({ key, values })
  if (system.workers.length === 0) add('noWorker')
  if (!system.recorder.alive) add('recorderDown')
  for (const detail of system.recorder.trouble) add('recorder', { detail })
  if (system.redis !== 'ok') add('redis', { detail: system.redis })
  if (system.database !== 'ok') add('database', { detail: system.database })
  const { space, disk } = system
  if (disk.total > 0 && (disk.free < LOW_DISK_BYTES || space.level === 'urgent')) add('disk')
  else if (space.level === 'warn' && space.days_left !== null && space.days_left < EARLY_DAYS) add('space', { days: Math.floor(space.days_left) })
  else if (space.level === 'warn') add('spaceShare', { percent: `${Math.round((disk.free / disk.total) * 100)}%` })
  if (system.event_lag > SLOW_EVENTS) add('events', { n: Math.round(system.event_lag) })
  if (system.queue < 0) add('queue')
  return found
}
