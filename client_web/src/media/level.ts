/** How loud a track is, for a meter: 0–1, where speech at a normal distance moves in the middle. */

/** Loudness of one block of samples (−1…1): root mean square on a scale from −60 dBFS (0) to −6 dBFS (1). */
export function levelOf(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  const rms = Math.sqrt(sum / Math.max(1, samples.length))
  if (rms === 0) return 0
  const decibel = 20 * Math.log10(rms)
  return Math.min(1, Math.max(0, (decibel + 60) / 54))
}

/** A meter that rises at once and falls slowly is readable; 0.8 per reading at 15 readings/s falls to nothing in a second. */
export function settle(shown: number, heard: number): number {
  return heard >= shown ? heard : Math.max(heard, shown * 0.8)
}

export interface LevelMeter {
  read(): number
  close(): void
}

let shared: AudioContext | null = null

function wake(): void {
  if (shared?.state === 'suspended') void shared.resume().catch(() => undefined)
}

/** One audio context for the page: browsers allow only a few. Where it may not run before somebody has touched the page, any press starts it. */
export function audioContext(): AudioContext {
  if (!shared) {
    shared = new AudioContext()
    for (const press of ['pointerdown', 'keydown']) window.addEventListener(press, wake)
  }
  wake()
  return shared
}

/** False while a meter cannot hear: its silence then says nothing about the microphone. */
export function meterRuns(): boolean {
  return shared?.state === 'running'
}

export function openMeter(track: MediaStreamTrack): LevelMeter {
  const context = audioContext()
  const source = context.createMediaStreamSource(new MediaStream([track]))
  const analyser = context.createAnalyser()
  analyser.fftSize = 1024
  source.connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  let shown = 0
  return {
    read() {
      analyser.getFloatTimeDomainData(samples)
      shown = settle(shown, levelOf(samples))
      return shown
    },
    close() {
      source.disconnect()
      analyser.disconnect()
    },
  }
}
