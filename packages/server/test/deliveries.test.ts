import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { makeDataDir, manifest, openReceiver, packFiles, startServer, token } from './harness.ts'

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
  const child = spawn(process.execPath, [`${import.meta.dirname}/server-process.ts`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      MORTISE_PORT: '0',
      MORTISE_DATA_DIR: dataDir,
      MORTISE_ADMIN_TOKEN: token,
      MORTISE_ALLOW_PRIVATE_HOSTS: receiver.host,
      MORTISE_LOG_LEVEL: 'silent',
    },
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  try {
    const url = await new Promise<string>((resolve) => createInterface(child.stdout).once('line', resolve))
    const send = async (method: string, path: string, body: unknown) => {
      const isForm = body instanceof FormData
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(isForm ? {} : { 'content-type': 'application/json' }),
        },
        body: isForm ? body : JSON.stringify(body),
      })
      expect(response.ok, `${method} ${path}`).toBe(true)
    }
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
  } finally {
    child.kill('SIGKILL')
    await exited
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
