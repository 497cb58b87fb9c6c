import type { PluginRecord } from '@mortise/contract'
import { expect, it } from 'vitest'
import { makeDataDir, manifest, startServer, type TestServer } from './harness.ts'

const long = 600_000
// Spins for every session but those of one template.
const moody = `
  module.exports = { onSessionCreated(session) { while (session.template !== 'firefox') {} } }`

const record = async (host: TestServer) => (await host.api('GET', '/plugins/probe')).body as PluginRecord
const becomes = (host: TestServer, wanted: Partial<PluginRecord>) =>
  expect.poll(() => record(host), { timeout: 20_000 }).toMatchObject(wanted)
const create = (host: TestServer, template: string) => host.call('sessions.create', { user: 'ada', template })

/** Each event is tried three times; five strikes in a row stop the plugin. */
async function stopByStrikes(host: TestServer): Promise<void> {
  await host.add({ 'manifest.json': manifest(), 'plugin.js': moody })
  await create(host, 'hang')
  await create(host, 'hang')
}

it('tries a plugin once more when its wait is over, and takes it back when it works', async () => {
  await using host = await startServer({ quarantineMs: [500, 500, long] })
  await stopByStrikes(host)
  await becomes(host, { status: 'quarantined', strikes: 5, retryAt: expect.any(String) })
  await becomes(host, { status: 'active', strikes: 4 })
  expect(await record(host)).not.toHaveProperty('retryAt')
  // The event that stopped it has one try left, which stops it again.
  const waiting = async () => (await host.api('GET', '/plugins/probe/deliveries')).body.waiting
  await expect.poll(waiting, { timeout: 20_000 }).toBe(0)
  await becomes(host, { status: 'active', strikes: 4 })
  await create(host, 'firefox')
  await becomes(host, { status: 'active', strikes: 0 })
})

it('puts a plugin back at the next strike, for longer', async () => {
  await using host = await startServer({ quarantineMs: [500, long] })
  await stopByStrikes(host)
  await becomes(host, { status: 'active', strikes: 4 })
  const before = Date.now()
  await create(host, 'hang')
  await becomes(host, { status: 'quarantined', strikes: 5 })
  expect(Date.parse((await record(host)).retryAt ?? '')).toBeGreaterThan(before + long - 1000)
})

it('remembers the wait over a restart, and a person may end it', async () => {
  const dataDir = await makeDataDir()
  const options = { dataDir, quarantineMs: [long] }
  const first = await startServer(options)
  await stopByStrikes(first)
  await becomes(first, { status: 'quarantined' })
  const { retryAt } = await record(first)
  await first.server.close()
  await using second = await startServer(options)
  expect(await record(second)).toMatchObject({ status: 'quarantined', retryAt })
  const { body } = await second.api('POST', '/plugins/probe/enable', '')
  expect(body).toMatchObject({ status: 'active', strikes: 0 })
  expect(body).not.toHaveProperty('retryAt')
})

it('puts a plugin back that does not even start', async () => {
  // Starts the first time only: then its configuration tells it to spin.
  const source = `
    module.exports = {
      onLoad({ config }) { while (config.get('spin')) {} },
      onSessionCreated() { for (;;) {} },
    }`
  const configSchema = { type: 'object', properties: { spin: { type: 'boolean' } } }
  await using host = await startServer({ quarantineMs: [2000, long] })
  await host.add({ 'manifest.json': manifest({ configSchema }), 'plugin.js': source })
  await create(host, 'hang')
  await create(host, 'hang')
  await becomes(host, { status: 'quarantined' })
  await host.api('PUT', '/plugins/probe/config', { config: { spin: true } })
  await expect
    .poll(async () => Date.parse((await record(host)).retryAt ?? ''), { timeout: 20_000 })
    .toBeGreaterThan(Date.now() + long / 2)
  expect(await record(host)).toMatchObject({ status: 'quarantined' })
})
