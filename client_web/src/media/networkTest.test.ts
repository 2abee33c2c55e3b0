import { describe, expect, it } from 'vitest'
import { addressText, adviceOf, bestOf, figuresBetween, keepCandidates, kindOfRelay, nextRate, qualityOf, sampleOf, targetsOf, verdictOf, waysOf, type Figures, type WayKind, type WayState } from './networkTest'
import { networkDetails } from './networkTestDetails'

const ANSWER = [
  'v=0',
  'a=candidate:1 1 udp 2130706431 192.0.2.1 8189 typ host',
  'a=candidate:2 1 tcp 1518149375 192.0.2.1 8189 typ host tcptype passive',
  'a=end-of-candidates',
  '',
].join('\r\n')

function states(works: WayKind[], absent: WayKind[] = []): Record<WayKind, WayState> {
  const all: WayKind[] = ['udp', 'tcp', 'turnUdp', 'turnTcp', 'turnTls']
  return Object.fromEntries(all.map((kind) => [kind, works.includes(kind) ? 'works' : absent.includes(kind) ? 'absent' : 'blocked'])) as Record<WayKind, WayState>
}

const FINE: Figures = { roundTrip: 20, jitter: 3, lossUp: 0, lossDown: 0, up: 2000, down: 2000 }

describe('the ways', () => {
  it('are two direct ones and the first relay of each kind, best first', () => {
    const urls = ['turns:r.example:443?transport=tcp', 'turn:r.example:3478', 'turn:r.example:80?transport=tcp', 'turn:other.example']
    const ways = waysOf([{ urls, username: 'u', credential: 'c' }])
    expect(ways.map((way) => way.kind)).toEqual(['udp', 'tcp', 'turnUdp', 'turnTcp', 'turnTls'])
    expect(ways[2]?.iceServers).toEqual([{ urls: 'turn:r.example:3478', username: 'u', credential: 'c' }])
    expect(ways.map((way) => way.protocol)).toEqual(['udp', 'tcp', 'udp', 'udp', 'udp'])
  })

  it('are the direct ones alone without relays', () => {
    expect(waysOf([]).map((way) => way.kind)).toEqual(['udp', 'tcp'])
  })

  it.each([
    ['turn:a.example', 'turnUdp'],
    ['turn:a.example:3478?transport=udp', 'turnUdp'],
    ['turn:a.example?transport=tcp', 'turnTcp'],
    ['turns:a.example', 'turnTls'],
  ])('know %s as %s', (url, kind) => {
    expect(kindOfRelay(url)).toBe(kind)
  })

  it('keep their own candidates of an answer and everything else of it', () => {
    expect(keepCandidates(ANSWER, 'udp').split('\r\n')).toEqual(ANSWER.split('\r\n').filter((line) => !line.includes(' tcp ')))
    expect(keepCandidates(ANSWER, 'tcp')).toContain('tcptype passive')
    expect(keepCandidates(ANSWER, 'tcp')).not.toContain(' udp ')
  })
})

describe('the addresses of the details', () => {
  it('are those of the protocol, each once', () => {
    const twice = ANSWER + ANSWER.replaceAll('192.0.2.1', '2001:db8::1')
    expect(targetsOf(ANSWER + ANSWER, 'udp')).toEqual(['192.0.2.1:8189'])
    expect(targetsOf(twice, 'tcp')).toEqual(['192.0.2.1:8189', addressText('2001:db8::1', '8189')])
    expect(addressText('2001:db8::1', '8189')).toBe('[2001:db8::1]:8189')
  })
})

