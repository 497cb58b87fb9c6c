import type { PluginRecord } from '@mortise/contract'
import { expect, it, vi } from 'vitest'
import { gateway } from './gateway.ts'
import { manifest, startServer, type TestServer, token } from './harness.ts'
import { readMetricsText } from './read-metrics-text.ts'

vi.setConfig({ testTimeout: 60_000 })

const long = 3_600_000
const patience = { timeout: 20_000 }
const headers = { authorization: `Bearer ${token}` }
const created = { user: 'ada', template: 'firefox' }

/** Answers everything, but spins for the address `/spin`. */
const source = `
  module.exports = {
    onHttpRequest({ path }) { while (path === '/spin'); return { body: 'well' } },
    onSessionCreated(session) { streamspace.log.info('got ' + session.name) },
    filterSessionCreated() {},
    rings: { pre_flight() { return { action: 'passthrough' } } },
    commands: { run: () => 'ran' },
    jobs: { run() {} },
  }`

async function add(host: TestServer): Promise<void> {
  await host.add({
    'manifest.json': manifest({
      permissions: ['read:sessions', 'filter:events', 'join:rings', 'serve:http', 'commands', 'scheduler'],
      contributes: { commands: [{ name: 'run', title: 'Run' }] },
      scheduler: { jobs: [{ name: 'run', schedule: 'monthly' }] },
    }),
    'plugin.js': source,
  })
}

const ask = (host: TestServer, path = '/') => fetch(`${host.url}/plugins/probe${path}`, { headers })
const record = async (host: TestServer) => (await host.api('GET', '/plugins/probe')).body as PluginRecord
const gauge = async (host: TestServer) =>
  readMetricsText(await (await fetch(`${host.url}/metrics`)).text()).value(
    'mortise_plugin_restart_wait_seconds',
    { plugin: 'probe' },
  )
const deliveries = async (host: TestServer) => (await host.api('GET', '/plugins/probe/deliveries')).body
/** What the plugin says it got. */
const got = async (host: TestServer) =>
  ((await host.api('GET', '/plugins/probe/logs')).body.logs as { message: string }[])
    .map(({ message }) => message)
    .filter((message) => message.startsWith('got '))

async function endTwice(host: TestServer): Promise<void> {
  for (let count = 1; count <= 2; count++) {
    expect((await ask(host, '/spin')).status).toBe(504)
    await expect.poll(async () => (await record(host)).strikes, patience).toBe(count)
  }
}

it('answers for a plugin that is held back as each path fails, and counts none of it', async () => {
  await using host = await startServer({ domains: [gateway], restartWaitsMs: [0, long] })
  await add(host)
  expect(await gauge(host)).toBe(0)
  expect(await record(host)).not.toHaveProperty('retryAt')
  await endTwice(host)

  const before = Date.now()
  const shown = await record(host)
  expect(shown).toMatchObject({ status: 'failed', strikes: 2, lastError: { code: 'PLUGIN_TIMEOUT' } })
  expect(Date.parse(shown.retryAt ?? '')).toBeGreaterThan(before + long - 60_000)
  expect(await gauge(host)).toBeGreaterThan(long / 1000 - 60)

  const answer = await ask(host)
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
    503,
    'PLUGIN_UNAVAILABLE',
  ])
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(long / 1000 - 60)
  for (let round = 0; round < 12; round++) {
    const { body } = await host.api('POST', '/rings/pre_flight', { body: { prompt: 'hi' } })
    expect(body).toMatchObject({ action: 'passthrough', error: expect.stringContaining('tried again in') })
    await host.call('sessions.create', { ...created, name: `s${round}` })
  }
  const command = await host.api('POST', '/plugins/probe/commands/run', {})
  expect([command.status, command.body.code]).toEqual([503, 'PLUGIN_UNAVAILABLE'])
  expect((await host.api('POST', '/plugins/probe/jobs/run/run')).body.code).toBe('PLUGIN_NOT_RUNNING')

  expect(await record(host)).toMatchObject({ status: 'failed', strikes: 2 })
  const { rings } = (await host.api('GET', '/rings/stats')).body
  expect(rings.pre_flight.probe).toMatchObject({ invocations: 0, errors: 0, quarantined_until: 0 })
  const { waiting, deliveries: rows } = await deliveries(host)
  expect([waiting, new Set(rows.map(({ attempts }: { attempts: number }) => attempts))]).toEqual([
    12,
    new Set([0]),
  ])
  expect((await fetch(`${host.url}/readyz`)).status).toBe(200)

  // A person who enables it does not wait.
  expect((await host.api('POST', '/plugins/probe/enable')).body).not.toHaveProperty('retryAt')
  await expect.poll(async () => (await deliveries(host)).waiting, patience).toBe(0)
  expect((await got(host)).sort()).toEqual(Array.from({ length: 12 }, (_, round) => `got s${round}`).sort())
  expect((await ask(host)).status).toBe(200)
})

it('delivers what waited once the wait is over, and heals', async () => {
  await using host = await startServer({ domains: [gateway], restartWaitsMs: [0, 3000] })
  await add(host)
  await endTwice(host)
  for (const name of ['a', 'b', 'c']) await host.call('sessions.create', { ...created, name })
  await expect.poll(async () => (await deliveries(host)).waiting, patience).toBe(0)
  expect((await got(host)).sort()).toEqual(['got a', 'got b', 'got c'])
  const { deliveries: rows } = await deliveries(host)
  expect(rows.map(({ state, attempts }: { state: string; attempts: number }) => [state, attempts])).toEqual(
    Array.from({ length: 3 }, () => ['done', 1]),
  )
  await expect.poll(() => record(host), patience).toMatchObject({ status: 'active', strikes: 0 })
  expect(await gauge(host)).toBe(0)
})
