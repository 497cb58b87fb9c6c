import type { PluginRecord } from '@mortise/contract'
import { expect, it } from 'vitest'
import { manifest, packFiles, startServer, type TestServer } from './harness.ts'

const files = (version = '1.0.0') => ({
  'manifest.json': manifest({
    version,
    configSchema: { type: 'object', properties: { note: { type: 'string' } } },
  }),
  'plugin.js': 'module.exports = { onSessionCreated() { for (;;); } }',
})
const list = async (host: TestServer) => (await host.api('GET', '/plugins')).body

it('lists what each plugin is at that moment, whatever changed it', async () => {
  await using host = await startServer()
  expect(await list(host)).toEqual({ plugins: [], total: 0 })
  await host.upload(packFiles(files()))
  /** Changes the plugin, then looks whether the list says the same as the plugin's own address. */
  const after = async (change: () => Promise<unknown>): Promise<PluginRecord> => {
    await list(host)
    await change()
    const { plugins, total } = await list(host)
    expect([total, plugins]).toEqual([1, [(await host.api('GET', '/plugins/probe')).body]])
    return plugins[0]
  }
  const send = (method: string, path: string, body?: unknown) => () =>
    host.api(method, `/plugins/probe${path}`, body)
  const permissions = { 'read:sessions': true }
  expect(await after(send('PUT', '/grants', { permissions }))).toMatchObject({
    permissions: [{ name: 'read:sessions', decision: 'granted' }],
  })
  expect(await after(send('PUT', '/config', { config: { note: 'a' } }))).toMatchObject({
    config: { note: 'a' },
  })
  expect(await after(send('POST', '/enable'))).toMatchObject({ status: 'active' })
  const struck = await after(async () => {
    await host.call('sessions.create', { user: 'ada', template: 'firefox' })
    await host.delivery('probe', 'dead')
  })
  expect(struck).toMatchObject({ status: 'failed', lastError: { code: 'PLUGIN_TIMEOUT' } })
  expect(await after(send('POST', '/disable'))).toMatchObject({ status: 'disabled', enabled: false })
  expect(await after(() => host.upload(packFiles(files('1.0.1'))))).toMatchObject({
    version: '1.0.1',
    previousVersion: '1.0.0',
  })
  expect(await after(send('POST', '/rollback'))).toMatchObject({ version: '1.0.0' })
  await host.api('DELETE', '/plugins/probe')
  expect(await list(host)).toEqual({ plugins: [], total: 0 })
})

it('says when a plugin that is held back is tried again, and no longer than that', async () => {
  await using host = await startServer({
    deliveryPolicy: { waitsMs: [], concurrency: 1 },
    restartWaitsMs: [1500],
  })
  await host.add(files())
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await expect.poll(async () => (await list(host)).plugins[0]).toHaveProperty('retryAt')
  await expect
    .poll(async () => (await list(host)).plugins[0], { timeout: 20_000 })
    .not.toHaveProperty('retryAt')
})
