import type { ContactRecord, Decision, HostState } from '@mortise/contract'
import { expect, test } from 'vitest'
import { unusedHosts } from './unused-hosts.ts'

const host = (name: string, decision: Decision = 'granted'): HostState => ({
  host: name,
  origin: 'manifest',
  decision,
})
const contact = (name: string, reached: number): ContactRecord => ({
  host: name,
  side: 'page',
  reached,
  refused: 1,
  sentBytes: 0,
  receivedBytes: 0,
  firstAt: '',
  lastAt: '',
})

test.each([
  ['api.example.com', 'api.example.com', 1, []],
  ['api.example.com', 'api.example.com', 0, ['api.example.com']],
  ['api.example.com', 'api.example.com:8443', 1, []],
  ['api.example.com:8443', 'api.example.com', 1, ['api.example.com:8443']],
  ['*.example.com', 'eu.example.com', 1, []],
  ['*.example.com', 'example.com', 1, ['*.example.com']],
  ['*.example.com', 'evilexample.com', 1, ['*.example.com']],
  ['*', 'anything.example', 1, []],
] as const)('%s beside contacts to %s', (granted, contacted, reached, unused) => {
  expect(unusedHosts([host(granted)], [contact(contacted, reached)])).toEqual(unused)
})

test('a host that was denied is not missed', () => {
  expect(unusedHosts([host('api.example.com', 'denied'), host('b.example', 'pending')], [])).toEqual([])
})
