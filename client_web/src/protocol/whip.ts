/**
 * A publishing session: one audio and one video line from the start, so that devices come and go by `replaceTrack` without a new offer.
 * The video line is offered in simulcast layers (RFC 8853).
 */
import { nameOf, namesOf, videoPreference } from '@/media/codecs'
import { encodingsFor, SCALABILITY, soundPreference } from '@/media/sender'
import { MediaSession, type SessionOptions } from './session'

export interface PublishedTracks {
  audio: MediaStreamTrack | null
  video: MediaStreamTrack | null
}

export interface WhipOptions extends Pick<SessionOptions<RTCPeerConnection>, 'token' | 'onState' | 'fetch' | 'occupied'> {
  lessonId: string
  /** `screen` for the teacher's second stream; the participant's own source otherwise. */
  source?: 'screen'
  /** The newest tracks, asked at each (re)connection. */
  tracks: () => PublishedTracks
  /** What video may be sent in, the best first: everybody in the lesson plays these. Asked at each (re)connection. */
  codecs?: () => readonly string[] | Promise<readonly string[]>
  /** Sets bitrate, resolution and hints once the lines exist, and again once the server has said how many layers it takes. */
  tune?: (audio: RTCRtpSender, video: RTCRtpSender) => void | Promise<void>
  iceServers?: () => RTCIceServer[]
}

export class Publisher {
  readonly session: MediaSession
  private audio: RTCRtpSender | null = null
  private video: RTCRtpSender | null = null
  /** Settings are changed one after the other: `setParameters` refuses what was read before another change. */
  private turn: Promise<unknown> = Promise.resolve()
  private readonly options: WhipOptions

  constructor(options: WhipOptions) {
    this.options = options
    const query = options.source ? `?source=${options.source}` : ''
    this.session = new MediaSession({
      name: `whip:${options.source ?? 'camera'}`,
      url: `/whip/${encodeURIComponent(options.lessonId)}${query}`,
      token: options.token,
      createPeer: () => new RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers: options.iceServers?.() ?? [] }),
      prepare: (peer) => this.prepare(peer),
      onState: (state, error) => {
        if (state === 'live') void this.tune()
        options.onState?.(state, error)
      },
      ...(options.occupied ? { occupied: options.occupied } : {}),
      ...(options.fetch ? { fetch: options.fetch } : {}),
    })
  }

  /** Sends the newest tracks on the connection that is there. */
  async refresh(): Promise<void> {
    const { audio, video } = this.options.tracks()
    const { audio: audioSender, video: videoSender } = this
    if (!audioSender || !videoSender) return
    await Promise.all([replace(audioSender, audio), replace(videoSender, video)])
    await this.tune()
  }

  /** What may be sent has changed. */
  tune(): Promise<void> {
    const next = this.turn.then(async () => {
      if (this.audio && this.video) await this.options.tune?.(this.audio, this.video)
    })
    this.turn = next.catch(() => undefined)
    return next
  }

  /** Publishes anew if somebody in the lesson does not play what is sent. */
  fit(codecs: readonly string[]): void {
    const sent = this.session.state === 'live' ? this.video?.getParameters().codecs[0] : undefined
    const name = sent && nameOf(sent)
    if (!name || codecs.includes(name)) return
    const able = namesOf(RTCRtpSender.getCapabilities('video')?.codecs ?? [])
    if (codecs.some((codec) => able.includes(codec))) this.session.reset()
  }

  private async prepare(peer: RTCPeerConnection): Promise<void> {
    const codecs = (await this.options.codecs?.()) ?? []
    const { audio, video } = this.options.tracks()
    const stream = new MediaStream([audio, video].filter((track) => track !== null))
    const audioLine = peer.addTransceiver(audio ?? 'audio', { direction: 'sendonly', streams: [stream] })
    preferRedundancy(audioLine)
    const videoLine = addVideo(peer, video, stream, this.options.source === 'screen' ? 'screen' : 'camera')
    prefer(videoLine, codecs)
    this.audio = audioLine.sender
    this.video = videoLine.sender
    await this.tune()
  }
}

async function replace(sender: RTCRtpSender, track: MediaStreamTrack | null): Promise<void> {
  if (sender.track !== track) await sender.replaceTrack(track)
}

/** In layers, with as many temporal ones as this browser takes; as one picture where it knows no layers. */
function addVideo(peer: RTCPeerConnection, track: MediaStreamTrack | null, stream: MediaStream, profile: 'camera' | 'screen'): RTCRtpTransceiver {
  const common: RTCRtpTransceiverInit = { direction: 'sendonly', streams: [stream] }
  for (const scalability of SCALABILITY[profile]) {
    try {
      return peer.addTransceiver(track ?? 'video', { ...common, sendEncodings: encodingsFor(profile, scalability) })
    } catch {
      // This browser does not take these: ask for less.
    }
  }
  return peer.addTransceiver(track ?? 'video', common)
}

function prefer(line: RTCRtpTransceiver, wanted: readonly string[]): void {
  try {
    line.setCodecPreferences(videoPreference(RTCRtpSender.getCapabilities('video')?.codecs ?? [], wanted))
  } catch {
    // Its own order, in which VP8 is first.
  }
}

function preferRedundancy(line: RTCRtpTransceiver): void {
  const preference = soundPreference(RTCRtpSender.getCapabilities('audio')?.codecs ?? [])
  try {
    if (preference) line.setCodecPreferences(preference)
  } catch {
    // Its own order: Opus without redundancy.
  }
}
