import { describe, expect, it } from 'vitest'
import { shownHeight, WishBook, type Wish } from './wishes'

const wish = (height: number, choice: Wish['choice'] = 'auto', source = 'teacher'): Wish => ({ source, height, choice })

describe('the height of a shown picture', () => {
  it('is that of the picture in its box, in device pixels', () => {
    expect(shownHeight({ width: 1280, height: 720 }, { width: 640, height: 360 }, 'contain', 1)).toBe(720)
    expect(shownHeight({ width: 640, height: 720 }, { width: 640, height: 360 }, 'contain', 1)).toBe(360)
    expect(shownHeight({ width: 320, height: 180 }, null, 'contain', 2)).toBe(360)
    expect(shownHeight({ width: 320, height: 100 }, null, 'cover', 1)).toBe(180)
  })

  it('moves in steps, and is 0 only when nothing is shown', () => {
    expect(shownHeight({ width: 1000, height: 181 }, null, 'contain', 1)).toBe(210)
    expect(shownHeight({ width: 1000, height: 3 }, null, 'contain', 1)).toBe(30)
    expect(shownHeight({ width: 0, height: 0 }, null, 'contain', 1)).toBe(0)
  })
})

describe('the wishes of a page', () => {
  it('are said once they have settled, and only when they changed', () => {
    const book = new WishBook()
    book.set(wish(360), 0)
    book.set(wish(720), 100)
    expect(book.due(300)).toEqual([])
    expect(book.nextAt).toBe(400)
    expect(book.due(400)).toEqual([wish(720)])
    book.set(wish(720), 2000)
    expect(book.due(9000)).toEqual([])
    expect(book.nextAt).toBeNull()
  })

  it('are not said when a change was taken back', () => {
    const book = new WishBook()
    book.set(wish(720), 0)
    book.due(300)
    book.set(wish(0), 1000)
    book.set(wish(720), 2000)
    expect(book.due(20_000)).toEqual([])
  })

  it('let a picture out of sight for a while before it is given up, but obey a choice at once', () => {
    const book = new WishBook()
    book.set(wish(720), 0)
    book.due(300)
    book.set(wish(0), 1000)
    expect(book.due(2000)).toEqual([])
    expect(book.due(5000)).toEqual([wish(0)])
    book.set(wish(0, 'sound'), 10_000)
    expect(book.due(10_300)).toEqual([wish(0, 'sound')])
  })

  it('are said again when the server has forgotten them', () => {
    const book = new WishBook()
    book.set(wish(720), 0)
    book.set(wish(180, 'low', 'screen'), 0)
    book.due(300)
    book.again(2000, 'screen')
    expect(book.due(2000)).toEqual([wish(180, 'low', 'screen')])
    book.again(4000)
    expect(book.due(4000)).toHaveLength(2)
    book.forget('teacher')
    book.again(6000)
    expect(book.due(6000)).toEqual([wish(180, 'low', 'screen')])
  })

  it('come a few at a time, so that the room does not mind', () => {
    const book = new WishBook()
    for (let n = 0; n < 20; n += 1) book.set(wish(180, 'auto', `classroom-${n}`), 0)
    const said: number[] = []
    for (let now = 0; book.nextAt !== null; now = book.nextAt ?? now) said.push(book.due(now).length)
    expect(said.filter((count) => count > 0)).toEqual([8, 8, 4])
  })
})
