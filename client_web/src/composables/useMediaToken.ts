/** One media token for a lesson, shared by the room and all media sessions of a page, renewed before it ends. */
import { lessonApi } from './lessonApi'
import type { Role } from '@/protocol/messages'

export type TokenSource = (fresh: boolean) => Promise<string>

/** Renew this long (ms) before the end, so that a session never opens with a token that ends on its way. */
const RENEW_BEFORE = 60_000
/** Several sessions that are refused together need one new token, not one each. */
const FRESH_ENOUGH = 2_000

export function createTokenSource(lessonId: string, role: Role, schoolId?: string): TokenSource {
  let held: { token: string; endsAt: number; since: number } | null = null
  let asking: Promise<string> | null = null

  async function ask(): Promise<string> {
    const answer = await lessonApi.mediaToken(lessonId, role, schoolId)
    held = { token: answer.token, endsAt: Date.parse(answer.expires_at), since: Date.now() }
    return answer.token
  }

  return (fresh) => {
    const now = Date.now()
    if (held && held.endsAt - now > RENEW_BEFORE && !(fresh && now - held.since > FRESH_ENOUGH)) return Promise.resolve(held.token)
    asking ??= ask().finally(() => {
      asking = null
    })
    return asking
  }
}
