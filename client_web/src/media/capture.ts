/** Opening a camera, a microphone or a screen, each on its own so that one missing device never costs the other. */
import type { Device } from './devices'

type Gum = Pick<MediaDevices, 'getUserMedia'>

/** 720p at 24 frames/s: enough for a face and a board, and what the senders' bitrate is chosen for. */
const CAMERA: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24, max: 30 } }
/** A classroom is loud and far from its microphone: the browser's own processing helps; mono is what speech needs. */
const MICROPHONE: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  channelCount: { ideal: 1 },
}

/** As the room sounds: for measuring. `cancelled`: with echo cancellation alone. */
export async function openRawMicrophone(devices: Gum, wanted: Device | null, cancelled: boolean): Promise<MediaStreamTrack> {
  return openTrack(devices, 'audio', attempts(wanted, { ...MICROPHONE, echoCancellation: cancelled, noiseSuppression: false, autoGainControl: false }))
}

/** From what was asked for to what at least works. The last error is the one to report. */
export function attempts(wanted: Device | null, base: MediaTrackConstraints): (MediaTrackConstraints | true)[] {
  const exact = wanted ? [{ ...base, deviceId: { exact: wanted.id } }] : []
  return [...exact, base, true]
}

/** Only these mean "ask for less"; a refusal must not be asked again. */
const WORTH_ANOTHER = new Set(['OverconstrainedError', 'NotReadableError', 'NotFoundError', 'AbortError'])

async function openTrack(devices: Gum, kind: 'audio' | 'video', tries: (MediaTrackConstraints | true)[]): Promise<MediaStreamTrack> {
  let failure: unknown = new DOMException('', 'NotFoundError')
  for (const constraints of tries) {
    try {
      const stream = await devices.getUserMedia({ [kind]: constraints })
      const track = stream.getTracks()[0]
      if (track) return track
    } catch (error) {
      failure = error
      if (!(error instanceof Error || error instanceof DOMException) || !WORTH_ANOTHER.has(error.name)) break
    }
  }
  throw failure
}

export async function openCamera(devices: Gum, wanted: Device | null): Promise<MediaStreamTrack> {
  const track = await openTrack(devices, 'video', attempts(wanted, CAMERA))
  track.contentHint = 'motion'
  return track
}

export async function openMicrophone(devices: Gum, wanted: Device | null): Promise<MediaStreamTrack> {
  const track = await openTrack(devices, 'audio', attempts(wanted, MICROPHONE))
  track.contentHint = 'speech'
  return track
}

export interface ScreenTracks {
  video: MediaStreamTrack
  /** The sound of a shared tab or window, if the teacher chose to share it. */
  audio: MediaStreamTrack | null
}

export async function openScreen(devices: Pick<MediaDevices, 'getDisplayMedia'>): Promise<ScreenTracks> {
  const stream = await devices.getDisplayMedia({
    video: { width: { max: 1920 }, height: { max: 1080 }, frameRate: { ideal: 15, max: 15 } },
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  })
  const video = stream.getVideoTracks()[0]
  if (!video) throw new DOMException('', 'NotFoundError')
  video.contentHint = 'detail'
  return { video, audio: stream.getAudioTracks()[0] ?? null }
}
