// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { useShortcuts } from './useShortcuts'

describe('useShortcuts', () => {
  const act = vi.fn()
  let scope: EffectScope

  beforeEach(() => {
    act.mockClear()
    scope = effectScope()
    scope.run(() => useShortcuts({ ' ': act, ArrowLeft: act, m: act }))
  })
  afterEach(() => {
    scope.stop()
    document.body.replaceChildren()
  })

  function press(key: string, on: HTMLElement = document.body): void {
    on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  }

  function put(html: string): HTMLElement {
    document.body.innerHTML = html
    return document.body.firstElementChild as HTMLElement
  }

  it('acts on its keys and on no other, in either case', () => {
    press('M')
    press(' ')
    press('x')
    expect(act).toHaveBeenCalledTimes(2)
  })

  it('is silent where somebody types and where the key presses a button', () => {
    press('m', put('<input type="text">'))
    press(' ', put('<button>x</button>'))
    expect(act).not.toHaveBeenCalled()
  })

  it('leaves a slider its arrows and takes the rest', () => {
    const slider = put('<input type="range">')
    press('ArrowLeft', slider)
    expect(act).not.toHaveBeenCalled()
    press(' ', slider)
    expect(act).toHaveBeenCalledTimes(1)
  })
})
