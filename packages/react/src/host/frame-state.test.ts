import type { PluginRecord } from '@mortise/contract'
import { expect, test } from 'vitest'
import { frameState, reservedHeight } from './frame-state.ts'

const plugin = (part: Partial<PluginRecord>) =>
  ({ status: 'active', permissions: [], ...part }) as PluginRecord
const error = { code: 'REMOTE_TIMEOUT', name: 'Error', message: 'Too slow.', retryable: true }

test('a quarantined plugin is shown as such, whatever its mount says', () => {
  const record = plugin({ status: 'quarantined', lastError: error })
  expect(frameState(record, { status: 'running' })).toEqual({ type: 'quarantined', error, here: false })
})

test.each(['awaiting-approval', 'awaiting-configuration'] as const)('a plugin that is %s waits', (status) => {
  expect(frameState(plugin({ status }), { status: 'loading' })).toEqual({ type: 'awaiting' })
})

test('a failed mount carries its error', () => {
  expect(frameState(plugin({}), { status: 'failed', error })).toEqual({ type: 'failed', error })
})

test('a mount that this page stopped for good is quarantined here', () => {
  const stopped = { ...error, code: 'PLUGIN_QUARANTINED' }
  expect(frameState(plugin({}), { status: 'failed', error: stopped })).toEqual({
    type: 'quarantined',
    error: stopped,
    here: true,
  })
})

test('a frame that the browser does not confine is not one that failed', () => {
  const refused = { ...error, code: 'FRAME_UNCONFINED' }
  expect(frameState(plugin({}), { status: 'failed', error: refused })).toEqual({
    type: 'unconfined',
    error: refused,
  })
})

test('a widget that loads again says how often it was stopped', () => {
  expect(frameState(plugin({}), { status: 'loading', restarts: 2 })).toEqual({ type: 'loading', restarts: 2 })
  expect(frameState(plugin({}), { status: 'loading' })).toEqual({ type: 'loading' })
})

test('a running widget counts the permissions that were denied, not those still undecided', () => {
  const permissions = ['denied', 'granted', 'pending', 'denied'].map((decision, index) => ({
    name: `p${index}`,
    decision,
  })) as unknown as PluginRecord['permissions']
  expect(frameState(plugin({ permissions }), { status: 'running' })).toEqual({ type: 'running', denied: 2 })
})

test('a widget that runs in the version before says which and why', () => {
  const fallback = { version: '1.0.0', error }
  expect(frameState(plugin({}), { status: 'running', fallback })).toEqual({
    type: 'running',
    denied: 0,
    fallback,
  })
})

test('the declared height is reserved, and a default per surface without one', () => {
  expect(reservedHeight(300, 'frame')).toBe(300)
  expect(reservedHeight(undefined, 'frame')).toBeGreaterThan(reservedHeight(undefined, 'worker'))
})
