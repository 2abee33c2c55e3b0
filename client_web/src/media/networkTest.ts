/**
 * The network test's rules, without any I/O: which ways there are, what an answer keeps for one of them, what two looks
 * at `getStats()` say, and what that means for a lesson. `networkTestPeers.ts` does the connecting.
 */

export type WayKind = 'udp' | 'tcp' | 'turnUdp' | 'turnTcp' | 'turnTls'

/** Best first: what a browser would take of those that work. */
export const WAYS: readonly WayKind[] = ['udp', 'tcp', 'turnUdp', 'turnTcp', 'turnTls']

/** One way to the media: directly by a protocol, or through one relay. */
export interface Way {
  kind: WayKind
  /** Empty: directly. */
  iceServers: RTCIceServer[]
  /** Which of the server's candidates may be used. */
  protocol: 'udp' | 'tcp'
}

interface Relay {
  urls: string[]
  username: string
  credential: string
}

/** How a relay is reached (RFC 7065): `turns` is TLS, otherwise the `transport` of the address, UDP without one. */
export function kindOfRelay(url: string): WayKind {
  if (url.startsWith('turns:')) return 'turnTls'
  return /[?&]transport=tcp\b/.test(url) ? 'turnTcp' : 'turnUdp'
}

/** The ways that can be tried: both direct ones, and the first relay of each kind. */
export function waysOf(relays: readonly Relay[]): Way[] {
  const ways: Way[] = [
    { kind: 'udp', iceServers: [], protocol: 'udp' },
    { kind: 'tcp', iceServers: [], protocol: 'tcp' },
  ]
  for (const relay of relays) {
    for (const url of relay.urls) {
      const kind = kindOfRelay(url)
      if (ways.some((way) => way.kind === kind)) continue
      // A relay talks to the server by UDP, however the page talks to the relay.
      ways.push({ kind, iceServers: [{ urls: url, username: relay.username, credential: relay.credential }], protocol: 'udp' })
    }
  }
  return ways.sort((a, b) => WAYS.indexOf(a.kind) - WAYS.indexOf(b.kind))
}

/** The answer with only those candidates that a way may use. */
export function keepCandidates(answer: string, protocol: 'udp' | 'tcp'): string {
  return answer
    .split('\r\n')
    .filter((line) => !line.startsWith('a=candidate:') || line.split(' ')[2]?.toLowerCase() === protocol)
    .join('\r\n')
}

/** Where an answer's candidates of a protocol are, for the details: whoever looks after the firewall needs to know. */
export function targetsOf(answer: string, protocol: 'udp' | 'tcp'): string[] {
  const found = answer.matchAll(/^a=candidate:\S+ \d+ (\w+) \d+ (\S+) (\d+) /gm)
  const targets = [...found].filter((match) => match[1]?.toLowerCase() === protocol).map((match) => addressText(match[2] ?? '', match[3] ?? ''))
  return [...new Set(targets)]
}

