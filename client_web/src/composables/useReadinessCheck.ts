/** A classroom's check of itself: camera, microphone, loudspeaker and echo, then the network for a minute, then kept. */
import { onScopeDispose, reactive, ref, shallowRef, watch } from 'vue'
import { api, detailOf, type Schemas } from '@/api/client'
import { useNetworkTest } from '@/composables/useNetworkTest'
import { brightnessOf } from '@/media/brightness'
import { openCamera, openRawMicrophone } from '@/media/capture'
import { recall } from '@/media/devices'
import { bestOf } from '@/media/networkTest'
import { pause } from '@/media/networkTestPeers'
import { openEar, playTone, SILENCE } from '@/media/soundCheck'
import type { Figures, Standard } from '@/utils/readiness'

export type Step = 'camera' | 'microphone' | 'speaker' | 'network' | 'saving'
export const STEPS: readonly Step[] = ['camera', 'microphone', 'speaker', 'network', 'saving']
/** ms: a picture is looked at, somebody speaks at most, the room is listened to, the tone plays until echo cancellation has found it. */
const WATCH = 3000
const SPEAK = 10_000
const HUSH = 1000
const TONE_FOR = 2500
const LOOK_EVERY = 200

export function useReadinessCheck() {
  const network = useNetworkTest()
  const phase = ref<'idle' | 'running' | 'done' | 'failed'>('idle')
  const step = ref<Step>('camera')
  const figures = reactive<Figures>(nothing())
  const result = shallowRef<Schemas['ReadinessCheckAnswer'] | null>(null)
  const preview = shallowRef<MediaStream | null>(null)
  const failure = ref('')
  /** The tone was not in the microphone: somebody in the room has to say. */
  const asking = ref(false)
  let answered: ((heard: boolean) => void) | null = null
  let run: AbortController | null = null

  async function start(standard: Standard, room: string): Promise<void> {
    stop()
    const mine = (run = new AbortController())
    Object.assign(figures, nothing())
    result.value = null
    failure.value = ''
    phase.value = 'running'
    try {
      for (const [name, act] of [
        ['camera', () => lookThrough(mine.signal)],
        ['microphone', () => listen(standard, mine.signal)],
        ['speaker', () => sound(standard, mine.signal)],
        ['network', () => measure(standard)],
      ] as const) {
        step.value = name
        await act()
        mine.signal.throwIfAborted()
      }
      step.value = 'saving'
      result.value = await api('post', '/api/readiness/checks', { body: { room, figures: { ...figures } }, signal: mine.signal })
      phase.value = 'done'
    } catch (problem) {
      if (mine.signal.aborted) return
      failure.value = detailOf(problem)
      phase.value = 'failed'
    }
  }

  async function lookThrough(signal: AbortSignal): Promise<void> {
    const track = await openCamera(navigator.mediaDevices, recall(localStorage, 'camera')).catch(() => null)
    if (!track) return
    const video = document.createElement('video')
    try {
      preview.value = new MediaStream([track])
      video.muted = true
      video.srcObject = preview.value
      await video.play()
      await pause(HUSH, signal) // its exposure settles
      const [first, began] = [framesOf(video), performance.now()]
      await pause(WATCH, signal)
      const frames = framesOf(video) - first
      Object.assign(figures, { width: video.videoWidth, height: video.videoHeight, frame_rate: (frames * 1000) / (performance.now() - began), brightness: brightnessOf(video) })
    } finally {
      preview.value = video.srcObject = null
      track.stop()
    }
  }

  async function listen(standard: Standard, signal: AbortSignal): Promise<void> {
    await withMicrophone(false, async (ear) => {
      let loudest = SILENCE
      for (let passed = 0; passed < SPEAK && (loudest < standard.min_microphone_db || passed < HUSH); passed += LOOK_EVERY) {
        await pause(LOOK_EVERY, signal)
        loudest = Math.max(loudest, ear.rms())
      }
      figures.microphone_db = loudest
    })
  }

  async function sound(standard: Standard, signal: AbortSignal): Promise<void> {
    figures.speaker_db = await toneAboveNoise(false, signal)
    if (figures.speaker_db !== null && figures.speaker_db >= standard.min_speaker_margin_db) figures.echo_db = await toneAboveNoise(true, signal)
    else {
      if (figures.speaker_db === null) await playFor(TONE_FOR, signal) // no microphone: it has not been played yet
      figures.heard = await ask(signal)
    }
  }

  /** dB of the tone above what was there before it; null without a microphone or a loudspeaker. */
  async function toneAboveNoise(cancelled: boolean, signal: AbortSignal): Promise<number | null> {
    let found: number | null = null
    await withMicrophone(cancelled, async (ear) => {
      await pause(HUSH, signal)
      const noise = ear.tone()
      const silence = await playTone(recall(localStorage, 'speaker')?.id ?? null).catch(() => null)
      if (!silence) return
      try {
        await pause(TONE_FOR, signal)
        found = ear.tone() - noise
      } finally {
        silence()
      }
    })
    return found
  }

  async function playFor(ms: number, signal: AbortSignal): Promise<void> {
    const silence = await playTone(recall(localStorage, 'speaker')?.id ?? null).catch(() => null)
    await pause(ms, signal).finally(() => silence?.())
  }

  async function withMicrophone(cancelled: boolean, act: (ear: ReturnType<typeof openEar>) => Promise<void>): Promise<void> {
    const track = await openRawMicrophone(navigator.mediaDevices, recall(localStorage, 'microphone'), cancelled).catch(() => null)
    if (!track) return
    const ear = openEar(track)
    try {
      await act(ear)
    } finally {
      ear.close()
      track.stop()
    }
  }

  function ask(signal: AbortSignal): Promise<boolean> {
    asking.value = true
    return new Promise((resolve, reject) => {
      const settle = (done: () => void): void => {
        asking.value = false
        answered = null
        done()
      }
      answered = (heard) => settle(() => resolve(heard))
      signal.addEventListener('abort', () => settle(() => reject(new DOMException('stopped', 'AbortError'))), { once: true })
    })
  }

  async function measure(standard: Standard): Promise<void> {
    await network.start(standard.min_seconds * 1000)
    const found = network.figures.value
    const way = bestOf(network.states.value)
    if (network.phase.value === 'failed') throw new Error(network.failure.value)
    if (!found || !way || network.phase.value !== 'done') return
    Object.assign(figures, { up_kbps: found.up, down_kbps: found.down, loss: Math.max(found.lossUp, found.lossDown), round_trip_ms: found.roundTrip, seconds: standard.min_seconds, way })
  }

  function stop(): void {
    run?.abort()
    run = null
    network.stop()
    if (phase.value === 'running') phase.value = 'idle'
  }

  watch(phase, (now) => now !== 'running' && (asking.value = false))
  onScopeDispose(stop)
  return { phase, step, figures, result, preview, failure, asking, answer: (heard: boolean) => answered?.(heard), progress: network.progress, start, stop }
}

function nothing(): Figures {
  return { width: null, height: null, frame_rate: null, brightness: null, microphone_db: null, speaker_db: null, heard: false, echo_db: null, up_kbps: null, down_kbps: null, loss: null, round_trip_ms: null, seconds: 0, way: '' }
}

function framesOf(video: HTMLVideoElement): number {
  return video.getVideoPlaybackQuality().totalVideoFrames
}
