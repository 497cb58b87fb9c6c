import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { manifest, openReceiver, packFiles, startServer } from './harness.ts'

const poster = `
module.exports = {
  async onSessionCreated(session) {
    await fetch(this.config.hookUrl, { method: 'POST', body: JSON.stringify({ text: session.template }) })
  },
}`
const configSchema = {
  type: 'object',
  properties: { hookUrl: { type: 'string', format: 'uri' } },
  required: ['hookUrl'],
}

it('installs, approves, configures and enables a plugin, which then posts what happens', async () => {
  await using receiver = await openReceiver()
  await using host = await startServer({ allowPrivateHosts: [receiver.host] })
  const installed = await host.upload(
    packFiles({ 'manifest.json': manifest({ configSchema }), 'plugin.js': poster }),
  )
  expect(installed).toMatchObject({
    status: 201,
    body: {
      id: 'probe',
      status: 'awaiting-approval',
      enabled: false,
      pendingPermissions: ['read:sessions'],
      permissions: [{ name: 'read:sessions', risk: 'low', decision: 'pending' }],
    },
  })

  const early = await host.api('POST', '/plugins/probe/enable')
  expect(early).toMatchObject({ status: 409, body: { code: 'PLUGIN_APPROVAL_REQUIRED' } })
  const granted = await host.api('PUT', '/plugins/probe/grants', { permissions: { 'read:sessions': true } })
  expect(granted.body).toMatchObject({ status: 'awaiting-configuration', pendingPermissions: [] })
  const bare = await host.api('POST', '/plugins/probe/enable')
  expect(bare).toMatchObject({
    status: 400,
    body: { code: 'PLUGIN_CONFIG_INVALID', issues: [{ pointer: '/hookUrl' }] },
  })

  const config = { hookUrl: `${receiver.url}/services/T0` }
  const refused = await host.api('PUT', '/plugins/probe/config', { config })
  expect(refused).toMatchObject({
    status: 409,
    body: { code: 'PLUGIN_HOST_APPROVAL_REQUIRED', data: { hosts: [receiver.host] } },
  })
  expect((await host.api('GET', '/plugins/probe')).body).toMatchObject({ config: {}, hosts: [] })

  const configured = await host.api('PUT', '/plugins/probe/config', {
    config,
    approveHosts: [receiver.host, 'evil.example'],
  })
  expect(configured.body.hosts).toEqual([{ host: receiver.host, origin: 'config', decision: 'granted' }])
  const enabled = await host.api('POST', '/plugins/probe/enable')
  expect(enabled.body).toMatchObject({ status: 'active', enabled: true, hasServerCode: true })

  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  const [request] = await receiver.count(1)
  expect(request).toMatchObject({ method: 'POST', path: '/services/T0', body: '{"text":"firefox"}' })
})

it('takes the host back when the configuration no longer names it', async () => {
  await using first = await openReceiver()
  await using second = await openReceiver()
  await using host = await startServer({ allowPrivateHosts: [first.host, second.host] })
  const stubborn = `
    const urls = []
    module.exports = {
      async onSessionCreated() {
        urls.push(this.config.hookUrl)
        const results = await Promise.allSettled(urls.map((url) => fetch(url, { method: 'POST' })))
        await streamspace.storage.set('results', results.map((result) => result.status))
      },
    }`
  await host.add(
    { 'manifest.json': manifest({ configSchema }), 'plugin.js': stubborn },
    { config: { hookUrl: first.url }, hosts: [first.host] },
  )
  await host.call('sessions.create', { user: 'ada', template: 'a' })
  await first.count(1)
  const config = { config: { hookUrl: second.url }, approveHosts: [second.host] }
  const changed = await host.api('PUT', '/plugins/probe/config', config)
  expect(changed.body.hosts).toEqual([{ host: second.host, origin: 'config', decision: 'granted' }])
  await host.call('sessions.create', { user: 'ada', template: 'b' })
  await second.count(1)
  expect(first.requests).toHaveLength(1)
})

it('runs the plugin again after a restart, with its grants, configuration and files', async () => {
  await using receiver = await openReceiver()
  const options = { allowPrivateHosts: [receiver.host] }
  await using first = await startServer(options)
  const before = await first.add(
    { 'manifest.json': manifest({ configSchema }), 'plugin.js': poster },
    { config: { hookUrl: receiver.url }, hosts: [receiver.host] },
  )
  await first.server.close()
  await using second = await startServer({ ...options, dataDir: first.dataDir })
  const { body } = await second.api('GET', '/plugins/probe')
  expect(body).toEqual({ ...before, updatedAt: body.updatedAt })
  await second.call('sessions.create', { user: 'ada', template: 'vscode' })
  const [request] = await receiver.count(1)
  expect(request?.body).toBe('{"text":"vscode"}')
})

it('removes everything of an uninstalled plugin and installs it anew', async () => {
  await using host = await startServer()
  const files = { 'manifest.json': manifest(), 'plugin.js': 'module.exports = {}' }
  await host.add(files)
  expect((await host.api('DELETE', '/plugins/probe')).status).toBe(200)
  expect((await host.api('GET', '/plugins/probe')).body.code).toBe('PLUGIN_NOT_FOUND')
  await expect(readFile(join(host.dataDir, 'plugins/probe/1.0.0/plugin.js'))).rejects.toThrow('ENOENT')
  expect((await host.upload(packFiles(files))).body).toMatchObject({
    status: 'awaiting-approval',
    config: {},
  })
})

it('stops an updated plugin that asks for more until somebody decides', async () => {
  await using host = await startServer()
  await host.add({ 'manifest.json': manifest(), 'plugin.js': 'module.exports = { onSessionCreated() {} }' })
  const again = await host.upload(packFiles({ 'manifest.json': manifest(), 'plugin.js': '' }))
  expect(again).toMatchObject({ status: 409, body: { code: 'PLUGIN_ALREADY_INSTALLED' } })
  const update = await host.upload(
    packFiles({
      'manifest.json': manifest({ version: '1.1.0', permissions: ['read:sessions', 'write:sessions'] }),
      'plugin.js': 'module.exports = {}',
    }),
  )
  expect(update.body).toMatchObject({
    version: '1.1.0',
    enabled: true,
    status: 'awaiting-approval',
    pendingPermissions: ['write:sessions'],
  })
  const decided = await host.api('PUT', '/plugins/probe/grants', { permissions: { 'write:sessions': false } })
  expect(decided.body).toMatchObject({ status: 'active' })
})
