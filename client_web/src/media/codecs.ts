/** Which video codecs this browser plays, and in which order a sender offers them (the server takes the first that it knows). */

interface Capability {
  mimeType: string
  sdpFmtpLine?: string
}

/** What the server forwards and records, by the names of the room's messages. */
const KNOWN = ['vp8', 'h264', 'vp9', 'av1'] as const

/** The codec's name where the server takes it in this form: H.264 baseline in packetization mode 1, VP9 and AV1 in profile 0. */
export function nameOf({ mimeType, sdpFmtpLine = '' }: Capability): string | null {
  const name = mimeType.toLowerCase().replace('video/', '')
  if (!KNOWN.some((known) => known === name)) return null
  if (name === 'h264') return /packetization-mode=1/.test(sdpFmtpLine) && /profile-level-id=42/i.test(sdpFmtpLine) ? name : null
  const profile = /(?:profile-id|profile)=(\d+)/.exec(sdpFmtpLine)?.[1]
  return profile === undefined || profile === '0' ? name : null
}

/** The names of all in a list, each once. */
export function namesOf(codecs: readonly Capability[]): string[] {
  return [...new Set(codecs.map(nameOf).filter((name) => name !== null))]
}

/** A sender's codecs with the wanted ones first, in their order; the others stay, for what is wanted may be missing here. */
export function videoPreference<C extends Capability>(codecs: readonly C[], wanted: readonly string[]): C[] {
  const rank = (codec: C): number => {
    const name = nameOf(codec)
    const at = name === null ? -1 : wanted.indexOf(name)
    return at < 0 ? wanted.length : at
  }
  return [...codecs].sort((a, b) => rank(a) - rank(b))
}

/** Video codecs that this browser plays; none where it does not say. */
export function decodes(): string[] {
  if (!('RTCRtpReceiver' in globalThis)) return []
  return namesOf(RTCRtpReceiver.getCapabilities('video')?.codecs ?? [])
}
