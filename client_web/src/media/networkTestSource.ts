/** A small picture that cannot be compressed much and a soft tone: a test needs neither camera nor microphone, and little of an old PC. */

const WIDTH = 320
const HEIGHT = 180
/** Frames per second. */
const RATE = 20
/** Pixels per side of the noise that is drawn at random places: making new noise for each frame would cost an old PC too much. */
const TILE = 256

export interface TestSource {
  tracks: MediaStreamTrack[]
  close: () => void
}

export function openTestSource(): TestSource {
  const canvas = document.createElement('canvas')
  canvas.width = WIDTH
  canvas.height = HEIGHT
  const context = canvas.getContext('2d', { alpha: false })
  const tile = noise()
  const draw = (): void => {
    if (!context) return
    const left = Math.floor(Math.random() * TILE)
    const top = Math.floor(Math.random() * TILE)
    for (let x = -left; x < WIDTH; x += TILE) for (let y = -top; y < HEIGHT; y += TILE) context.drawImage(tile, x, y)
  }
  draw()
  const timer = setInterval(draw, 1000 / RATE)
  const picture = canvas.captureStream(RATE)
  const tone = openTone()
  const tracks = [...(tone ? [tone.track] : []), ...picture.getVideoTracks()]
  return {
    tracks,
    close: () => {
      clearInterval(timer)
      for (const track of tracks) track.stop()
      tone?.close()
    },
  }
}

function noise(): HTMLCanvasElement {
  const tile = document.createElement('canvas')
  tile.width = tile.height = TILE
  const context = tile.getContext('2d', { alpha: false })
  if (!context) return tile
  const image = context.createImageData(TILE, TILE)
  for (let at = 0; at < image.data.length; at += 4) {
    const grey = Math.random() * 256
    image.data[at] = image.data[at + 1] = image.data[at + 2] = grey
    image.data[at + 3] = 255
  }
  context.putImageData(image, 0, 0)
  return tile
}

/** Null where the browser has no sound output to make it with; the picture alone measures too. */
function openTone(): { track: MediaStreamTrack; close: () => void } | null {
  try {
    const context = new AudioContext()
    const oscillator = context.createOscillator()
    const volume = context.createGain()
    const out = context.createMediaStreamDestination()
    volume.gain.value = 0.05
    oscillator.connect(volume).connect(out)
    oscillator.start()
    const track = out.stream.getAudioTracks()[0]
    return track ? { track, close: () => void context.close() } : null
  } catch {
    return null
  }
}
