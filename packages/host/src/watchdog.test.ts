import { expect, test } from 'vitest'
import { failure } from './probe-entry.ts'
import { Watchdog } from './watchdog.ts'

const quarantine = (strikes: number) => failure('PLUGIN_QUARANTINED', `${strikes} strikes`)

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
  expect(watchdog.strike('a', quarantine)).toBe(1)
  expect(watchdog.clearance('a')).toEqual({ waitMs: 0 })
  expect(watchdog.strike('a', quarantine)).toBe(2)
  pass(400)
  expect(watchdog.clearance('a')).toEqual({ waitMs: 600 })
  expect(watchdog.strike('a', quarantine)).toBeUndefined()
  pass(1e9)
  expect(watchdog.clearance('a')).toEqual({ error: quarantine(3) })
  expect(watchdog.clearance('b')).toEqual({ waitMs: 0 })
})

test('strikes are forgotten after a while, quarantine only by a person', () => {
  const { watchdog, pass } = watch()
  watchdog.strike('a', quarantine)
  pass(60_000)
  expect(watchdog.strikesOf('a')).toBe(0)
  expect(watchdog.strike('a', quarantine)).toBe(1)
  watchdog.quarantine('a', quarantine(9))
  pass(1e9)
  expect(watchdog.isQuarantined('a')).toBe(true)
  watchdog.forgive('a')
  expect(watchdog.clearance('a')).toEqual({ waitMs: 0 })
})
