/** Mean brightness of a video's picture now, 0 (black) to 255; null while it has none. */
export function brightnessOf(video: HTMLVideoElement): number | null {
  if (video.videoWidth === 0) return null
  const [width, height] = [32, 18]
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) return null
  context.drawImage(video, 0, 0, width, height)
  const { data } = context.getImageData(0, 0, width, height)
  let sum = 0
  for (let i = 0; i < data.length; i += 4) sum += 0.299 * (data[i] ?? 0) + 0.587 * (data[i + 1] ?? 0) + 0.114 * (data[i + 2] ?? 0)
  return sum / (width * height)
}
