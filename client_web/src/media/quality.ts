/** Five bars from getStats(): what the line is doing, not what the picture shows. Pure over two readings. */

export interface Reading {
  /** ms */
  at: number
  bytes: number
  packets: number
  lost: number
  /** s; null if unknown */
  roundTrip: number | null
  /** s spent frozen so far (inbound video) */
  frozen: number
  framesDecoded: number
}

export interface Quality {
  /** 5 good … 1 bad; 0: nothing flows. */
  bars: 0 | 1 | 2 | 3 | 4 | 5
  /** Share of packets lost since the last reading. */
  loss: number
  /** bit/s */
  bitrate: number
  roundTrip: number | null
}

type Stat = Record<string, unknown>
const number = (stat: Stat, name: string): number => (typeof stat[name] === 'number' ? (stat[name] as number) : 0)

/** Adds up one direction of a peer connection. Outbound loss is what the other end reported. */
export function readingOf(stats: Iterable<Stat>, direction: 'in' | 'out', at: number): Reading {
  const reading: Reading = { at, bytes: 0, packets: 0, lost: 0, roundTrip: null, frozen: 0, framesDecoded: 0 }
  for (const stat of stats) {
    if (stat.type === 'candidate-pair' && stat.nominated === true && typeof stat.currentRoundTripTime === 'number') {
      reading.roundTrip = stat.currentRoundTripTime
    }
    if (direction === 'in' && stat.type === 'inbound-rtp') {
      reading.bytes += number(stat, 'bytesReceived')
      reading.packets += number(stat, 'packetsReceived')
      reading.lost += Math.max(0, number(stat, 'packetsLost'))
      reading.frozen += number(stat, 'totalFreezesDuration')
      reading.framesDecoded += number(stat, 'framesDecoded')
    }
    if (direction === 'out' && stat.type === 'outbound-rtp') {
      reading.bytes += number(stat, 'bytesSent')
      reading.packets += number(stat, 'packetsSent')
    }
    if (direction === 'out' && stat.type === 'remote-inbound-rtp') reading.lost += Math.max(0, number(stat, 'packetsLost'))
  }
  return reading
}

/** Loss above 2 % is heard, above 10 % ruins speech; a round trip above 0.4 s makes people talk over each other. */
export function qualityOf(before: Reading, after: Reading): Quality {
  const seconds = Math.max(0.001, (after.at - before.at) / 1000)
  const packets = Math.max(0, after.packets - before.packets)
  const lost = Math.max(0, after.lost - before.lost)
  const loss = packets + lost > 0 ? lost / (packets + lost) : 0
  const bitrate = (Math.max(0, after.bytes - before.bytes) * 8) / seconds
  const frozenShare = Math.max(0, after.frozen - before.frozen) / seconds
  const common = { loss, bitrate, roundTrip: after.roundTrip }
  if (packets === 0) return { bars: 0, ...common }
  let bars = 5
  for (const limit of [0.01, 0.03, 0.08, 0.15]) if (loss > limit) bars -= 1
  for (const limit of [0.25, 0.5]) if ((after.roundTrip ?? 0) > limit) bars -= 1
  for (const limit of [0.1, 0.4]) if (frozenShare > limit) bars -= 1
  return { bars: Math.max(1, bars) as Quality['bars'], ...common }
}
