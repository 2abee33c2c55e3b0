import { describe, expect, it } from 'vitest'
import { encodingsFor, limited, soundPreference, tuneSender, type Level, type Sending } from './sender'

const HD = { width: 1280, height: 720 }
const withEncodings = (encodings: RTCRtpEncodingParameters[]): RTCRtpSendParameters =>
  ({ encodings, codecs: [], headerExtensions: [], rtcp: {}, transactionId: 't' }) as unknown as RTCRtpSendParameters
const camera = withEncodings(encodingsFor('camera', 'L1T2'))
const screen = withEncodings(encodingsFor('screen', 'L1T3'))
const single = withEncodings([{}])

/** rid (or ·), lines of the picture scaled down by, kbit/s: of what is sent. */
function sent(parameters: RTCRtpSendParameters, sending: Sending): string[] {
  return limited(parameters, sending)
    .encodings.filter((one) => one.active)
    .map((one) => `${one.rid ?? '·'} /${one.scaleResolutionDownBy} ${(one.maxBitrate ?? 0) / 1000}`)
}
const cameraAt = (level: Level, size = HD): Sending => ({ profile: 'camera', size, level })

describe('what a camera sends', () => {
  it('is three layers of a whole picture', () => {
    expect(sent(camera, cameraAt('high'))).toEqual(['l /4 120', 'm /2 420', 'h /1 1500'])
  })

  it('is less from the top when the line is thin, and nothing when only sound fits', () => {
    expect(sent(camera, cameraAt('medium'))).toEqual(['l /4 120', 'm /2 420'])
    expect(sent(camera, cameraAt('low'))).toEqual(['l /4 120'])
    expect(sent(camera, cameraAt('sound'))).toEqual([])
  })

  it('is fewer layers of a small picture', () => {
    expect(sent(camera, cameraAt('high', { width: 960, height: 540 }))).toEqual(['l /4 120', 'm /2 420', 'h /1 843.75'])
    expect(sent(camera, cameraAt('high', { width: 640, height: 480 }))).toEqual(['l /2 120', 'm /1 500'])
    expect(sent(camera, cameraAt('medium', { width: 640, height: 360 }))).toEqual(['l /2 120', 'm /1 400'])
    expect(sent(camera, cameraAt('low', { width: 640, height: 360 }))).toEqual(['l /2 120'])
    expect(sent(camera, cameraAt('high', { width: 320, height: 180 }))).toEqual(['l /1 200'])
    expect(sent(single, cameraAt('high', { width: 640, height: 360 }))).toEqual(['· /1 400'])
  })

  it('is the whole picture in one when the server takes no layers, and follows the line too', () => {
    expect(sent(single, cameraAt('high'))).toEqual(['· /1 1500'])
    expect(sent(withEncodings([{ rid: 'l' }]), cameraAt('high'))).toEqual(['l /1 1500'])
    expect(sent(single, cameraAt('low'))).toEqual(['· /4 120'])
    expect(sent(single, cameraAt('sound'))).toEqual([])
  })

  it('keeps what the browser said of its encodings', () => {
    expect(limited(camera, cameraAt('high')).encodings.map((one) => one.rid)).toEqual(['l', 'm', 'h'])
    expect(limited(camera, cameraAt('high')).encodings[0]).toMatchObject({ scalabilityMode: 'L1T2', maxFramerate: 15 })
  })
})

describe('what a screen sends', () => {
  it('is two layers that stay sharp', () => {
    expect(sent(screen, { profile: 'screen', size: HD, level: 'high' })).toEqual(['l /2 80', 'h /1 2500'])
    expect(sent(screen, { profile: 'screen', size: HD, level: 'low' })).toEqual(['l /2 80'])
    expect(sent(screen, { profile: 'screen', size: { width: 300, height: 200 }, level: 'high' })).toEqual(['l /1 200'])
    expect(limited(screen, { profile: 'screen', size: HD, level: 'high' })).toMatchObject({ degradationPreference: 'maintain-resolution' })
  })
})

describe('sound', () => {
  it('comes first, at every level', () => {
    for (const level of ['high', 'low', 'sound'] as const) {
      expect(limited(withEncodings([]), { profile: 'audio', size: null, level }).encodings[0]).toMatchObject({ networkPriority: 'high' })
      expect(limited(single, { profile: 'audio', size: null, level }).encodings[0]?.active).toBeUndefined()
    }
  })

  it('is sent with redundancy where the browser can', () => {
    const [opus, red, pcm] = [{ mimeType: 'audio/opus' }, { mimeType: 'audio/red' }, { mimeType: 'audio/PCMU' }]
    expect(soundPreference([opus, pcm, red])).toEqual([red, opus, pcm])
    expect(soundPreference([opus, pcm])).toBeNull()
  })
})

it('goes on where the browser knows no limits', async () => {
  const sender = { getParameters: () => camera, setParameters: () => Promise.reject(new Error('no')) }
  expect(await tuneSender(sender, cameraAt('high'))).toBe(false)
})
