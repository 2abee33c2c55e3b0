/** Starting a media element where the browser may refuse sound before somebody has touched the page. */

type Playable = Pick<HTMLMediaElement, 'play' | 'muted'>

export type Started = 'sound' | 'muted' | 'no'

/** Plays with sound if allowed, otherwise muted (the picture at least); tells which. A kiosk browser started with its autoplay flag never falls back. */
export async function startPlaying(element: Playable, wantSound: boolean): Promise<Started> {
  element.muted = !wantSound
  try {
    await element.play()
    return wantSound ? 'sound' : 'muted'
  } catch (error) {
    if (!isRefusal(error)) return 'no'
  }
  if (!wantSound) return 'no'
  element.muted = true
  try {
    await element.play()
    return 'muted'
  } catch {
    return 'no'
  }
}

/** AbortError only means that a newer load or pause came in between. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'NotAllowedError'
}

/** Sends a page's sound to the chosen loudspeaker where the browser can (not in Firefox before 116 or Safari). */
export async function useSpeaker(element: HTMLMediaElement, deviceId: string | null): Promise<void> {
  if (!('setSinkId' in element) || deviceId === null) return
  try {
    await element.setSinkId(deviceId)
  } catch {
    // The loudspeaker is gone: the system's default goes on.
  }
}
