import { type ContactNews, type NamedMethod, s } from '@mortise/contract'
import { expect, test } from 'vitest'
import type { FlightLog } from './flight-log.ts'
import { FlightRecorder } from './flight-recorder.ts'
import { verifyFlightLog } from './verify-flight-log.ts'

const method = (name: string, permission: string | null): [string, NamedMethod] => [
  name,
  { name, permission, summary: '', effect: 'read', params: [], args: s.tuple([]), output: s.void() },
]
const methods = new Map([
  method('notes.list', 'read:notes'),
  method('notes.add', 'write:notes'),
  method('a.pong', null),
])

function recorder(capacity?: number) {
  return new FlightRecorder({ methods, ignore: new Set(['a.pong']), ...(capacity && { capacity }) })
}

test('each call is kept with who, what, how much, how long and how it ended', () => {
  const flight = recorder()
  const one = flight.observe('one')
  flight.observe('two')('notes.add', 7, 20, 2, 'PERMISSION_DENIED')
  one('notes.list', 100, 10, 1.5, 'OK')
  one('a.pong', 8, 10, 1, 'OK')
  one('made.up', 5, 30, 0.25, 'METHOD_UNKNOWN')
  const [denied] = flight.records('two')
  expect(denied).toEqual({
    at: performance.timeOrigin + 20,
    plugin: 'two',
    method: 'notes.add',
    permission: 'write:notes',
    bytes: 7,
    durationMs: 2,
    outcome: 'PERMISSION_DENIED',
  })
  expect(flight.records('one').map(({ method, outcome }) => [method, outcome])).toEqual([
    ['notes.list', 'OK'],
    ['', 'METHOD_UNKNOWN'],
  ])
  expect(flight.records()).toHaveLength(3)
})

test('usage names the permissions that were never needed, and outlives the calls themselves', () => {
  const flight = recorder(600)
  const call = flight.observe('one')
  for (let count = 1; count <= 2000; count++) call('notes.list', 10, count, count <= 1900 ? 4 : 100, 'OK')
  call('notes.add', 10, 1, 1, 'PERMISSION_DENIED')
  flight.use('one', 'read:events')
  const usage = flight.usage('one', ['read:notes', 'write:notes', 'read:events'])
  expect(flight.records().length).toBeLessThanOrEqual(600)
  expect(usage).toMatchObject({ calls: 2001, bytes: 20_010, errors: 1 })
  expect(usage.used).toEqual(['read:notes', 'read:events'])
  expect(usage.unused).toEqual(['write:notes'])
  expect(usage.methods[0]).toMatchObject({ method: 'notes.list', calls: 2000, errors: {} })
  expect(usage.methods[0]!.p50).toBeGreaterThan(3.6)
  expect(usage.methods[0]!.p95).toBeLessThan(4.4)
  expect(usage.methods[1]).toMatchObject({ errors: { PERMISSION_DENIED: 1 } })
  expect(flight.usage('nobody', ['x'])).toEqual({
    calls: 0,
    bytes: 0,
    errors: 0,
    methods: [],
    hosts: [],
    used: [],
    unused: ['x'],
  })
})

const contacts: ContactNews = {
  plugin: 'one',
  host: 'api.example.com',
  side: 'server',
  reached: 3,
  refused: 2,
  sentBytes: 100,
  receivedBytes: 900,
  lastAt: '2026-01-02T03:04:05.678Z',
}

