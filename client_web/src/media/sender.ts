/** What a sender may send in how many layers, and what it gives up first when the line is thin. Sound is never given up. */

export type Profile = 'camera' | 'screen' | 'audio'

/** How much of itself a source may send: all layers, not the top one, the lowest alone, no picture at all. */
export type Level = 'high' | 'medium' | 'low' | 'sound'

const ORDER: Level[] = ['sound', 'low', 'medium', 'high']
const reaches = (level: Level, needed: Level): boolean => ORDER.indexOf(level) >= ORDER.indexOf(needed)

/** One simulcast layer (RFC 8853). */
interface Layer {
  rid: string
  scaleResolutionDownBy: number
  /** bit/s */
  maxBitrate: number
  /** frames/s */
  maxFramerate: number
  /** The lowest level at which it is sent; null: not at all. */
  from: Level | null
}

export interface Size {
  width: number
  height: number
}

/**
 * 180p, 360p and 720p. Beyond its measured 1,500 kbit/s a face at 720p looks no better; 120 kbit/s still moves at 180p and leaves a
 * line of 200 kbit/s room for sound.
 */
const CAMERA: Layer[] = [
  { rid: 'l', scaleResolutionDownBy: 4, maxBitrate: 120_000, maxFramerate: 15, from: 'low' },
  { rid: 'm', scaleResolutionDownBy: 2, maxBitrate: 420_000, maxFramerate: 24, from: 'medium' },
  { rid: 'h', scaleResolutionDownBy: 1, maxBitrate: 1_500_000, maxFramerate: 24, from: 'high' },
]

/**
 * A page of text is one picture of about 60 kB at 1080p and 25 kB at half of it (VP8 at its coarsest, measured): over 100 kbit/s five
 * seconds or two. So the thin layer is half as large, where a slide's text is still read, and yields frames, not sharpness. With more than
 * 80 kbit/s the encoder saves up for keyframes of twice that size, which nobody on a thin line has time for.
 */
const SCREEN: Layer[] = [
  { rid: 'l', scaleResolutionDownBy: 2, maxBitrate: 80_000, maxFramerate: 5, from: 'low' },
  { rid: 'h', scaleResolutionDownBy: 1, maxBitrate: 2_500_000, maxFramerate: 15, from: 'medium' },
]

/**
 * Pixels from which Chromium sends three and two layers (its table of simulcast formats: 960×540, 480×270). Of a smaller picture it sends
 * the first layers alone, whatever their scale, so these must be the ones that carry it.
 */
const THREE_LAYERS = 960 * 540
const TWO_LAYERS = 480 * 270
/** bit/s of a whole 720p picture by its pixels are the measure for smaller ones, with a least for the larger and the only layer. */
const FULL_PIXELS = 1280 * 720
const LEAST_OF_TWO = 400_000
const LEAST_OF_ONE = 200_000

const AUDIO = { maxBitrate: 40_000, thin: 24_000 }

/** The layers for a picture of this size (null: not known yet). */
function layersOf(profile: 'camera' | 'screen', size: Size | null): Layer[] {
  const layers = profile === 'screen' ? SCREEN : CAMERA
  const pixels = size ? size.width * size.height : FULL_PIXELS
  if (profile === 'screen') return pixels >= TWO_LAYERS ? layers : layers.map((layer) => (layer.rid === 'l' ? { ...layer, scaleResolutionDownBy: 1, maxBitrate: LEAST_OF_ONE } : without(layer)))
  const top = (least: number): number => Math.max(least, Math.min(1_500_000, Math.round((pixels / FULL_PIXELS) * 1_500_000)))
  if (pixels >= THREE_LAYERS) return layers.map((layer) => (layer.rid === 'h' ? { ...layer, maxBitrate: top(0) } : layer))
  if (pixels < TWO_LAYERS) return layers.map((layer) => (layer.rid === 'l' ? { ...layer, scaleResolutionDownBy: 1, maxBitrate: LEAST_OF_ONE } : without(layer)))
  return layers.map((layer) => {
    if (layer.rid === 'l') return { ...layer, scaleResolutionDownBy: 2 }
    return layer.rid === 'm' ? { ...layer, scaleResolutionDownBy: 1, maxBitrate: top(LEAST_OF_TWO) } : without(layer)
  })
}

const without = (layer: Layer): Layer => ({ ...layer, from: null })

