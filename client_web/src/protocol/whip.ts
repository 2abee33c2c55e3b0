/** A publishing session: one audio and one video line from the start, so that devices come and go by `replaceTrack` without a new offer. */
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
  /** Sets bitrate, resolution and hints once the lines exist. */
  tune?: (audio: RTCRtpSender, video: RTCRtpSender) => void | Promise<void>
}

export class Publisher {
  readonly session: MediaSession
  private audio: RTCRtpSender | null = null
  private video: RTCRtpSender | null = null
  private readonly options: WhipOptions

  constructor(options: WhipOptions) {
    this.options = options
    const query = options.source ? `?source=${options.source}` : ''
    this.session = new MediaSession({
      name: `whip:${options.source ?? 'camera'}`,
      url: `/whip/${encodeURIComponent(options.lessonId)}${query}`,
      token: options.token,
      createPeer: () => new RTCPeerConnection({ bundlePolicy: 'max-bundle' }),
      prepare: (peer) => this.prepare(peer),
      ...(options.onState ? { onState: options.onState } : {}),
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
    await this.options.tune?.(audioSender, videoSender)
  }

  private async prepare(peer: RTCPeerConnection): Promise<void> {
    const { audio, video } = this.options.tracks()
    const stream = new MediaStream([audio, video].filter((track) => track !== null))
    const audioLine = peer.addTransceiver(audio ?? 'audio', { direction: 'sendonly', streams: [stream] })
    const videoLine = peer.addTransceiver(video ?? 'video', { direction: 'sendonly', streams: [stream] })
    this.audio = audioLine.sender
    this.video = videoLine.sender
    await this.options.tune?.(audioLine.sender, videoLine.sender)
  }
}

async function replace(sender: RTCRtpSender, track: MediaStreamTrack | null): Promise<void> {
  if (sender.track !== track) await sender.replaceTrack(track)
}
