import type { DeliveryPage, DeliveryRecord } from '@mortise/contract'
import { expect, it } from 'vitest'
import { manifest, openReceiver, startServer, type TestServer } from './harness.ts'

const configSchema = { type: 'object', properties: { hookUrl: { type: 'string' } }, required: ['hookUrl'] }

/** Posts id and template of every session to its receiver, and fails with the answer. */
const teller = `
  module.exports = {
    onLoad({ api, config }) {
      api.webhooks.on('session.created', async ({ id, data }) => {
        const body = JSON.stringify({ id, template: data.session.template })
        const { ok } = await fetch(config.get('hookUrl'), { method: 'POST', body })
        if (!ok) throw new Error('refused')
      })
    },
  }`

async function addTeller(host: TestServer, receiver: { url: string; host: string }, changes = {}) {
  const files = { 'manifest.json': manifest({ configSchema, ...changes }), 'plugin.js': teller }
  await host.add(files, { config: { hookUrl: receiver.url }, hosts: [receiver.host] })
}

const create = (host: TestServer, template: string) => host.call('sessions.create', { user: 'ada', template })

async function page(host: TestServer, query = ''): Promise<DeliveryPage> {
  return (await host.api('GET', `/plugins/probe/deliveries${query}`)).body
}

/** Waits until nothing of the plugin waits any more. */
async function settled(host: TestServer): Promise<readonly DeliveryRecord[]> {
  for (;;) {
    const { deliveries, waiting } = await page(host)
    if (waiting === 0) return deliveries
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const bodies = (requests: readonly { body: string }[]) =>
  requests.map(({ body }) => JSON.parse(body) as { id: string; template: string })

it('replays one delivery that was given up, under the same event id', async () => {
  await using receiver = await openReceiver((index) => (index < 2 ? 500 : 200))
  await using host = await startServer({ allowPrivateHosts: [receiver.host] })
  await addTeller(host, receiver)
  await create(host, 'first')
  await create(host, 'second')
  const [, first] = await settled(host)
  expect(await page(host, '?state=dead')).toMatchObject({ dead: 2, waiting: 0 })
  const replayed = await host.api('POST', `/plugins/probe/deliveries/${first?.id}/replay`)
  expect(replayed).toMatchObject({ status: 202, body: { replayed: 1 } })
  const after = await settled(host)
  expect(after).toMatchObject([
    { state: 'dead', attempts: 1 },
    { id: first?.id, state: 'done', attempts: 1, lastError: null },
  ])
  const [one, two, again] = bodies(receiver.requests)
  expect(again).toEqual([one, two].find(({ id } = { id: '', template: '' }) => id === first?.eventId))
})

it('replays everything that was given up, each once', async () => {
  await using receiver = await openReceiver((index) => (index < 3 ? 500 : 200))
  await using host = await startServer({ allowPrivateHosts: [receiver.host] })
  await addTeller(host, receiver)
  for (const template of ['a', 'b', 'c', 'd']) {
    await create(host, template)
    await settled(host)
  }
  const replayed = await host.api('POST', '/plugins/probe/deliveries/replay', { state: 'dead' })
  expect(replayed.body).toEqual({ replayed: 3 })
  expect((await settled(host)).map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done'])
  const templates = bodies(receiver.requests).map(({ template }) => template)
  expect(templates.slice(0, 4)).toEqual(['a', 'b', 'c', 'd'])
  expect(templates.slice(4).sort()).toEqual(['a', 'b', 'c'])
  const nothing = await host.api('POST', '/plugins/probe/deliveries/replay', { state: 'dead' })
  expect(nothing.body).toEqual({ replayed: 0 })
})

it('replays a range of the log and all since, also from before the plugin was there, in the order of the log', async () => {
  await using receiver = await openReceiver()
  await using host = await startServer({ allowPrivateHosts: [receiver.host] })
  for (const template of ['a', 'b', 'c', 'd']) await create(host, template)
  const { events } = (await host.api('GET', '/events')).body
  const [d, c, b, a] = events as { cursor: string; event: { event_id: string } }[]
  await addTeller(host, receiver, { deliveries: { orderBy: '*' } })

  const range = await host.api('POST', '/plugins/probe/deliveries/replay', { from: b?.cursor, to: c?.cursor })
  expect(range.body).toEqual({ replayed: 2, from: b?.cursor, to: c?.cursor })
  await settled(host)
  expect(bodies(receiver.requests).map(({ template }) => template)).toEqual(['b', 'c'])

  const since = await host.api('POST', '/plugins/probe/deliveries/replay', { from: a?.cursor })
  expect(since.body).toMatchObject({ replayed: 4, from: a?.cursor })
  const deliveries = await settled(host)
  const told = bodies(receiver.requests).slice(2)
  expect(told.map(({ template }) => template)).toEqual(['a', 'b', 'c', 'd'])
  expect(told.map(({ id }) => id)).toEqual([a, b, c, d].map((one) => one?.event.event_id))
  // One row for each event, however often it was replayed.
  expect(deliveries).toHaveLength(4)
})

it('replays nothing that the plugin does not listen to or may not see', async () => {
  await using host = await startServer()
  await create(host, 'a')
  const source = 'module.exports = { onSessionCreated() {} }'
  await host.add({ 'manifest.json': manifest(), 'plugin.js': source })
  await host.api('PUT', '/plugins/probe/grants', { permissions: { 'read:sessions': false } })
  expect((await host.api('POST', '/plugins/probe/deliveries/replay', { from: '0' })).body.replayed).toBe(0)
  await host.api('PUT', '/plugins/probe/grants', { permissions: { 'read:sessions': true } })
  expect((await host.api('POST', '/plugins/probe/deliveries/replay', { from: '0' })).body.replayed).toBe(1)
})

it('keeps a replay for a plugin that is disabled, and leaves what waits as it is', async () => {
  await using host = await startServer()
  const source = 'module.exports = { onSessionCreated() {} }'
  await host.add({ 'manifest.json': manifest(), 'plugin.js': source })
  await create(host, 'a')
  await settled(host)
  await host.api('POST', '/plugins/probe/disable')
  const replay = () => host.api('POST', '/plugins/probe/deliveries/replay', { from: '0' })
  expect((await replay()).body.replayed).toBe(1)
  expect((await replay()).body.replayed).toBe(0)
  expect(await page(host, '?state=pending')).toMatchObject({ waiting: 1, deliveries: [{ state: 'pending' }] })
  await host.api('POST', '/plugins/probe/enable')
  expect(await settled(host)).toMatchObject([{ state: 'done' }])
})

it('pages through deliveries and refuses what it does not know', async () => {
  await using host = await startServer()
  const source = 'module.exports = { onSessionCreated() {} }'
  await host.add({ 'manifest.json': manifest(), 'plugin.js': source })
  for (const template of ['a', 'b', 'c']) await create(host, template)
  const all = await settled(host)
  const first = await page(host, '?limit=2')
  expect(first.deliveries).toEqual(all.slice(0, 2))
  const second = await page(host, `?limit=2&before=${first.next}`)
  expect(second).toMatchObject({ deliveries: all.slice(2), next: null })
  for (const query of ['?state=lost', '?limit=0', '?before=x']) {
    const { status, body } = await host.api('GET', `/plugins/probe/deliveries${query}`)
    expect(status).toBe(400)
    expect(body).toMatchObject({
      code: 'INPUT_INVALID',
      issues: [{ pointer: `/${query.slice(1).split('=')[0]}` }],
    })
  }
  for (const body of [{}, { ids: [] }, { state: 'done' }, { from: 'x' }, { from: '1', state: 'dead' }]) {
    const answer = await host.api('POST', '/plugins/probe/deliveries/replay', body)
    expect(answer.body.code, JSON.stringify(body)).toBe('INPUT_INVALID')
  }
  expect((await host.api('POST', '/plugins/probe/deliveries/999/replay')).body.code).toBe('NOT_FOUND')
  expect((await host.api('POST', '/plugins/none/deliveries/replay', { state: 'dead' })).body.code).toBe(
    'PLUGIN_NOT_FOUND',
  )
})

it('replays deliveries of the plugin that is named only', async () => {
  await using host = await startServer()
  const source = `module.exports = { onSessionCreated() { throw new Error('no') } }`
  for (const name of ['probe', 'other'])
    await host.add({ 'manifest.json': manifest({ name }), 'plugin.js': source })
  await create(host, 'a')
  await host.delivery('other', 'dead')
  const { deliveries } = (await host.api('GET', '/plugins/other/deliveries')).body
  const answer = await host.api('POST', '/plugins/probe/deliveries/replay', { ids: [deliveries[0].id] })
  expect(answer.body.code).toBe('NOT_FOUND')
})

it('hands over events with one order key in the order of the log, past failures, and others meanwhile', async () => {
  // The first request fails for a passing reason, and is tried again while others are under way.
  await using receiver = await openReceiver((index) => (index === 0 ? 500 : 200))
  await using host = await startServer({
    allowPrivateHosts: [receiver.host],
    deliveryPolicy: { waitsMs: [300], concurrency: 4 },
  })
  const source = teller.replace(
    "new Error('refused')",
    "Object.assign(new Error('busy'), { code: 'FETCH_FAILED' })",
  )
  await host.add(
    {
      'manifest.json': manifest({ configSchema, deliveries: { orderBy: '/data/session/user' } }),
      'plugin.js': source,
    },
    { config: { hookUrl: receiver.url }, hosts: [receiver.host] },
  )
  const make = (user: string, template: string) => host.call('sessions.create', { user, template })
  await make('ada', 'ada 1')
  await receiver.count(1)
  for (const index of [2, 3, 4]) {
    await make('ada', `ada ${index}`)
    await make('bob', `bob ${index}`)
  }
  await settled(host)
  const told = bodies(receiver.requests).map(({ template }) => template)
  const of = (user: string) => told.filter((template) => template.startsWith(user))
  expect(of('ada')).toEqual(['ada 1', 'ada 1', 'ada 2', 'ada 3', 'ada 4'])
  expect(of('bob')).toEqual(['bob 2', 'bob 3', 'bob 4'])
  expect(told.indexOf('bob 2')).toBeLessThan(told.indexOf('ada 2'))
})

it('lets the next of an order key go when the one before is given up or dropped', async () => {
  await using receiver = await openReceiver((index) => (index === 0 ? 500 : 200))
  await using host = await startServer({ allowPrivateHosts: [receiver.host] })
  await addTeller(host, receiver, { deliveries: { orderBy: '*' } })
  for (const template of ['a', 'b', 'c']) await create(host, template)
  expect((await settled(host)).map(({ state }) => state)).toEqual(['done', 'done', 'dead'])
  expect(bodies(receiver.requests).map(({ template }) => template)).toEqual(['a', 'b', 'c'])
})

it('refuses a manifest whose order is no pointer', async () => {
  await using host = await startServer()
  const files = {
    'manifest.json': manifest({ deliveries: { orderBy: 'session.id' } }),
    'plugin.js': 'module.exports = {}',
  }
  await expect(host.add(files)).rejects.toThrow('/deliveries/orderBy')
})

it('writes into the log of the plugin what was given up', async () => {
  await using host = await startServer()
  const source = `module.exports = { onSessionCreated() { throw new TypeError('no such channel') } }`
  await host.add({ 'manifest.json': manifest(), 'plugin.js': source })
  await create(host, 'a')
  const { eventId } = await host.delivery('probe', 'dead')
  const { logs } = (await host.api('GET', '/plugins/probe/logs')).body
  expect(JSON.stringify(logs)).toContain(`session.created ${eventId} was given up after 1 try`)
})
