/**
 * Playing any number of sources, each by its own session. `want` says which; sessions come and go to match.
 * Sound and picture of a source are handed out apart: an element with both would keep the sound back until the first frame is there.
 */
import { effectScope, onScopeDispose, shallowReactive, watch, type EffectScope } from 'vue'
import { hold, nextBuffering, RELAXED, targetOf, type Buffering } from '@/media/buffering'
import type { Quality } from '@/media/quality'
import { watchSession } from '@/protocol/debug'
import type { MediaSession } from '@/protocol/session'
import type { SessionState } from '@/protocol/sessionMachine'
import { createPlaySession } from '@/protocol/whep'
import { iceServers, withIceServers } from './useIceServers'
import type { TokenSource } from './useMediaToken'
import { watchQuality } from './useSessionQuality'
import type { Wishes } from './useWishes'

export interface Playing {
  source: string
  /** The newest connection's picture; a new object after each reconnection. */
  stream: MediaStream | null
  audio: MediaStreamTrack | null
  state: SessionState
  quality: Quality | null
  wishes: Wishes
}

/** ms that other sources stand back behind the teacher when the network returns. */
const STAND_BACK = 300

interface Held {
  session: MediaSession
  scope: EffectScope
}

export function usePlay(lessonId: string, token: TokenSource, wishes: Wishes) {
  const playing = shallowReactive(new Map<string, Playing>())
  const held = new Map<string, Held>()

  function begin(source: string): void {
    const view = shallowReactive<Playing>({ source, stream: null, audio: null, state: 'idle', quality: null, wishes })
    const scope = effectScope(true)
    let buffering: Buffering = RELAXED
    const session = createPlaySession({
      lessonId,
      source,
      token: withIceServers(token),
      iceServers,
      // The teacher's sound first: what everybody waits for.
      standBack: source === 'teacher' ? 0 : STAND_BACK,
      onState: (state) => {
        view.state = state
        if (state === 'live') wishes.again(source)
      },
      onTrack: (track) => {
        if (track.kind === 'audio') view.audio = track
        else view.stream = new MediaStream([track])
        holdBack()
      },
    })
    function holdBack(): void {
      for (const receiver of session.peer?.getReceivers() ?? []) hold(receiver, targetOf(source, buffering))
    }
    scope.run(() => {
      const { quality } = watchQuality(session, 'in')
      onScopeDispose(watchSession(session))
      watch(quality, (value) => {
        view.quality = value
        if (!value) return
        const next = nextBuffering(buffering, value, performance.now())
        const changed = next.target !== buffering.target
        buffering = next
        if (changed) holdBack()
      })
    })
    held.set(source, { session, scope })
    playing.set(source, view)
    session.start()
  }

  function end(source: string): void {
    const entry = held.get(source)
    held.delete(source)
    playing.delete(source)
    wishes.forget(source)
    entry?.session.stop()
    entry?.scope.stop()
  }

  function want(sources: readonly string[]): void {
    for (const source of [...held.keys()]) if (!sources.includes(source)) end(source)
    for (const source of sources) if (!held.has(source)) begin(source)
  }

  onScopeDispose(() => want([]))

  /** getStats() of a source that plays; null while it does not. */
  async function statsOf(source: string): Promise<Record<string, unknown>[] | null> {
    const session = held.get(source)?.session
    const report = session?.state === 'live' ? await session.peer?.getStats().catch(() => null) : null
    return report ? ([...report.values()] as Record<string, unknown>[]) : null
  }

  return {
    playing,
    wishes,
    want,
    statsOf,
    reset: () => {
      for (const { session } of held.values()) session.reset()
    },
  }
}

export type Plays = ReturnType<typeof usePlay>
