import { defineDomain, eventPermissions, s } from '@mortise/contract'
import { expect, it } from 'vitest'
import { manifest, readFeed, startServer, type TestServer } from './harness.ts'

const stock = defineDomain({
  name: 'stock',
  version: '1.0.0',
  permissions: {
    ...eventPermissions,
    'read:stock': { risk: 'low', sentence: 'See what is in stock' },
    'send:backups': { risk: 'low', sentence: 'Report backups' },
  },
  resources: {},
  events: {
    'stock.counted': {
      summary: 'Somebody counted.',
      permission: 'read:stock',
      version: 3,
      data: s.object({ item: s.string(), count: s.pipe(s.number(), s.integer(), s.minValue(0)) }),
    },
  },
  customEvents: { 'backup.*': { summary: 'A backup made progress.', permission: 'send:backups' } },
  slots: {},
})

const counted = (data: unknown) => ({ event_type: 'stock.counted', data })
const types = async (host: TestServer): Promise<string[]> =>
  (await host.api('GET', '/events?limit=1000')).body.events.map(
    ({ event }: { event: { event_type: string } }) => event.event_type,
  )

it('refuses a payload that does not fit its type, with pointers into the event, and logs nothing', async () => {
  await using host = await startServer({ domains: [stock] })
  const wrong: readonly (readonly [data: unknown, pointer: string])[] = [
    [undefined, '/data'],
    [null, '/data'],
    ['text', '/data'],
    [[], '/data/item'],
    [{ item: 'nail' }, '/data/count'],
    [{ item: 7, count: 1 }, '/data/item'],
    [{ item: 'nail', count: -1 }, '/data/count'],
    [{ item: 'nail', count: 1.5 }, '/data/count'],
    [{ item: 'nail', count: '1' }, '/data/count'],
    [{ __proto__: null, item: { toString: 'x' }, count: 1 }, '/data/item'],
  ]
  for (const [data, pointer] of wrong) {
    const { status, body } = await host.api('POST', '/events', counted(data))
    expect(status, JSON.stringify(data)).toBe(400)
    expect(body.code).toBe('INPUT_INVALID')
    expect(body.issues.map((issue: { pointer: string }) => issue.pointer)).toContain(pointer)
  }
  const hidden = '{"event_type":"stock.counted","data":{"__proto__":{"item":"nail","count":1}}}'
  expect((await host.api('POST', '/events', hidden)).status).toBe(400)
  await expect(host.server.publish(counted({}))).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  expect(await types(host)).toEqual([])
})

it('takes a payload that fits, and keeps only what its schema knows', async () => {
  await using host = await startServer({ domains: [stock] })
  using feed = readFeed(host.url)
  await feed.find(({ type }) => type === 'hello')
  const sent = await host.api('POST', '/events', counted({ item: 'nail', count: 3, secret: 'x' }))
  expect(sent.status).toBe(202)
  const frame = await feed.find(({ type }) => type === 'event')
  expect(frame).toMatchObject({ event: { event_type: 'stock.counted' } })
  expect(frame.type === 'event' && frame.event.data).toEqual({ item: 'nail', count: 3 })
})

it('lists the registry with version and schema of each type', async () => {
  await using host = await startServer({ domains: [stock] })
  const { body } = await host.api('GET', '/events/types')
  const of = (type: string) => body.types.find((one: { type: string }) => one.type === type)
  expect(of('stock.counted')).toMatchObject({
    version: 3,
    domain: 'stock',
    permission: 'read:stock',
    data: { type: 'object', required: ['item', 'count'] },
  })
  expect(of('backup.*')).toMatchObject({ version: null, permission: 'send:backups', data: null })
  expect(of('session.created')).toMatchObject({ domain: 'streamspace', version: 1 })
})

it('lets nobody but a plugin send events in its name', async () => {
  await using host = await startServer({ domains: [stock] })
  const forged = await host.api('POST', '/events', { event_type: 'plugin.greeter.greeted', data: {} })
  expect(forged).toMatchObject({
    status: 400,
    body: { code: 'INPUT_INVALID', issues: [{ pointer: '/event_type' }] },
  })
  await expect(host.server.publish({ event_type: 'plugin.greeter.greeted' })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
  })
  const source = `module.exports = {
    async onSessionCreated() {
      for (const type of ['plugin.other.greeted', 'stock.counted', 'session.deleted', 'backup', '*', 'backup.*'])
        await streamspace.events.emit(type, { item: 'nail', count: 1 }).catch((error) => console.log(error.message))
    },
  }`
  const permissions = ['read:sessions', 'emit:events', 'send:backups']
  await host.add({ 'manifest.json': manifest({ name: 'forger', permissions }), 'plugin.js': source })
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await host.delivery('forger', 'done')
  const sent = (await types(host)).filter((type) => !/^plugin\.[a-z]+$/.test(type))
  expect(sent.reverse()).toEqual([
    'session.created',
    'plugin.forger.plugin.other.greeted',
    'plugin.forger.stock.counted',
    'plugin.forger.session.deleted',
    'plugin.forger.backup',
  ])
})

it('sends custom events of the domain under their name, to those who may, from those who may', async () => {
  await using host = await startServer({ domains: [stock] })
  const sender = `module.exports = {
    onSessionCreated: () => streamspace.events.emit('backup.done', { size: 3 }),
  }`
  const listener = `module.exports = { on: { 'backup.*': (event) => console.log('heard') } }`
  const add = (name: string, permissions: string[], source: string) =>
    host.add({ 'manifest.json': manifest({ name, permissions }), 'plugin.js': source })
  await add('listener', ['emit:events', 'send:backups'], listener)
  await add('deaf', ['emit:events'], listener)
  await add('silent', ['read:sessions', 'emit:events'], sender)
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  expect((await host.delivery('silent', 'dead')).lastError?.message).toContain('send:backups')
  expect(await types(host)).not.toContain('backup.done')
  await add('sender', ['read:sessions', 'emit:events', 'send:backups'], sender)
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  expect(await host.delivery('listener', 'done')).toMatchObject({ eventType: 'backup.done' })
  expect((await host.api('GET', '/plugins/deaf/deliveries')).body.deliveries).toEqual([])
})

it('refuses a domain whose custom events could be taken for others', () => {
  const make = (pattern: string) => () =>
    defineDomain({ ...stock, customEvents: { [pattern]: { summary: 'x', permission: null } } })
  for (const pattern of ['*', 'plugin.*', 'backup', 'Backup.*', 'backup*'])
    expect(make(pattern)).toThrow('custom events')
})
