import { describe, expect, it } from 'vitest'
import { LONGEST, nextLength, Refused, SMALLEST, Upload, type Sent, type UploadState } from './upload'

/** A server that keeps what it is sent and fails as it is told. */
function server(size: number, troubles: (Error | 'lost')[] = []) {
  const kept: number[] = []
  let bytes = 0
  return {
    kept,
    get bytes() {
      return bytes
    },
    wire: {
      append: async (offset: number, piece: Blob): Promise<Sent> => {
        const trouble = troubles.shift()
        if (trouble instanceof Error) throw trouble
        if (offset !== bytes) throw new Refused(409, 'wrong offset')
        bytes += piece.size
        kept.push(piece.size)
        if (trouble === 'lost') throw new TypeError('the answer never came')
        return { offset: bytes, ready: bytes === size }
      },
      state: async (): Promise<Sent> => ({ offset: bytes, ready: bytes === size }),
    },
  }
}

function upload(size: number, troubles: (Error | 'lost')[] = [], seconds = 1) {
  const far = server(size, troubles)
  const states: UploadState[] = []
  const waits: number[] = []
  let clock = 0
  const sending = new Upload(new Blob([new Uint8Array(size)]), far.wire, {
    onProgress: () => undefined,
    onState: (state) => states.push(state),
    wait: async (time) => void waits.push(time),
    now: () => (clock += seconds / 2),
  })
  return { far, sending, states, waits }
}

describe('an upload', () => {
  it('sends everything, in pieces that grow on a good line', async () => {
    const { far, sending, states } = upload(20 << 20)
    expect((await sending.run(0))?.ready).toBe(true)
    expect(far.kept[0]).toBe(1 << 20)
    expect(Math.max(...far.kept)).toBeLessThanOrEqual(LONGEST)
    expect(far.kept.reduce((a, b) => a + b)).toBe(20 << 20)
    expect(states).toEqual(['sending', 'done'])
  })

  it('asks where it stands when an answer was lost, and sends nothing twice', async () => {
    const { far, sending, states, waits } = upload(3 << 20, ['lost', new TypeError('no line'), 'lost'])
    expect((await sending.run(0))?.ready).toBe(true)
    expect(far.bytes).toBe(3 << 20)
    expect(states.at(-1)).toBe('done')
    expect(states).toContain('waiting')
    expect(waits.length).toBeGreaterThan(1)
  })

  it('goes on from what the server has when the page began elsewhere', async () => {
    const { far, sending, waits } = upload(2 << 20)
    await far.wire.append(0, new Blob([new Uint8Array(1000)]))
    expect((await sending.run(0))?.ready).toBe(true)
    expect(far.bytes).toBe(2 << 20)
    expect(waits).toEqual([])
  })

  it('waits for a server that is away but gives up on a refusal', async () => {
    const { sending, states } = upload(1 << 20, [new Refused(503, 'away'), new Refused(400, 'not a pdf')])
    expect(await sending.run(0)).toBeNull()
    expect(states).toEqual(['sending', 'waiting', 'sending', 'failed'])
  })

  it('stops when it is paused and goes on when it is told', async () => {
    const { far, sending, states } = upload(6 << 20)
    const append = far.wire.append
    let pieces = 0
    far.wire.append = async (offset, piece) => {
      const answer = await append(offset, piece)
      pieces += 1
      if (pieces === 2) sending.pause()
      return answer
    }
    expect(await sending.run(0)).toBeNull()
    expect(states.at(-1)).toBe('paused')
    const { offset } = await far.wire.state()
    expect((await sending.run(offset))?.ready).toBe(true)
  })
})

it('pieces are halved on a slow line, within bounds', () => {
  expect(nextLength(1 << 20, 10)).toBe(1 << 19)
  expect(nextLength(1 << 20, 4)).toBe(1 << 20)
  expect(nextLength(1 << 20, null)).toBe(1 << 19)
  expect(nextLength(SMALLEST, null)).toBe(SMALLEST)
  expect(nextLength(LONGEST, 0.1)).toBe(LONGEST)
})
