import { rm } from 'node:fs/promises'
import type { FeedFrame } from '@mortise/contract'
import { expect, it } from 'vitest'
import { makeDataDir, manifest, openReceiver, packFiles, readFeed, startServer } from './harness.ts'
import { spawnServer } from './spawn-server.ts'

const configSchema = { type: 'object', properties: { hookUrl: { type: 'string' } }, required: ['hookUrl'] }
const teller = `
  module.exports = {
    onLoad({ api, config }) {
      api.webhooks.on('session.created', async ({ id, type }) => {
        await fetch(config.get('hookUrl'), { method: 'POST', body: JSON.stringify({ id, type }) })
      })
    },
  }`
const created = { user: 'ada', template: 'firefox' }

it('delivers an event again after the process was killed in the middle of a delivery', async () => {
  // The first request is never answered, so that the delivery is under way when the process dies.
  await using receiver = await openReceiver((index) => (index === 0 ? 0 : 200))
  const dataDir = await makeDataDir()
  {
    await using server = await spawnServer(dataDir, { env: { MORTISE_ALLOW_PRIVATE_HOSTS: receiver.host } })
    const { send } = server
    const files = { 'manifest.json': manifest({ configSchema }), 'plugin.js': teller }
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(packFiles(files))]), 'probe.zip')
    await send('POST', '/plugins/install', form)
    await send('PUT', '/plugins/probe/grants', { permissions: { 'read:sessions': true } })
    await send('PUT', '/plugins/probe/config', {
      config: { hookUrl: receiver.url },
      approveHosts: [receiver.host],
    })
    await send('POST', '/plugins/probe/enable', {})
    await send('POST', '/calls', { calls: [['sessions.create', [created]]] })
    await receiver.count(1)
  }

  await using host = await startServer({ dataDir, allowPrivateHosts: [receiver.host] })
  const [first, second] = await receiver.count(2)
  expect(second?.body).toBe(first?.body)
  expect(JSON.parse(second?.body ?? '')).toMatchObject({ type: 'session.created', id: expect.any(String) })
  await host.server.close()
  await rm(dataDir, { recursive: true, force: true })
})

it('tries a delivery again after the sandbox was stopped, and gives up after the last try', async () => {
  await using host = await startServer()
  await host.add({
    'manifest.json': manifest(),
    'plugin.js': 'module.exports = { onSessionCreated() { while (true) {} } }',
  })
  await host.call('sessions.create', created)
  const failed = await host.delivery('probe', 'dead')
  expect(failed).toMatchObject({
    eventType: 'session.created',
    attempts: 3,
    lastError: { code: 'PLUGIN_TIMEOUT' },
  })
  expect((await host.api('GET', '/plugins/probe')).body.strikes).toBeGreaterThan(0)
})

it('does not try again when the plugin itself threw', async () => {
  await using host = await startServer()
  await host.add({
    'manifest.json': manifest(),
    'plugin.js': `module.exports = { onSessionCreated() { throw new TypeError('no such channel') } }`,
  })
  await host.call('sessions.create', created)
  const failed = await host.delivery('probe', 'dead')
  expect(failed).toMatchObject({ attempts: 1, lastError: { code: 'PLUGIN_THREW' } })
})

it('keeps an event for a plugin by exact type and wildcard, never by prefix', async () => {
  await using host = await startServer()
  const source = (type: string) =>
    `module.exports = { onLoad({ api }) { api.webhooks.on('${type}', (event) => streamspace.log.info(event.type)) } }`
  for (const [name, type] of [
    ['exact', 'session.created'],
    ['wild', 'session.*'],
    ['prefix', 'session'],
    ['other', 'user.*'],
  ] as const) {
    await host.add({ 'manifest.json': manifest({ name }), 'plugin.js': source(type) })
  }
  await host.call('sessions.create', created)
  await host.delivery('exact', 'done')
  await host.delivery('wild', 'done')
  for (const name of ['prefix', 'other']) {
    expect((await host.api('GET', `/plugins/${name}/deliveries`)).body.deliveries).toEqual([])
  }
})

it('makes no delivery for a plugin that was not granted the permission of the event', async () => {
  await using host = await startServer()
  const source = 'module.exports = { onSessionCreated() {} }'
  await host.add({ 'manifest.json': manifest({ name: 'seer' }), 'plugin.js': source })
  await host.add({ 'manifest.json': manifest({ name: 'blind' }), 'plugin.js': source })
  const denied = { permissions: { 'read:sessions': false } }
  await host.api('PUT', '/plugins/blind/grants', denied)
  await host.call('sessions.create', created)
  await host.delivery('seer', 'done')
  expect((await host.api('GET', '/plugins/blind/deliveries')).body.deliveries).toEqual([])
})

