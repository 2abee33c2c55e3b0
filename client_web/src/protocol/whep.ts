/** A playing session: one audio and one video line, whatever the source has now; the server keeps both across a change of publisher. */
import { MediaSession, type SessionOptions } from './session'

export interface WhepOptions extends Pick<SessionOptions<RTCPeerConnection>, 'token' | 'onState' | 'fetch' | 'standBack'> {
  lessonId: string
  /** `teacher`, `screen`, or a participant's id. */
  source: string
  onTrack: (track: MediaStreamTrack) => void
  iceServers?: () => RTCIceServer[]
}

export function createPlaySession(options: WhepOptions): MediaSession {
  return new MediaSession({
    name: `whep:${options.source}`,
    url: `/whep/${encodeURIComponent(options.lessonId)}?source=${encodeURIComponent(options.source)}`,
    token: options.token,
    createPeer: () => new RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers: options.iceServers?.() ?? [] }),
    prepare: (peer) => {
      peer.addTransceiver('audio', { direction: 'recvonly' })
      peer.addTransceiver('video', { direction: 'recvonly' })
    },
    onTrack: (event) => options.onTrack(event.track),
    ...(options.onState ? { onState: options.onState } : {}),
    ...(options.standBack !== undefined ? { standBack: options.standBack } : {}),
    ...(options.fetch ? { fetch: options.fetch } : {}),
  })
}
