/** Publishing one source for as long as it is wanted. */
import { onScopeDispose, ref, shallowRef } from 'vue'
import { sizeOf, tuneSender } from '@/media/sender'
import { watchSession } from '@/protocol/debug'
import type { ResourceError } from '@/protocol/resource'
import type { SessionState } from '@/protocol/sessionMachine'
import { Publisher, type PublishedTracks } from '@/protocol/whip'
import { iceServers, withIceServers } from './useIceServers'
import type { TokenSource } from './useMediaToken'
import { watchQuality } from './useSessionQuality'
import { watchUplink } from './useUplink'

export interface PublishOptions {
  lessonId: string
  token: TokenSource
  tracks: () => PublishedTracks
  /** Whether the room says that this source is being published (by whomever). */
  occupied: () => boolean
  /** What video may be sent in (`useRoom`). */
  codecs: () => Promise<readonly string[]>
  source?: 'screen'
}

export function usePublish({ lessonId, token, tracks, occupied, codecs, source }: PublishOptions) {
  const state = ref<SessionState>('idle')
  const error = shallowRef<ResourceError | null>(null)
  /** Another page publishes in this one's place. */
  const displaced = ref(false)
  const publisher = new Publisher({
    lessonId,
    token: withIceServers(token),
    iceServers,
    tracks,
    occupied,
    codecs,
    ...(source ? { source } : {}),
    tune: async (audio, video) => {
      await tuneSender(audio, { profile: 'audio', size: null, level: level.value })
      await tuneSender(video, { profile: source ?? 'camera', size: sizeOf(video.track), level: level.value })
    },
    onState: (next, why) => {
      state.value = next
      error.value = why
      displaced.value = publisher.session.displaced
      // Somebody may have come while it was being opened.
      if (next === 'live') void codecs().then((now) => publisher.fit(now))
    },
  })
  const forget = watchSession(publisher.session)
  const { quality } = watchQuality(publisher.session, 'out')
  /** How much of the picture this page's line carries. */
  const level = watchUplink(publisher.session, source ?? 'camera', () => void publisher.tune())
  onScopeDispose(() => {
    publisher.session.stop()
    forget()
  })
  return {
    state, error, displaced, quality, level,
    start: () => publisher.session.start(),
    stop: () => publisher.session.stop(),
    reset: () => publisher.session.reset(),
    /** Somebody came: go over to what everybody plays, if what is sent is not. */
    fit: (now: readonly string[]) => publisher.fit(now),
    /** The tracks have changed: send the new ones on the connection that is there. */
    refresh: () => publisher.refresh().catch(() => publisher.session.reset()),
  }
}

export type Publishing = ReturnType<typeof usePublish>
