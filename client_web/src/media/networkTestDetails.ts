/** The result of a network test as plain text for whoever looks after the network: English, so that it can be searched for. */
import type { Figures, WayKind, WayState } from './networkTest'

const NAMES: Record<WayKind, string> = { udp: 'UDP direct', tcp: 'TCP direct', turnUdp: 'TURN over UDP', turnTcp: 'TURN over TCP', turnTls: 'TURN over TLS' }

export interface Result {
  at: Date
  address: string
  browser: string
  reports: readonly { kind: WayKind; state: WayState; took: number; note: string }[]
  figures: Figures | null
  verdict: string
}

export function networkDetails(result: Result): string {
  const lines = [`Tongke network test, ${result.at.toISOString()}`, `Pages: ${result.address}`, `Browser: ${result.browser}`]
  for (const { kind, state, took, note } of result.reports) {
    const what = state === 'works' ? `open in ${took} ms, ${note}` : state === 'blocked' ? `shut (${note})` : 'not set up'
    lines.push(`${NAMES[kind]}: ${what}`)
  }
  if (result.figures) {
    const { roundTrip, jitter, lossUp, lossDown, up, down } = result.figures
    lines.push(
      `Round trip: ${roundTrip === null ? 'unknown' : `${Math.round(roundTrip)} ms`}, jitter ${Math.round(jitter)} ms`,
      `Up: ${Math.round(up)} kbit/s, loss ${(lossUp * 100).toFixed(1)} %`,
      `Down: ${Math.round(down)} kbit/s, loss ${(lossDown * 100).toFixed(1)} %`,
    )
  }
  lines.push(`Verdict: ${result.verdict}`)
  return lines.join('\n')
}
