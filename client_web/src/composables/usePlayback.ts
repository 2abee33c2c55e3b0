/** Tells the room every ten seconds what this page's players showed: the page's own claim beside what the server measures. */
import { onScopeDispose } from 'vue'
import { playedOf, totalsOf, type Totals } from '@/media/played'
import type { Plays } from './usePlay'
import type { Room } from './useRoom'

const EVERY = 10_000
/** As many as one message may carry. */
const MOST = 16

export function usePlayback(room: Room, plays: Plays): void {
  const before = new Map<string, Totals>()

  async function look(): Promise<void> {
    const players = []
    const sources = [...plays.playing.keys()].slice(0, MOST)
    for (const source of [...before.keys()]) if (!sources.includes(source)) before.delete(source)
    for (const source of sources) {
      const stats = await plays.statsOf(source)
      const known = before.get(source)
      if (!stats) {
        before.delete(source)
        continue
      }
      const after = totalsOf(stats, performance.now())
      before.set(source, after)
      const played = known && playedOf(source, known, after)
      if (played) players.push(played)
    }
    if (players.length && room.state.value === 'open') room.tellPlayback(players)
  }

  const timer = setInterval(() => void look(), EVERY)
  onScopeDispose(() => clearInterval(timer))
}
