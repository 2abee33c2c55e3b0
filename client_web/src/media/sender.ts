/** How much a sender may send, and what it gives up first when the line is thin. */

export type Profile = 'camera' | 'screen' | 'audio'

interface Limits {
  /** bit/s */
  maxBitrate: number
  /** frames/s; null for sound */
  maxFramerate: number | null
  degradation: RTCDegradationPreference
  /** Sound first: when the line is thin, the picture yields. */
  priority: RTCPriorityType
}

const LIMITS: Record<Profile, Limits> = {
  camera: { maxBitrate: 1_500_000, maxFramerate: 24, degradation: 'maintain-framerate', priority: 'low' },
  // Text must stay sharp; a slide that moves at 8 frames/s is still a slide.
  screen: { maxBitrate: 2_500_000, maxFramerate: 15, degradation: 'maintain-resolution', priority: 'low' },
  audio: { maxBitrate: 40_000, maxFramerate: null, degradation: 'balanced', priority: 'high' },
}

type Parameters = RTCRtpSendParameters & { degradationPreference?: RTCDegradationPreference }

/** The parameters with this profile's limits; encodings may be missing before negotiation in older browsers. */
export function limited(parameters: RTCRtpSendParameters, profile: Profile): Parameters {
  const limits = LIMITS[profile]
  const encodings = parameters.encodings.length > 0 ? parameters.encodings : [{}]
  return {
    ...parameters,
    ...(profile === 'audio' ? {} : { degradationPreference: limits.degradation }),
    encodings: encodings.map((encoding) => ({
      ...encoding,
      maxBitrate: limits.maxBitrate,
      networkPriority: limits.priority,
      priority: limits.priority,
      ...(limits.maxFramerate === null ? {} : { maxFramerate: limits.maxFramerate }),
    })),
  }
}

/** Sets them; a browser that knows none of this sends with its own limits, which is no reason to stop a lesson. */
export async function tuneSender(sender: Pick<RTCRtpSender, 'getParameters' | 'setParameters'>, profile: Profile): Promise<boolean> {
  try {
    await sender.setParameters(limited(sender.getParameters(), profile))
    return true
  } catch {
    return false
  }
}
