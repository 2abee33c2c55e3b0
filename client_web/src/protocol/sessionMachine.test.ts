import { describe, expect, it } from 'vitest'
import { DEADLINES, IllegalTransition, nextStep, type SessionEvent, type SessionState } from './sessionMachine'

const STATES: SessionState[] = ['idle', 'opening', 'live', 'shaky', 'restarting', 'away', 'waiting', 'stopped']
const EVENTS: SessionEvent[] = ['start', 'stop', 'connected', 'disconnected', 'silent', 'lost', 'failed', 'refused', 'unreachable', 'reachable', 'gone', 'reset', 'timeout']

describe('the session machine', () => {
  it('can be stopped from anywhere', () => {
    for (const state of STATES) expect(nextStep(state, 'stop').to).toBe('stopped')
  })

  it('takes every event in every state or says which it refuses', () => {
    for (const state of STATES) {
      for (const event of EVENTS) {
        if (event === 'start' && state !== 'idle' && state !== 'stopped') {
          expect(() => nextStep(state, event)).toThrow(IllegalTransition)
        } else {
          expect(STATES).toContain(nextStep(state, event).to)
        }
      }
    }
  })

  it('closes before it opens again', () => {
    for (const state of STATES) {
      for (const event of EVENTS.filter((e) => e !== 'start')) {
        const step = nextStep(state, event)
        if (step.do.includes('open') && state !== 'waiting') expect(step.do).toEqual(['close', 'open'])
      }
    }
  })

  it('is back from lost checks within 4 s even if the restart is not answered', () => {
    expect((DEADLINES.shaky ?? 0) + (DEADLINES.restarting ?? 0)).toBeLessThan(4000)
    expect(nextStep('shaky', 'timeout').do).toEqual(['restart'])
    expect(nextStep('restarting', 'timeout').do).toEqual(['close', 'open'])
  })

  it('ignores late news after it was stopped', () => {
    expect(nextStep('stopped', 'failed')).toEqual({ to: 'stopped', do: [] })
    expect(nextStep('stopped', 'reset')).toEqual({ to: 'stopped', do: [] })
  })
})
