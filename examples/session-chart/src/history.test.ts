import type { Session } from '@mortise/domains/streamspace'
import { expect, test } from 'vitest'
import { countAt, extendHistory, rangeOf } from './history.ts'

const at = (clock: string) => Date.parse(`2026-01-01T${clock}:00Z`)

function session(id: string, state: Session['state'], created: string, updated: string): Session {
  return {
    id,
    name: id,
    user: 'ada',
    template: 'firefox',
    state,
    resources: { memory: '2Gi', cpu: '500m' },
    persistentHome: true,
    idleTimeout: '30m',
    createdAt: new Date(at(created)).toISOString(),
    updatedAt: new Date(at(updated)).toISOString(),
  }
}

test('a session seen for the first time ran from its creation until its last change', () => {
  const history = extendHistory(new Map(), [session('a', 'hibernated', '08:00', '10:00')])
  expect(countAt(history, at('07:59'))).toEqual({ running: 0, hibernated: 0 })
  expect(countAt(history, at('09:00'))).toEqual({ running: 1, hibernated: 0 })
  expect(countAt(history, at('10:00'))).toEqual({ running: 0, hibernated: 1 })
})

test('later readings add to what is known and never rewrite it', () => {
  let history = extendHistory(new Map(), [session('a', 'hibernated', '08:00', '10:00')])
  history = extendHistory(history, [session('a', 'running', '08:00', '11:00')])
  history = extendHistory(history, [session('a', 'terminated', '08:00', '12:00')])
  expect(countAt(history, at('10:30'))).toEqual({ running: 0, hibernated: 1 })
  expect(countAt(history, at('11:30'))).toEqual({ running: 1, hibernated: 0 })
  expect(countAt(history, at('12:30'))).toEqual({ running: 0, hibernated: 0 })
})

test('the range is the shortest that shows every session still there', () => {
  const history = extendHistory(new Map(), [session('a', 'running', '08:00', '08:00')])
  expect(rangeOf(history, at('08:30')).label).toBe('1 hour')
  expect(rangeOf(history, at('13:00')).label).toBe('6 hours')
  const ended = extendHistory(history, [session('b', 'terminated', '00:00', '01:00')])
  expect(rangeOf(ended, at('08:30')).label).toBe('1 hour')
  expect(rangeOf(new Map(), at('08:00')).label).toBe('1 hour')
  expect(rangeOf(history, at('08:00') + 400 * 86_400_000).label).toBe('30 days')
})
