// A shared screen of slides with text, and whether a receiver can read the one that is shown. Both pages draw the same
// slide from its number; readable means that what arrived follows the drawn text closely (correlation of brightness).
window.__slides = (() => {
  const WIDTH = 1280, HEIGHT = 720
  const WORDS = '把一个月饼平均分成四份每份是它的分之几比较大小同桌说说想法再写下来二三五六八九十'
  const wall = () => performance.timeOrigin + performance.now()
  let canvas, shown = 0, tick = 0

  function draw(context, number) {
    let seed = number * 7919 + 17
    const next = () => (seed = (seed * 1103515245 + 12345) % 2147483648)
    context.fillStyle = '#fff'
    context.fillRect(0, 0, WIDTH, HEIGHT)
    context.fillStyle = '#111'
    context.font = '28px sans-serif'
    for (let line = 0; line < 12; line += 1) {
      let text = `${number}.${line + 1} `
      for (let at = 0; at < 36; at += 1) text += WORDS[next() % WORDS.length]
      context.fillText(text, 60, 80 + line * 52)
    }
  }

  function bright(context) {
    const data = context.getImageData(60, 40, 1000, 620).data
    const out = new Float32Array(data.length / 4)
    for (let at = 0; at < out.length; at += 1) out[at] = data[at * 4 + 1]
    return out
  }

  function alike(a, b) {
    const mean = values => values.reduce((sum, value) => sum + value, 0) / values.length
    const [ma, mb] = [mean(a), mean(b)]
    let ab = 0, aa = 0, bb = 0
    for (let at = 0; at < a.length; at += 1) {
      ab += (a[at] - ma) * (b[at] - mb)
      aa += (a[at] - ma) ** 2
      bb += (b[at] - mb) ** 2
    }
    return aa && bb ? ab / Math.sqrt(aa * bb) : 0
  }

  const surface = () => {
    const made = document.createElement('canvas')
    made.width = WIDTH
    made.height = HEIGHT
    return made.getContext('2d', { willReadFrequently: true })
  }

  function expected(number) {
    const context = surface()
    draw(context, number)
    return bright(context)
  }

  // A screen that stands still is still repeated now and then, as browsers do when they capture one.
  function share() {
    canvas = surface()
    show(1)
    setInterval(() => {
      tick += 1
      canvas.fillStyle = tick % 2 ? '#eee' : '#ddd'
      canvas.fillRect(0, 0, 8, 8)
    }, 500)
    navigator.mediaDevices.getDisplayMedia = async () => canvas.canvas.captureStream(15)
  }

  function show(number) {
    shown = number
    draw(canvas, shown)
    return wall()
  }

  function likeness(testid, number) {
    const found = document.querySelector(`[data-testid="${testid}"]`)
    const video = found && (found.tagName === 'VIDEO' ? found : found.querySelector('video'))
    if (!video || !video.videoWidth) return 0
    const context = surface()
    context.drawImage(video, 0, 0, WIDTH, HEIGHT)
    return alike(bright(context), expected(number))
  }

  // When the slide could be read, or null after `patience` ms.
  async function readable(testid, number, likenessWanted, patience) {
    for (const end = wall() + patience; wall() < end; await new Promise(done => setTimeout(done, 100)))
      if (likeness(testid, number) >= likenessWanted) return wall()
    return null
  }

  // How like a slide is to itself after it was sent with so many lines: for choosing what counts as readable.
  function likenessAt(height) {
    const whole = surface(), small = surface(), back = surface()
    draw(whole, 1)
    small.drawImage(whole.canvas, 0, 0, (WIDTH * height) / HEIGHT, height)
    back.drawImage(small.canvas, 0, 0, (WIDTH * height) / HEIGHT, height, 0, 0, WIDTH, HEIGHT)
    return alike(bright(back), bright(whole))
  }

  return { share, show, likeness, readable, likenessAt }
})()
