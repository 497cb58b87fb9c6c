import type { ErrorRecord, PluginRecord } from '@mortise/contract'
import { expect, test } from 'vitest'
import { LoadAttempts } from './load-attempts.ts'

const error = (retryable: boolean): ErrorRecord => ({ code: 'X', name: 'Error', message: 'x', retryable })
const ui = (part: object = {}) => ({ surface: 'worker', entryUrl: '/new', ...part })
const record = (version: string, previous?: object) =>
  ({
    id: 'p',
    version,
    permissions: [{ name: 'read:a' }, { name: 'write:a' }],
    ui: ui(previous && { previous: { ...ui({ entryUrl: '/old' }), ...previous } }),
  }) as unknown as PluginRecord
const old = { version: '1.0.0', permissions: ['read:a'] }

test('the network gets as many chances as there are delays, code that is wrong gets none', () => {
  let now = 0
  const attempts = new LoadAttempts({ retries: [500, 2000], clock: () => now })
  const plugin = record('1.1.0')
  expect(attempts.failed(plugin, attempts.roundOf(plugin), error(true))).toBe('retry')
  expect(attempts.waitMs('p')).toBe(500)
  now = 500
  expect(attempts.waitMs('p')).toBe(0)
  expect(attempts.failed(plugin, attempts.roundOf(plugin), error(true))).toBe('retry')
  expect(attempts.waitMs('p')).toBe(2000)
  expect(attempts.failed(plugin, attempts.roundOf(plugin), error(true))).toBeUndefined()
  expect(new LoadAttempts({ retries: [1] }).failed(plugin, 0, error(false))).toBeUndefined()
})

test('frames that fail together fail once', () => {
  const attempts = new LoadAttempts({ retries: [500, 2000] })
  const plugin = record('1.1.0')
  const round = attempts.roundOf(plugin)
  for (let frame = 0; frame < 5; frame++) expect(attempts.failed(plugin, round, error(true))).toBe('retry')
  expect(attempts.waitMs('p')).toBeLessThanOrEqual(500)
})

test('falls back to the version before, with no more than that asked for', () => {
  const attempts = new LoadAttempts({ retries: [] })
  const plugin = record('1.1.0', old)
  expect(attempts.running(plugin)).toBe(plugin)
  expect(attempts.failed(plugin, 0, error(true))).toBe('fallback')
  expect(attempts.fallbackOf(plugin)).toEqual({ version: '1.0.0', error: error(true) })
  expect(attempts.running(plugin)).toMatchObject({
    id: 'p',
    version: '1.0.0',
    ui: { entryUrl: '/old' },
    permissions: [{ name: 'read:a' }],
  })
  expect(attempts.failed(plugin, attempts.roundOf(plugin), error(false))).toBeUndefined()
})

test('the next version, and a person who asks for it, start with the installed one', () => {
  const attempts = new LoadAttempts({ retries: [] })
  attempts.failed(record('1.1.0', old), 0, error(false))
  const next = record('1.2.0', { ...old, version: '1.1.0' })
  expect(attempts.running(next)).toBe(next)
  attempts.failed(next, attempts.roundOf(next), error(false))
  expect(attempts.running(next).version).toBe('1.1.0')
  attempts.forget('p')
  expect(attempts.running(next)).toBe(next)
})

test('a version that draws elsewhere is no stand-in', () => {
  const attempts = new LoadAttempts({ retries: [] })
  expect(attempts.failed(record('1.1.0', { ...old, surface: 'frame' }), 0, error(false))).toBeUndefined()
})
