/**
 * Which camera, microphone and loudspeaker to take: the last good ones, found again by id or, because browsers change ids when
 * site data is cleared, by label; otherwise the system's default.
 */

export type PickKind = 'camera' | 'microphone' | 'speaker'

export interface Device {
  id: string
  label: string
}

export type DeviceLists = Record<PickKind, Device[]>

/** What is used of localStorage. */
export interface Memory {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

const KIND_OF: Partial<Record<MediaDeviceKind, PickKind>> = {
  videoinput: 'camera',
  audioinput: 'microphone',
  audiooutput: 'speaker',
}

/** Sorts what `enumerateDevices` told; entries without an id (no permission yet) are left out. */
export function listsOf(found: readonly Pick<MediaDeviceInfo, 'deviceId' | 'kind' | 'label'>[]): DeviceLists {
  const lists: DeviceLists = { camera: [], microphone: [], speaker: [] }
  for (const { deviceId, kind, label } of found) {
    const place = KIND_OF[kind]
    if (place && deviceId) lists[place].push({ id: deviceId, label })
  }
  return lists
}

export function pickDevice(list: readonly Device[], remembered: Device | null): Device | null {
  if (!remembered) return null
  return (
    list.find((device) => device.id === remembered.id) ??
    list.find((device) => device.label !== '' && device.label === remembered.label) ??
    null
  )
}

const keyOf = (kind: PickKind): string => `tongke.device.${kind}`

export function remember(memory: Memory, kind: PickKind, device: Device): void {
  try {
    memory.setItem(keyOf(kind), JSON.stringify({ id: device.id, label: device.label }))
  } catch {
    // Storage full or forbidden: the choice then lasts as long as the page.
  }
}

export function recall(memory: Memory, kind: PickKind): Device | null {
  try {
    const value: unknown = JSON.parse(memory.getItem(keyOf(kind)) ?? 'null')
    if (typeof value !== 'object' || value === null) return null
    if (!('id' in value) || !('label' in value)) return null
    return typeof value.id === 'string' && typeof value.label === 'string' ? { id: value.id, label: value.label } : null
  } catch {
    return null
  }
}
