/** A photo made small before it is sent: a phone's has 5 MB, and a village's line sends 100 kB in a second. */
const LONGEST = 2400
const ENOUGH = 600 * 1024

/** The picture as a JPEG of at most LONGEST pixels; as it is when that is small already or the browser cannot read it. */
export async function shrunk(file: File): Promise<Blob> {
  if (file.size <= ENOUGH) return file
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(picture.width * scale)
    canvas.height = Math.round(picture.height * scale)
    const pen = canvas.getContext('2d')
    if (!pen) return file
    pen.fillStyle = '#fff'
    pen.fillRect(0, 0, canvas.width, canvas.height)
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height)
    picture.close()
    const small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9))
    return small && small.size < file.size ? small : file
  } catch {
    return file
  }
}