/** `192.0.2.1:8189`, `[2001:db8::1]:8189`. */
export function addressText(address: string, port: string): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`
}

/** Counters of both connections at one moment (ms). */
export interface Sample {
  at: number
  sentBytes: number
  sentPackets: number
  lostUp: number
  receivedBytes: number
  receivedPackets: number
  lostDown: number
  /** Sum (s) and number of the round trips that connectivity checks took. */
  roundTrips: number
  checks: number
  /** s, of the sound received. */
  jitter: number
}

type Stat = Record<string, unknown>

function number(stat: Stat, name: string): number {
  const value = stat[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}

/** Adds up what `getStats()` of the sending and the receiving connection said. */
export function sampleOf(at: number, sending: Iterable<Stat>, receiving: Iterable<Stat>): Sample {
  const sample: Sample = {
    at, sentBytes: 0, sentPackets: 0, lostUp: 0, receivedBytes: 0, receivedPackets: 0, lostDown: 0, roundTrips: 0, checks: 0, jitter: 0,
  }
  for (const stat of sending) {
    if (stat.type === 'outbound-rtp') {
      sample.sentBytes += number(stat, 'bytesSent') + number(stat, 'headerBytesSent')
      sample.sentPackets += number(stat, 'packetsSent')
    } else if (stat.type === 'remote-inbound-rtp') sample.lostUp += number(stat, 'packetsLost')
    else addChecks(sample, stat)
  }
  for (const stat of receiving) {
    if (stat.type === 'inbound-rtp') {
      sample.receivedBytes += number(stat, 'bytesReceived') + number(stat, 'headerBytesReceived')
      sample.receivedPackets += number(stat, 'packetsReceived')
      sample.lostDown += number(stat, 'packetsLost')
      if (stat.kind === 'audio') sample.jitter = number(stat, 'jitter')
    } else addChecks(sample, stat)
  }
  return sample
}

function addChecks(sample: Sample, stat: Stat): void {
  // One that waits for an answer just now was answered before.
  if (stat.type !== 'candidate-pair' || stat.state === 'failed') return
  sample.roundTrips += number(stat, 'totalRoundTripTime')
  sample.checks += number(stat, 'responsesReceived')
}

/** What the network gave, between two samples. */
export interface Figures {
  /** ms; null when no check was answered. */
  roundTrip: number | null
  /** ms. */
  jitter: number
  /** Shares, 0 to 1. */
  lossUp: number
  lossDown: number
  /** kbit/s. What came down was sent up before: the line may do more. */
  up: number
  down: number
}

export function figuresBetween(first: Sample, last: Sample): Figures {
  const ms = Math.max(last.at - first.at, 1)
  const share = (lost: number, arrived: number): number => (lost <= 0 ? 0 : Math.min(1, lost / Math.max(lost + arrived, 1)))
  const sent = last.sentPackets - first.sentPackets
  const lostUp = last.lostUp - first.lostUp
  const checks = last.checks
  return {
    roundTrip: checks > 0 ? (last.roundTrips / checks) * 1000 : null,
    jitter: last.jitter * 1000,
    lossUp: share(lostUp, sent - lostUp),
    lossDown: share(last.lostDown - first.lostDown, last.receivedPackets - first.receivedPackets),
    up: ((last.sentBytes - first.sentBytes) * 8) / ms,
    down: ((last.receivedBytes - first.receivedBytes) * 8) / ms,
  }
}

/** kbit/s to send next: what came down without loss, or the most again once nothing is lost. */
export function nextRate(recent: Figures, rate: number, most: number): number {
  if (recent.lossDown <= 0.05) return Math.min(most, rate * 1.1)
  return Math.max(100, Math.min(rate, recent.down * 0.9))
}

export type Quality = 'good' | 'thin' | 'poor'

/** Whether a lesson fits: sound needs about 50 kbit/s, a small picture 150, a good one 700. */
export function qualityOf(figures: Figures): Quality {
  const rate = Math.min(figures.up, figures.down)
  const loss = Math.max(figures.lossUp, figures.lossDown)
  const roundTrip = figures.roundTrip ?? 0
  if (rate < 150 || loss > 0.1 || roundTrip > 600) return 'poor'
  return rate < 700 || loss > 0.03 || roundTrip > 250 ? 'thin' : 'good'
}

export type WayState = 'waiting' | 'trying' | 'works' | 'blocked' | 'absent'

export type Verdict = 'direct' | 'tcp' | 'relay' | 'relay443' | 'nothing'

/** The best of the ways that work. */
export function bestOf(states: Readonly<Record<WayKind, WayState>>): WayKind | null {
  return WAYS.find((kind) => states[kind] === 'works') ?? null
}

export function verdictOf(states: Readonly<Record<WayKind, WayState>>): Verdict {
  const best = bestOf(states)
  if (best === null) return 'nothing'
  if (best === 'udp') return 'direct'
  if (best === 'tcp') return 'tcp'
  return best === 'turnTls' ? 'relay443' : 'relay'
}

/** What people can do about it, most useful first; keys of the locale. */
export function adviceOf(verdict: Verdict, quality: Quality | null, figures: Figures | null): string[] {
  const advice: string[] = []
  if (verdict === 'nothing') advice.push('askAdmin', 'otherNetwork')
  else if (verdict !== 'direct') advice.push('openPort')
  if (figures && quality !== 'good') {
    if (Math.max(figures.lossUp, figures.lossDown) > 0.03) advice.push('cable')
    if (Math.min(figures.up, figures.down) < 700) advice.push('others')
    if ((figures.roundTrip ?? 0) > 250) advice.push('far')
    if (quality === 'poor') advice.push('soundFirst')
  }
  return advice
}