/** What a sender that may send one picture sends at this level. */
function singleOf(profile: 'camera' | 'screen', size: Size | null, level: Level): Layer {
  const layers = layersOf(profile, size).filter((layer) => layer.from !== null)
  const sent = layers.filter((layer) => layer.from !== null && reaches(level, layer.from))
  const best = sent.at(-1) ?? layers[0]
  if (!best) throw new RangeError('a picture without layers')
  return { ...best, from: sent.length > 0 ? level : null }
}

/**
 * Temporal layers to ask for, the best first: with them a thin receiver loses frames before it loses the picture. A camera has two: after
 * a keyframe the encoder saves up by dropping base pictures, up to 1.3 s of them in three layers, and players then wait with the uppermost
 * ones for the middle ones that hang on them. A still screen, which thin lines are sent the keyframes of, has three.
 */
export const SCALABILITY = { camera: ['L1T2', null], screen: ['L1T3', 'L1T2', null] } as const
type Scalability = (typeof SCALABILITY)['camera' | 'screen'][number]

type Encoding = RTCRtpEncodingParameters & { scalabilityMode?: string }

/** `sendEncodings` of a video line; its lines in the offer are RFC 8853's `a=rid` and `a=simulcast`. */
export function encodingsFor(profile: 'camera' | 'screen', scalability: Scalability): Encoding[] {
  return layersOf(profile, null).map(({ rid, scaleResolutionDownBy, maxBitrate, maxFramerate }) => ({
    rid,
    scaleResolutionDownBy,
    maxBitrate,
    maxFramerate,
    ...(scalability ? { scalabilityMode: scalability } : {}),
  }))
}

type Parameters = RTCRtpSendParameters & { degradationPreference?: RTCDegradationPreference }

export interface Sending {
  profile: Profile
  /** Of the track that is sent, null if there is none. */
  size: Size | null
  level: Level
}

/** The parameters for what is sent now. A server (or browser) without simulcast leaves one encoding, which then carries everything. */
export function limited(parameters: RTCRtpSendParameters, { profile, size, level }: Sending): Parameters {
  const encodings = parameters.encodings.length > 0 ? parameters.encodings : [{}]
  if (profile === 'audio') {
    const maxBitrate = reaches(level, 'medium') ? AUDIO.maxBitrate : AUDIO.thin
    return { ...parameters, encodings: encodings.map((encoding) => ({ ...encoding, maxBitrate, networkPriority: 'high', priority: 'high' })) }
  }
  const layers = encodings.length > 1 ? layersOf(profile, size) : [singleOf(profile, size, level)]
  return {
    ...parameters,
    // Text must stay sharp; a slide that moves at 5 frames/s is still a slide.
    degradationPreference: profile === 'screen' ? 'maintain-resolution' : 'maintain-framerate',
    encodings: encodings.map((encoding, index) => {
      const layer = layers.find((one) => one.rid === encoding.rid) ?? layers[index] ?? layers[0]
      if (!layer) return encoding
      const { scaleResolutionDownBy, maxBitrate, maxFramerate, from } = layer
      const active = from !== null && reaches(level, from)
      return { ...encoding, active, scaleResolutionDownBy, maxBitrate, maxFramerate, networkPriority: 'low', priority: 'low' }
    }),
  }
}

/** The size of what a track captures, null if it does not say. */
export function sizeOf(track: Pick<MediaStreamTrack, 'getSettings'> | null): Size | null {
  const { width, height } = track?.getSettings() ?? {}
  return width && height ? { width, height } : null
}

/** Sets them; a browser that knows none of this sends with its own limits, which is no reason to stop a lesson. */
export async function tuneSender(sender: Pick<RTCRtpSender, 'getParameters' | 'setParameters'>, sending: Sending): Promise<boolean> {
  try {
    await sender.setParameters(limited(sender.getParameters(), sending))
    return true
  } catch {
    return false
  }
}

interface NamedCodec {
  mimeType: string
}

/**
 * Sound with redundancy first (RFC 2198 `red`, each packet also carries the one before), plain Opus after it; null when this browser
 * has no `red`, and its own order is right.
 */
export function soundPreference<C extends NamedCodec>(codecs: readonly C[]): C[] | null {
  const isRed = (codec: C): boolean => codec.mimeType.toLowerCase() === 'audio/red'
  const isOpus = (codec: C): boolean => codec.mimeType.toLowerCase() === 'audio/opus'
  if (!codecs.some(isRed)) return null
  return [...codecs.filter(isRed), ...codecs.filter(isOpus), ...codecs.filter((codec) => !isRed(codec) && !isOpus(codec))]
}
