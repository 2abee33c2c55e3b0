/** What of the system's state needs a person: keys below `system.troubles`, with values. Pure. */
import type { Schemas } from '@/api/client'

export interface Trouble {
  key: 'noWorker' | 'recorderDown' | 'recorder' | 'redis' | 'database' | 'disk' | 'events' | 'queue'
  values: Record<string, string | number>
}

/** A lesson of 45 minutes records about 0.6 GB per 720p stream: below this the next lessons may not fit. */
export const LOW_DISK_BYTES = 5e9
/** Events are handled within a second; this far behind, evidence is late, s. */
const SLOW_EVENTS = 30

export function troublesOf(system: Schemas['SystemAnswer']): Trouble[] {
  const found: Trouble[] = []
  const add = (key: Trouble['key'], values: Trouble['values'] = {}): void => void found.push({ key, values })
  if (system.workers.length === 0) add('noWorker')
  if (!system.recorder.alive) add('recorderDown')
  for (const detail of system.recorder.trouble) add('recorder', { detail })
  if (system.redis !== 'ok') add('redis', { detail: system.redis })
  if (system.database !== 'ok') add('database', { detail: system.database })
  if (system.disk.total > 0 && system.disk.free < LOW_DISK_BYTES) add('disk')
  if (system.event_lag > SLOW_EVENTS) add('events', { n: Math.round(system.event_lag) })
  if (system.queue < 0) add('queue')
  return found
}