describe('the figures', () => {
  const sending = (sent: number, packets: number, lost: number) => [
    { type: 'outbound-rtp', bytesSent: sent, headerBytesSent: 0, packetsSent: packets },
    { type: 'remote-inbound-rtp', packetsLost: lost },
    { type: 'candidate-pair', state: 'succeeded', totalRoundTripTime: 0.2, responsesReceived: 4 },
    { type: 'candidate-pair', state: 'failed', totalRoundTripTime: 9, responsesReceived: 1 },
  ]
  const receiving = (bytes: number, packets: number, lost: number) => [
    { type: 'inbound-rtp', kind: 'audio', bytesReceived: bytes, headerBytesReceived: 0, packetsReceived: packets, packetsLost: lost, jitter: 0.004 },
  ]

  it('are the differences of two samples', () => {
    const first = sampleOf(0, sending(1000, 100, 2), receiving(1000, 100, 0))
    const last = sampleOf(2000, sending(251_000, 200, 12), receiving(126_000, 190, 10))
    expect(figuresBetween(first, last)).toEqual({ roundTrip: 50, jitter: 4, lossUp: 0.1, lossDown: 0.1, up: 1000, down: 500 })
  })

  it('stay within their bounds when counters go backwards or say nothing', () => {
    const empty = sampleOf(0, [], [])
    const odd = sampleOf(1000, [{ type: 'remote-inbound-rtp', packetsLost: -5 }, { type: 'outbound-rtp', bytesSent: 'x' }], [])
    expect(figuresBetween(empty, odd)).toEqual({ roundTrip: null, jitter: 0, lossUp: 0, lossDown: 0, up: 0, down: 0 })
  })
})

describe('the rate of the test picture', () => {
  it.each<[Partial<Figures>, number, number]>([
    [{ lossDown: 0.3, down: 1000 }, 2500, 900], // the line down carries less than is sent up
    [{ lossDown: 0.3, down: 10 }, 500, 100], // never so little that nothing is measured
    [{ lossDown: 0.01 }, 1000, 1100],
    [{ lossDown: 0 }, 2400, 2500],
  ])('after %j at %i is %i', (recent, rate, next) => {
    expect(nextRate({ ...FINE, ...recent }, rate, 2500)).toBeCloseTo(next)
  })
})

describe('the verdict', () => {
  it.each<[WayKind[], string, WayKind | null]>([
    [['udp', 'tcp', 'turnTls'], 'direct', 'udp'],
    [['tcp', 'turnUdp'], 'tcp', 'tcp'],
    [['turnUdp', 'turnTls'], 'relay', 'turnUdp'],
    [['turnTls'], 'relay443', 'turnTls'],
    [[], 'nothing', null],
  ])('of %j is %s', (works, verdict, best) => {
    expect(verdictOf(states(works))).toBe(verdict)
    expect(bestOf(states(works))).toBe(best)
  })

  it.each<[Partial<Figures>, string]>([
    [{}, 'good'],
    [{ up: 500 }, 'thin'],
    [{ lossDown: 0.05 }, 'thin'],
    [{ roundTrip: 300 }, 'thin'],
    [{ down: 100 }, 'poor'],
    [{ lossUp: 0.2 }, 'poor'],
    [{ roundTrip: null }, 'good'],
  ])('of a line with %j is %s', (change, quality) => {
    expect(qualityOf({ ...FINE, ...change })).toBe(quality)
  })

  it('comes with what can be done, and with nothing when all is well', () => {
    expect(adviceOf('direct', 'good', FINE)).toEqual([])
    expect(adviceOf('nothing', null, null)).toEqual(['askAdmin', 'otherNetwork'])
    expect(adviceOf('relay443', 'poor', { ...FINE, lossUp: 0.2, up: 100, roundTrip: 700 })).toEqual(['openPort', 'cable', 'others', 'far', 'soundFirst'])
  })
})

describe('the details', () => {
  it('name every way, the figures and the verdict', () => {
    const text = networkDetails({
      at: new Date(0),
      address: 'https://tongke.example',
      browser: 'Browser',
      reports: [
        { kind: 'udp', state: 'blocked', took: 0, note: 'timeout' },
        { kind: 'tcp', state: 'works', took: 140, note: 'tcp host → 192.0.2.1:8189' },
        { kind: 'turnTls', state: 'absent', took: 0, note: '' },
      ],
      figures: FINE,
      verdict: 'tcp good',
    })
    expect(text.split('\n')).toEqual([
      'Tongke network test, 1970-01-01T00:00:00.000Z',
      'Pages: https://tongke.example',
      'Browser: Browser',
      'UDP direct: shut (timeout)',
      'TCP direct: open in 140 ms, tcp host → 192.0.2.1:8189',
      'TURN over TLS: not set up',
      'Round trip: 20 ms, jitter 3 ms',
      'Up: 2000 kbit/s, loss 0.0 %',
      'Down: 2000 kbit/s, loss 0.0 %',
      'Verdict: tcp good',
    ])
  })
})
