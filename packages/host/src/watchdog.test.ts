import { expect, test } from 'vitest'
import { failure } from './probe-entry.ts'
import { Watchdog } from './watchdog.ts'

const quarantine = (times: number) => failure('PLUGIN_QUARANTINED', `${times} times`)

function watch() {
  let now = 0
  const watchdog = new Watchdog({ restarts: [0, 1000], forgetMs: 60_000, clock: () => now })
  const pass = (ms: number) => {
    now += ms
  }
  return { watchdog, pass }
}

test('each strike makes the next start wait longer, and one too many ends in quarantine', () => {
  const { watchdog, pass } = watch()
  expect(watchdog.clearance('a')).toEqual({ waitMs: 0 })
  expect(watchdog.strike('a', 1, quarantine)).toBe(true)
  expect(watchdog.clearance('a')).toEqual({ waitMs: 0 })
  expect(watchdog.strike('a', 1, quarantine)).toBe(true)
  pass(400)
  expect(watchdog.clearance('a')).toEqual({ waitMs: 600 })
  expect(watchdog.strike('a', 1, quarantine)).toBe(false)
  pass(1e9)
  expect(watchdog.clearance('a')).toEqual({ error: quarantine(3) })
  expect(watchdog.clearance('b')).toEqual({ waitMs: 0 })
})

test('strikes are forgotten after a while, quarantine only by a person', () => {
  const { watchdog, pass } = watch()
  watchdog.strike('a', 1, quarantine)
  pass(60_000)
  expect(watchdog.strikesOf('a')).toBe(0)
  expect(watchdog.strike('a', 1, quarantine)).toBe(true)
  watchdog.quarantine('a', quarantine(9))
  pass(1e9)
  expect(watchdog.isQuarantined('a')).toBe(true)
  watchdog.forgive('a')
  expect(watchdog.clearance('a')).toEqual({ waitMs: 0 })
})

test('an offense may count more than one strike', () => {
  const { watchdog } = watch()
  expect(watchdog.strike('a', 2, quarantine)).toBe(true)
  expect(watchdog.clearance('a')).toEqual({ waitMs: 1000 })
  expect([watchdog.strikesOf('a'), watchdog.timesOf('a')]).toEqual([2, 1])
  expect(watchdog.strike('a', 2, quarantine)).toBe(false)
  expect(watchdog.clearance('a')).toEqual({ error: quarantine(2) })
})
