// Watches one received picture and the sound of the same connection: when frames come out of the decoder, and the
// receiver's statistics every 100 ms. Tests start it with __gauge.start(testid) and take what it saw with stop().
// It follows the element to the tracks of a new connection by itself.
const Peer = window.RTCPeerConnection
window.RTCPeerConnection = class extends Peer {
  constructor(...settings) {
    super(...settings)
    window.__firstPeer ||= performance.timeOrigin + performance.now() // when this page began to join
  }
}
window.__gauge = (() => {
  const EVERY = 100 // ms
  const NTP_EPOCH = 2208988800000 // ms from 1900 to 1970
  const wall = () => performance.timeOrigin + performance.now()
  let frames, samples, timer, testid, followed, reader, serial, busy

  function element() {
    const found = [...document.querySelectorAll(`[data-testid="${testid}"]`)]
    const videos = found.flatMap(e => (e.tagName === 'VIDEO' ? [e] : [...e.querySelectorAll('video')]))
    return videos.find(video => video.srcObject && video.srcObject.getVideoTracks().length)
  }

  async function read(track, mine) {
    reader = new MediaStreamTrackProcessor({ track, maxBufferSize: 20 }).readable.getReader()
    const own = reader
    for (;;) {
      const { done, value } = await own.read()
      if (done || mine !== serial) break
      frames.push(wall())
      value.close()
    }
    own.cancel().catch(() => {})
  }

  function connectionOf(track) {
    const peers = window.__tongke ? window.__tongke.connections() : []
    return peers.find(pc => pc.getReceivers().some(receiver => receiver.track === track))
  }

  async function look() {
    if (busy) return
    busy = true
    try {
      const video = element()
      const track = video && video.srcObject.getVideoTracks()[0]
      if (track && track !== followed) {
        followed = track
        serial += 1
        read(track, serial).catch(() => {})
      }
      const peer = track && connectionOf(track)
      const sample = { at: wall(), serial, video: null, audio: null, rtt: null }
      for (const receiver of peer ? peer.getReceivers() : []) {
        ;(await receiver.getStats()).forEach(s => {
          if (s.type === 'candidate-pair' && s.nominated) sample.rtt = s.currentRoundTripTime
          if (s.type !== 'inbound-rtp') return
          sample[s.kind] = {
            bytes: s.bytesReceived, packets: s.packetsReceived, lost: s.packetsLost, decoded: s.framesDecoded || 0,
            height: s.frameHeight || 0, freezes: s.freezeCount || 0, frozen: s.totalFreezesDuration || 0,
            buffered: s.jitterBufferDelay || 0, emitted: s.jitterBufferEmittedCount || 0,
            samples: s.totalSamplesReceived || 0, concealed: s.concealedSamples || 0, nacks: s.nackCount || 0,
            plis: s.pliCount || 0, keyframes: s.keyFramesDecoded || 0, retransmitted: s.retransmittedPacketsReceived || 0,
            delay: s.estimatedPlayoutTimestamp ? Date.now() + NTP_EPOCH - s.estimatedPlayoutTimestamp : null,
          }
        })
      }
      samples.push(sample)
    } finally {
      busy = false
    }
  }

  function start(which) {
    clearInterval(timer)
    testid = which
    frames = []
    samples = []
    followed = null
    serial = 0
    busy = false
    look()
    timer = setInterval(look, EVERY)
  }

  function stop() {
    clearInterval(timer)
    serial += 1
    if (reader) reader.cancel().catch(() => {})
    return { frames, samples }
  }

  // What carries the picture: {protocol, type} of this end's chosen candidate and, through a relay, how it is reached.
  async function route(which) {
    testid = which
    const video = element()
    const peer = video && connectionOf(video.srcObject.getVideoTracks()[0])
    const all = new Map(peer ? await peer.getStats() : [])
    const pair = [...all.values()].find(s => s.type === 'candidate-pair' && s.nominated && s.state === 'succeeded')
    const local = pair && all.get(pair.localCandidateId)
    return local ? { protocol: local.protocol, type: local.candidateType, relay: local.relayProtocol || '' } : null
  }

  return { route, start, stop, seen: () => ({ frames, samples }), last: () => frames[frames.length - 1] || 0 }
})()
