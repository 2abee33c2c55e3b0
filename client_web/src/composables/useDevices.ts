/** The page's own camera, microphone and loudspeaker: opened, remembered, watched, and opened again when they come back. */
import { computed, onScopeDispose, reactive, ref, shallowRef } from 'vue'
import { openCamera, openMicrophone } from '@/media/capture'
import { listsOf, pickDevice, recall, remember, type Device, type DeviceLists, type PickKind } from '@/media/devices'
import { problemOf, type DeviceProblem } from '@/media/problems'

type InputKind = 'camera' | 'microphone'
const INPUTS: InputKind[] = ['camera', 'microphone']
/** A question of the browser that stays open longer than this (ms) deserves a hint where to press. */
const ASKING_AFTER = 700

export function useDevices(onChange: () => void = () => undefined) {
  const lists = ref<DeviceLists>({ camera: [], microphone: [], speaker: [] })
  const chosen = reactive<Record<PickKind, Device | null>>({
    camera: recall(localStorage, 'camera'),
    microphone: recall(localStorage, 'microphone'),
    speaker: recall(localStorage, 'speaker'),
  })
  const tracks = { camera: shallowRef<MediaStreamTrack | null>(null), microphone: shallowRef<MediaStreamTrack | null>(null) }
  /** What the person wants; a muted microphone stays open, a camera that is off is closed so that its light goes out. */
  const wanted = reactive<Record<InputKind, boolean>>({ camera: true, microphone: true })
  const problems = reactive<Record<InputKind, DeviceProblem | null>>({ camera: null, microphone: null })
  const asking = ref(false)
  const opened = ref(false)
  const turns: Record<InputKind, number> = { camera: 0, microphone: 0 }
  const media = navigator.mediaDevices as MediaDevices | undefined

  async function refreshLists(): Promise<void> {
    if (!media) return
    lists.value = listsOf(await media.enumerateDevices().catch(() => []))
  }

  async function open(kind: InputKind): Promise<void> {
    const turn = ++turns[kind]
    const hint = setTimeout(() => (asking.value = true), ASKING_AFTER)
    try {
      if (!media) throw new TypeError('no mediaDevices')
      const device = pickDevice(lists.value[kind], chosen[kind]) ?? chosen[kind]
      const track = await (kind === 'camera' ? openCamera(media, device) : openMicrophone(media, device))
      if (turn !== turns[kind]) return track.stop()
      adopt(kind, track)
    } catch (error) {
      if (turn === turns[kind]) lose(kind, problemOf(error, kind, { secure: window.isSecureContext, hasMediaDevices: media !== undefined }))
    } finally {
      clearTimeout(hint)
      asking.value = false
    }
  }

  function adopt(kind: InputKind, track: MediaStreamTrack): void {
    tracks[kind].value?.stop()
    tracks[kind].value = track
    problems[kind] = null
    if (kind === 'microphone') track.enabled = wanted.microphone
    const id = track.getSettings().deviceId
    if (id) {
      chosen[kind] = { id, label: track.label }
      remember(localStorage, kind, { id, label: track.label })
    }
    track.onended = () => {
      if (tracks[kind].value === track) lose(kind, { kind, code: 'missing' })
    }
    onChange()
  }

  function lose(kind: InputKind, problem: DeviceProblem | null): void {
    tracks[kind].value?.stop()
    tracks[kind].value = null
    problems[kind] = problem
    onChange()
  }

  /** Both at once, each on its own; asks the person when the browser must. */
  async function openAll(): Promise<void> {
    await refreshLists()
    // One after the other: two permission questions at once are answered wrongly.
    for (const kind of INPUTS) if (wanted[kind] && !tracks[kind].value) await open(kind)
    opened.value = true
    await refreshLists()
  }

  async function choose(kind: PickKind, id: string): Promise<void> {
    const device = lists.value[kind].find((entry) => entry.id === id)
    if (!device) return
    chosen[kind] = device
    if (kind === 'speaker') remember(localStorage, kind, device)
    else if (wanted[kind]) await open(kind)
  }

  function setMicrophone(on: boolean): void {
    wanted.microphone = on
    const track = tracks.microphone.value
    if (track) track.enabled = on
    else if (on) void open('microphone')
    onChange()
  }

  async function setCamera(on: boolean): Promise<void> {
    wanted.camera = on
    if (on) {
      if (!tracks.camera.value) await open('camera')
      return
    }
    turns.camera += 1
    lose('camera', null)
  }

  function close(): void {
    for (const kind of INPUTS) {
      turns[kind] += 1
      tracks[kind].value?.stop()
      tracks[kind].value = null
    }
  }

  /** Something was plugged in or out: what was missing is tried again. */
  async function devicesChanged(): Promise<void> {
    await refreshLists()
    if (!opened.value) return
    for (const kind of INPUTS) if (wanted[kind] && !tracks[kind].value && problems[kind]?.code !== 'denied') await open(kind)
  }

  const changed = (): void => void devicesChanged()
  media?.addEventListener('devicechange', changed)
  onScopeDispose(() => {
    media?.removeEventListener('devicechange', changed)
    close()
  })

  return {
    lists, chosen, wanted, problems, asking, opened,
    camera: tracks.camera,
    microphone: tracks.microphone,
    micOn: computed(() => tracks.microphone.value !== null && wanted.microphone),
    camOn: computed(() => tracks.camera.value !== null),
    openAll, open, choose, setMicrophone, setCamera, close, devicesChanged,
  }
}

export type Devices = ReturnType<typeof useDevices>
