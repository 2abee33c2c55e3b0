import { describe, expect, it } from 'vitest'
import en from '@/locales/readiness.en'
import { isMost, ITEMS, valueOf, wantedOf, type Figures, type Standard } from './readiness'

const FIGURES: Figures = { width: 1280, height: 720, frame_rate: 29.6, brightness: 88.4, microphone_db: -31.2, speaker_db: 21.7, heard: false, echo_db: 4.2, up_kbps: 2412, down_kbps: 2398, loss: 0.0042, round_trip_ms: 18.4, seconds: 60, way: 'udp' }
const STANDARD: Standard = { version: '1', min_width: 1280, min_height: 720, min_frame_rate: 20, min_brightness: 16, min_microphone_db: -50, min_speaker_margin_db: 10, max_echo_db: 10, min_up_kbps: 1500, min_down_kbps: 1500, max_loss: 0.02, max_round_trip_ms: 200, min_seconds: 60 }

describe('the words of a check', () => {
  it('say each figure with its unit', () => {
    expect(valueOf('resolution', FIGURES)).toEqual(['picture', { width: 1280, height: 720, rate: 30 }])
    expect(valueOf('up', FIGURES)).toEqual(['rate', { n: '2.41' }])
    expect(valueOf('loss', FIGURES)).toEqual(['share', { n: '0.4%' }])
    expect(valueOf('speaker', FIGURES)).toEqual(['margin', { n: 22 }])
    expect(valueOf('speaker', { ...FIGURES, heard: true })).toEqual(['heard', {}])
  })

  it('are nothing where nothing was measured', () => {
    const none: Figures = { ...FIGURES, width: null, height: null, frame_rate: null, brightness: null, microphone_db: null, speaker_db: null, echo_db: null, up_kbps: null, down_kbps: null, loss: null, round_trip_ms: null }
    expect(ITEMS.map((item) => valueOf(item, none))).toEqual(ITEMS.map(() => null))
  })

  it('exist in the locale for every item, with what is wanted and what to do', () => {
    for (const item of ITEMS) {
      expect(en.items[item]).toBeTruthy()
      expect(en.advice[item]).toBeTruthy()
      expect(en.values).toHaveProperty(wantedOf(item, STANDARD)[0])
      expect(en.values).toHaveProperty(valueOf(item, FIGURES)?.[0] ?? '')
    }
    expect(ITEMS.filter(isMost)).toEqual(['echo', 'loss', 'delay'])
  })
})