test('contacts stand among the calls, are summed up by host, and count as no call', () => {
  const flight = recorder()
  flight.observe('one')('notes.list', 10, 1, 1, 'OK')
  flight.noteContacts([contacts, { ...contacts, side: 'page', reached: 0, refused: 1 }])
  flight.noteContacts([{ ...contacts, refused: 0, lastAt: '2026-01-02T03:04:06.678Z' }])
  const { host } = contacts
  const entry = { plugin: 'one', method: '', permission: null, durationMs: 0 }
  const at = Date.parse(contacts.lastAt)
  expect(flight.records('one').slice(1)).toEqual([
    { ...entry, at, bytes: 1000, outcome: 'OK', contact: { host, side: 'server', times: 3 } },
    { ...entry, at, bytes: 0, outcome: 'FETCH_HOST_DENIED', contact: { host, side: 'server', times: 2 } },
    { ...entry, at, bytes: 0, outcome: 'FETCH_HOST_DENIED', contact: { host, side: 'page', times: 1 } },
    { ...entry, at: at + 1000, bytes: 1000, outcome: 'OK', contact: { host, side: 'server', times: 3 } },
  ])
  expect(flight.latest('one', 2)).toEqual(flight.records('one').slice(-2).reverse())
  const usage = flight.usage('one', [])
  expect(usage).toMatchObject({ calls: 1, errors: 0, methods: [{ method: 'notes.list' }] })
  expect(usage.hosts).toEqual([
    { host, side: 'server', reached: 6, refused: 2, bytes: 2000, lastAt: at + 1000 },
    { host, side: 'page', reached: 0, refused: 1, bytes: 0, lastAt: at },
  ])
})

async function filled() {
  const flight = recorder(2000)
  const call = flight.observe('one')
  for (let count = 0; count < 4000; count++)
    call(count % 7 ? 'notes.list' : 'notes.add', count, count, 1, 'OK')
  flight.noteContacts([contacts])
  return { flight, log: await flight.export() }
}

test('an untouched log is whole, also after its oldest calls were dropped', async () => {
  const { flight, log } = await filled()
  expect(log.blocks[0]!.first).toBeGreaterThan(0)
  expect(log.anchor).not.toBe('0'.repeat(64))
  expect(await flight.verify()).toEqual({ ok: true, records: flight.records().length, head: log.head })
  expect(await verifyFlightLog(JSON.parse(JSON.stringify(log)) as FlightLog)).toMatchObject({ ok: true })
  flight.observe('one')('notes.list', 1, 1, 1, 'OK')
  expect(await flight.verify(log.head)).toMatchObject({ ok: true })
  expect(await flight.verify('f'.repeat(64))).toMatchObject({ ok: false })
})

type Open<T> = { -readonly [K in keyof T]: T[K] extends object | undefined ? Open<T[K]> : T[K] }

const tampers: Readonly<Record<string, (log: Open<FlightLog>) => void>> = {
  'a changed outcome': ({ blocks }) => {
    blocks[1]!.records[3]!.outcome = 'PERMISSION_DENIED'
  },
  'a changed permission': ({ blocks }) => {
    blocks[1]!.records[3]!.permission = null
  },
  'a changed plugin in every call of a block': ({ blocks }) => {
    for (const record of blocks[1]!.records) record.plugin = 'two'
  },
  'a changed size': ({ blocks }) => {
    blocks[0]!.records[0]!.bytes++
  },
  'a changed host': ({ blocks }) => {
    blocks.at(-1)!.records.at(-1)!.contact!.host = 'other.example.com'
  },
  'fewer contacts of a host': ({ blocks }) => {
    blocks.at(-1)!.records.at(-1)!.contact!.times--
  },
  'a contact that turned into a call': ({ blocks }) => {
    delete (blocks.at(-1)!.records.at(-1) as { contact?: unknown }).contact
  },
  'a contact left out': ({ blocks }) => {
    blocks.at(-1)!.records.pop()
  },
  'two calls swapped': ({ blocks }) => {
    blocks[0]!.records.reverse()
  },
  'a call left out': ({ blocks }) => {
    blocks[0]!.records.pop()
  },
  'a block left out': ({ blocks }) => {
    blocks.splice(1, 1)
  },
  'the newest block left out': ({ blocks }) => {
    blocks.pop()
  },
  'another anchor': (log) => {
    log.anchor = '0'.repeat(64)
  },
}

test.each(Object.entries(tampers))('%s is found', async (_, tamper) => {
  const { log } = await filled()
  const copy = structuredClone(log) as Open<FlightLog>
  tamper(copy)
  expect(await verifyFlightLog(copy)).toMatchObject({ ok: false })
})

test('a log rewritten from some call on, digests and all, does not contain the digest noted before', async () => {
  const { log } = await filled()
  const other = recorder(2000)
  const call = other.observe('one')
  for (let count = 0; count < 4000; count++) call('notes.list', count, count, 1, 'OK')
  expect(await verifyFlightLog(await other.export(), log.head)).toMatchObject({ ok: false })
})