it('keeps a plugin down that had to be stopped again and again, until a person enables it', async () => {
  await using host = await startServer()
  using feed = readFeed(host.url)
  await feed.find(({ type }) => type === 'hello')
  const source = 'module.exports = { onSessionCreated() { while (true) {} } }'
  await host.add({ 'manifest.json': manifest(), 'plugin.js': source })
  await host.call('sessions.create', created)
  await host.call('sessions.create', created)
  await feed.find(() => feed.frames.filter(isFailure).length === 5)
  expect((await host.api('GET', '/plugins/probe')).body).toMatchObject({ status: 'quarantined', strikes: 5 })
  const refused = await host.api('POST', '/calls', { plugin: 'probe', calls: [['sessions.list', []]] })
  expect(refused.body.code).toBe('PLUGIN_NOT_RUNNING')
  const enabled = await host.api('POST', '/plugins/probe/enable', '')
  expect(enabled.body).toMatchObject({ enabled: true, strikes: 0 })
})

it('forgets the strikes of a plugin that works again', async () => {
  await using host = await startServer()
  const source = `
    module.exports = { onSessionCreated(session) { while (session.template === 'hang') {} } }`
  await host.add({ 'manifest.json': manifest(), 'plugin.js': source })
  await host.call('sessions.create', { user: 'ada', template: 'hang' })
  await host.delivery('probe', 'dead')
  expect((await host.api('GET', '/plugins/probe')).body).toMatchObject({ status: 'failed', strikes: 3 })
  using feed = readFeed(host.url)
  await feed.find(({ type }) => type === 'hello')
  await host.call('sessions.create', created)
  await feed.find((frame) => frame.type === 'event' && frame.event.event_type === 'plugin.updated')
  expect((await host.api('GET', '/plugins/probe')).body).toMatchObject({ status: 'active', strikes: 0 })
})

it('waits with a delivery that failed for a passing reason, and goes on with the next', async () => {
  await using receiver = await openReceiver((index) => (index === 0 ? 500 : 200))
  await using host = await startServer({
    allowPrivateHosts: [receiver.host],
    deliveryPolicy: { waitsMs: [60_000], concurrency: 1 },
  })
  const source = `
    module.exports = {
      async onSessionCreated() {
        const response = await fetch(this.config.hookUrl, { method: 'POST' })
        if (!response.ok) throw Object.assign(new Error('busy'), { code: 'FETCH_FAILED' })
      },
    }`
  await host.add(
    { 'manifest.json': manifest({ configSchema }), 'plugin.js': source },
    { config: { hookUrl: receiver.url }, hosts: [receiver.host] },
  )
  await host.call('sessions.create', created)
  await host.delivery('probe', 'pending')
  await host.call('sessions.create', created)
  await host.delivery('probe', 'done')
  const { deliveries } = (await host.api('GET', '/plugins/probe/deliveries')).body
  expect(deliveries).toMatchObject([
    { state: 'done', attempts: 1 },
    { state: 'pending', attempts: 1, lastError: { code: 'PLUGIN_THREW' } },
  ])
})

it('keeps a delivery that was under way when a person disabled the plugin', async () => {
  await using receiver = await openReceiver((index) => (index === 0 ? 0 : 200))
  await using host = await startServer({ allowPrivateHosts: [receiver.host] })
  await host.add(
    { 'manifest.json': manifest({ configSchema }), 'plugin.js': teller },
    { config: { hookUrl: receiver.url }, hosts: [receiver.host] },
  )
  await host.call('sessions.create', created)
  await receiver.count(1)
  expect((await host.delivery('probe', 'running')).attempts).toBe(0)
  await host.api('POST', '/plugins/probe/disable')
  expect(await host.delivery('probe', 'pending')).toMatchObject({ attempts: 0, lastError: null })
  await host.api('POST', '/plugins/probe/enable')
  const [first, second] = await receiver.count(2)
  expect(second?.body).toBe(first?.body)
  expect(await host.delivery('probe', 'done')).toMatchObject({ attempts: 1 })
})

it('keeps events for a plugin that failed to start, and delivers them when it starts', async () => {
  await using receiver = await openReceiver()
  const options = { allowPrivateHosts: [receiver.host] }
  const dataDir = await makeDataDir()
  const source = `
    module.exports = {
      async onLoad({ api }) { if (await api.storage.get('broken')) throw new Error('broken') },
      async onSessionCreated(session) {
        await fetch(this.config.hookUrl, { method: 'POST', body: session.template })
      },
    }`
  const files = { 'manifest.json': manifest({ configSchema }), 'plugin.js': source }
  await using first = await startServer({ ...options, dataDir })
  await first.add(files, { config: { hookUrl: receiver.url }, hosts: [receiver.host] })
  const store = (value: boolean) => ({ plugin: 'probe', calls: [['storage.set', ['broken', value]]] })
  await first.api('POST', '/calls', store(true))
  await first.server.close()
  await using second = await startServer({ ...options, dataDir })
  expect((await second.api('GET', '/plugins/probe')).body.status).toBe('failed')
  await second.call('sessions.create', { user: 'ada', template: 'kept' })
  await second.api('POST', '/calls', store(false))
  expect((await second.api('POST', '/plugins/probe/enable')).body.status).toBe('active')
  const [request] = await receiver.count(1)
  expect(request?.body).toBe('kept')
  await second.server.close()
  await rm(dataDir, { recursive: true, force: true })
})

function isFailure(frame: FeedFrame): boolean {
  return frame.type === 'event' && frame.event.event_type === 'plugin.failed'
}
