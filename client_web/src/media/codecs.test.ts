import { describe, expect, it } from 'vitest'
import { nameOf, namesOf, videoPreference } from './codecs'

const CONSTRAINED = 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f'
const CHROMIUM = [
  { mimeType: 'video/VP8' },
  { mimeType: 'video/rtx' },
  { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=0;profile-level-id=42001f' },
  { mimeType: 'video/H264', sdpFmtpLine: CONSTRAINED },
  { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=1;profile-level-id=64001f' },
  { mimeType: 'video/AV1', sdpFmtpLine: 'level-idx=5;profile=1;tier=0' },
  { mimeType: 'video/VP9', sdpFmtpLine: 'profile-id=2' },
  { mimeType: 'video/VP9', sdpFmtpLine: 'profile-id=0' },
  { mimeType: 'video/ulpfec' },
]

describe('video codecs', () => {
  it('counts only the forms that the server forwards', () => {
    expect(namesOf(CHROMIUM)).toEqual(['vp8', 'h264', 'vp9'])
    expect(nameOf({ mimeType: 'video/AV1' })).toBe('av1')
    expect(nameOf({ mimeType: 'video/H265' })).toBeNull()
  })

  it('offers what is wanted first and keeps the rest in the order of the browser', () => {
    const ordered = videoPreference(CHROMIUM, ['h264', 'vp9', 'vp8'])
    expect(ordered.slice(0, 3)).toEqual([CHROMIUM[3], CHROMIUM[7], CHROMIUM[0]])
    expect(ordered.slice(3)).toEqual([1, 2, 4, 5, 6, 8].map((index) => CHROMIUM[index]))
    expect(videoPreference(CHROMIUM, ['vp8'])).toEqual(CHROMIUM)
    expect(videoPreference([{ mimeType: 'video/VP8' }], ['h264', 'vp8'])).toEqual([{ mimeType: 'video/VP8' }])
  })
})
