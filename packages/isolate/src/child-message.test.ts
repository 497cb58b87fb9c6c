import { expect, it } from 'vitest'
import { readChildMessage } from './child-message.ts'

it.each([
  { type: 'ready' },
  { type: 'answered', key: 1, id: 2, outcome: 'ok', payload: undefined },
  { type: 'answered', key: 1, id: 2, outcome: 'late', payload: undefined },
  { type: 'request', key: 1, id: -2, kind: 'fetch', payload: '{}', bytes: new Uint8Array(2) },
  { type: 'ended', key: 1, end: { code: 'PLUGIN_MEMORY', message: 'x', strike: true } },
])('reads %o', (message) => {
  expect(readChildMessage(message)).toEqual(message)
})

it.each([
  null,
  undefined,
  'ready',
  [],
  {},
  { type: 'constructor' },
  { type: 'answered', key: '1', id: 2, outcome: 'ok' },
  { type: 'answered', key: 1, id: 2, outcome: 'PLUGIN_TIMEOUT' },
  { type: 'answered', key: 1, id: 2, outcome: 'ok', payload: { toString: 'x' } },
  { type: 'request', key: 1, id: 2, kind: 'spawn', payload: '{}' },
  { type: 'request', key: 1, id: 2, kind: 'fetch', payload: '{}', bytes: 'text' },
  { type: 'ended', key: 1, end: { code: 'INTERNAL', message: 'x', strike: true } },
  { type: 'ended', key: 1, end: null },
  { type: 'log', key: Number.NaN, payload: '' },
  { type: 'ready', extra: 1 },
])('refuses %o', (message) => {
  expect(readChildMessage(message)).toBeUndefined()
})
