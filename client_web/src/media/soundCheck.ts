/**
 * Levels of a microphone and of the test tone in it. The tone is played as a lesson's sound is, through a media element, so
 * that the browser's echo cancellation knows it.
 */
import { audioContext } from './level'

/** Hz: carried by every loudspeaker, in no fan or lamp. */
export const TONE = 1130
/** dBFS that stand for nothing at all. */
export const SILENCE = -120
/** Samples looked at at once: a third of a second at 48 kHz, so a bin is 3 Hz wide. */
const BLOCK = 16384

/** Root mean square, dBFS. */
export function rmsDb(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return decibel(Math.sqrt(sum / Math.max(1, samples.length)))
}

/** How much of one frequency there is, dBFS of its amplitude (Goertzel's algorithm, Hann window). */
export function toneDb(samples: Float32Array, rate: number, hz: number): number {
  const n = samples.length
  const turn = (2 * Math.PI * hz) / rate
  const coefficient = 2 * Math.cos(turn)
  let [before, last, window] = [0, 0, 0]
  for (let i = 0; i < n; i += 1) {
    const weight = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / n)
    window += weight
    const now = weight * (samples[i] ?? 0) + coefficient * last - before
    before = last
    last = now
  }
  const power = last * last + before * before - coefficient * last * before
  return decibel((2 * Math.sqrt(Math.max(0, power))) / Math.max(window, 1))
}

function decibel(value: number): number {
  return value > 0 ? Math.max(SILENCE, 20 * Math.log10(value)) : SILENCE
}

export interface Ear {
  /** The last third of a second, dBFS: everything, and the tone. */
  rms: () => number
  tone: () => number
  close: () => void
}

/** Listens to a microphone's track; the track stays its owner's. */
export function openEar(track: MediaStreamTrack): Ear {
  const context = audioContext()
  const source = context.createMediaStreamSource(new MediaStream([track]))
  const analyser = context.createAnalyser()
  analyser.fftSize = BLOCK
  source.connect(analyser)
  const samples = new Float32Array(BLOCK)
  const look = (): Float32Array => {
    analyser.getFloatTimeDomainData(samples)
    return samples
  }
  return {
    rms: () => rmsDb(look()),
    tone: () => toneDb(look(), context.sampleRate, TONE),
    close: () => {
      source.disconnect()
      analyser.disconnect()
    },
  }
}

/** Plays the tone on the loudspeaker with that id (null: the usual one) until it is stopped. */
export async function playTone(speaker: string | null): Promise<() => void> {
  const context = audioContext()
  const oscillator = context.createOscillator()
  const volume = context.createGain()
  const out = context.createMediaStreamDestination()
  oscillator.frequency.value = TONE
  volume.gain.value = 0.3
  oscillator.connect(volume).connect(out)
  const element = new Audio()
  element.srcObject = out.stream
  if (speaker && 'setSinkId' in element) await element.setSinkId(speaker).catch(() => undefined) // it is gone: the usual one
  oscillator.start()
  const stop = (): void => {
    oscillator.stop()
    element.pause()
    element.srcObject = null
  }
  await element.play().catch((error: unknown) => {
    stop()
    throw error
  })
  return stop
}
