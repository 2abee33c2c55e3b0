/** Connects and measures for the network test: WHEP to see which ways work, WHIP and WHEP together to measure one. */
import { createResource, deleteResource, type Fetch } from '@/protocol/resource'
import { addressText, figuresBetween, keepCandidates, nextRate, sampleOf, targetsOf, type Figures, type Sample, type Way } from './networkTest'
import { openTestSource } from './networkTestSource'

/** A test lesson that the server opened. */
export interface TestLesson {
  id: string
  token: string
}

export interface Surroundings {
  fetch: Fetch
  signal: AbortSignal
}

/** ms: checks over TCP and TLS relays take some round trips; the server gives a lesson's page no longer either. */
const CONNECT_WITHIN = 10_000
/** ms until the bandwidth estimate has climbed, ms that are measured after it if nobody says otherwise, ms between two looks. */
const CLIMB = 5000
export const MEASURE = 6000
const LOOK_EVERY = 500
/** kbit/s: what a camera and a screen together need. */
const MOST = 2500

interface Connection {
  peer: RTCPeerConnection
  close: () => void
}

export interface Connected {
  /** ms from the first step to the open connection. */
  took: number
  /** The pair in use, in words for the details: `udp host → 192.0.2.1:8189`. */
  path: string
}

/** A way does not work: the message says why, and where it was tried. */
export class Blocked extends Error {
  constructor(why: string) {
    super(why)
    this.name = 'Blocked'
  }
}

/** Whether a way leads to the server. Raises Blocked, ResourceError; AbortError when stopped. */
export async function tryWay(way: Way, lesson: TestLesson, around: Surroundings): Promise<Connected> {
  const began = performance.now()
  const connection = await connect(way, lesson, around, 'whep', (peer) => {
    peer.addTransceiver('audio', { direction: 'recvonly' })
    peer.addTransceiver('video', { direction: 'recvonly' })
  })
  try {
    return { took: Math.round(performance.now() - began), path: await pathOf(connection.peer) }
  } finally {
    connection.close()
  }
}

/** Publishes a test picture and a tone by this way and plays them back; figures as they come, the last ones count. */
export async function measureWay(way: Way, lesson: TestLesson, around: Surroundings, measure: number, onFigures: (figures: Figures, done: number) => void): Promise<Figures> {
  const source = openTestSource()
  const open: Connection[] = []
  try {
    const sending = await connect(way, lesson, around, 'whip', (peer) => prepareSending(peer, source.tracks))
    open.push(sending)
    const receiving = await connect(way, lesson, around, 'whep', (peer) => {
      peer.addTransceiver('audio', { direction: 'recvonly' })
      peer.addTransceiver('video', { direction: 'recvonly' })
    })
    open.push(receiving)
    return await watch(sending.peer, receiving.peer, around.signal, measure, onFigures)
  } finally {
    for (const connection of open) connection.close()
    source.close()
  }
}

function prepareSending(peer: RTCPeerConnection, tracks: MediaStreamTrack[]): void {
  const stream = new MediaStream(tracks)
  for (const track of tracks) {
    peer.addTransceiver(track, {
      direction: 'sendonly',
      streams: [stream],
      ...(track.kind === 'video' ? { sendEncodings: [{ maxBitrate: MOST * 1000 }] } : {}),
    })
  }
}

async function watch(sending: RTCPeerConnection, receiving: RTCPeerConnection, signal: AbortSignal, measure: number, onFigures: (figures: Figures, done: number) => void): Promise<Figures> {
  const began = performance.now()
  const samples: Sample[] = []
  let rate = MOST
  for (;;) {
    await pause(LOOK_EVERY, signal)
    const sample = await look(sending, receiving)
    samples.push(sample)
    const passed = performance.now() - began
    // While the estimate climbs the last two seconds are shown, afterwards all since then.
    const recent = figuresBetween(samples.at(-3) ?? (samples[0] as Sample), sample)
    rate = await send(sending, nextRate(recent, rate, MOST))
    const first = passed > CLIMB ? samples.find((each) => each.at >= began + CLIMB) : samples.at(-5)
    const figures = figuresBetween(first && first !== sample ? first : (samples[0] as Sample), sample)
    onFigures(figures, Math.min(1, passed / (CLIMB + measure)))
    if (passed >= CLIMB + measure) return figures
  }
}

/** Nobody holds the test's picture back on its way down, so the sender must fit it to the line: sets kbit/s, and gives them. */
async function send(peer: RTCPeerConnection, rate: number): Promise<number> {
  const sender = peer.getSenders().find((each) => each.track?.kind === 'video')
  const parameters = sender?.getParameters()
  const encoding = parameters?.encodings[0]
  if (sender && parameters && encoding) {
    encoding.maxBitrate = Math.round(rate) * 1000
    await sender.setParameters(parameters).catch(() => undefined) // it is closing
  }
  return rate
}

async function look(sending: RTCPeerConnection, receiving: RTCPeerConnection): Promise<Sample> {
  const [sent, received] = await Promise.all([statsOf(sending), statsOf(receiving)])
  return sampleOf(performance.now(), sent, received)
}

async function statsOf(peer: RTCPeerConnection): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = []
  ;(await peer.getStats()).forEach((stat: Record<string, unknown>) => found.push(stat))
  return found
}

async function connect(way: Way, lesson: TestLesson, around: Surroundings, kind: 'whip' | 'whep', prepare: (peer: RTCPeerConnection) => void): Promise<Connection> {
  const peer = new RTCPeerConnection({
    bundlePolicy: 'max-bundle',
    iceServers: way.iceServers,
    iceTransportPolicy: way.iceServers.length ? 'relay' : 'all',
  })
  let location = ''
  const close = (): void => {
    peer.close()
    if (location) void deleteResource(around.fetch, location, lesson.token)
  }
  try {
    prepare(peer)
    const opened = untilConnected(peer, around.signal)
    opened.catch(() => undefined) // what fails before it is waited for is reported by who failed
    await peer.setLocalDescription()
    const resource = await createResource(around.fetch, `/${kind}/${lesson.id}`, lesson.token, peer.localDescription?.sdp ?? '', around.signal)
    location = resource.location
    await peer.setRemoteDescription({ type: 'answer', sdp: keepCandidates(resource.answer, way.protocol) })
    await opened.catch((error: unknown) => {
      if (!(error instanceof Blocked)) throw error
      const tried = way.iceServers.length ? way.iceServers.map((server) => String(server.urls)) : targetsOf(resource.answer, way.protocol)
      throw new Blocked(`${error.message}: ${tried.join(', ') || 'the server offers none'}`)
    })
    return { peer, close }
  } catch (error) {
    close()
    throw error
  }
}

function untilConnected(peer: RTCPeerConnection, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    const settle = (done: () => void): void => {
      clearTimeout(timer)
      done()
    }
    const timer = setTimeout(() => reject(new Blocked(text || 'timeout')), CONNECT_WITHIN)
    // What a relay answered (RFC 8656), or 701: it could not be reached.
    peer.addEventListener('icecandidateerror', (event) => {
      text = `${event.errorCode} ${event.errorText}`.trim()
    })
    peer.addEventListener('connectionstatechange', () => {
      if (peer.connectionState === 'connected') settle(resolve)
      else if (peer.connectionState === 'failed') settle(() => reject(new Blocked(text || 'failed')))
    })
    signal.addEventListener('abort', () => settle(() => reject(new DOMException('stopped', 'AbortError'))))
  })
}

async function pathOf(peer: RTCPeerConnection): Promise<string> {
  const stats = await statsOf(peer)
  const byId = new Map(stats.map((stat) => [stat.id, stat]))
  // Just connected, the nomination may not stand in the statistics yet: any pair that was answered will do.
  const pairs = stats.filter((stat) => stat.type === 'candidate-pair' && stat.state !== 'failed')
  const pair = pairs.find((stat) => stat.nominated === true) ?? pairs.find((stat) => Number(stat.responsesReceived) > 0)
  if (!pair) return ''
  const local = byId.get(pair.localCandidateId)
  const remote = byId.get(pair.remoteCandidateId)
  const protocol = local?.relayProtocol ?? local?.protocol
  return `${String(protocol)} ${String(local?.candidateType)} → ${addressText(String(remote?.address ?? '?'), String(remote?.port ?? '?'))}`
}

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(new DOMException('stopped', 'AbortError'))
    }, { once: true })
  })
}
