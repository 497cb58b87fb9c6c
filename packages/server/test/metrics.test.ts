import { expect, it } from 'vitest'
import { metricTable } from '../src/operations/metric-table.ts'
import { manifest, startServer, type TestServer } from './harness.ts'
import { readMetricsText } from './read-metrics-text.ts'

const scrape = async ({ url }: TestServer) => {
  const response = await fetch(`${url}/metrics`)
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  return readMetricsText(await response.text())
}

it('tells calls, errors, times, processor time, memory and queue of each plugin', async () => {
  await using host = await startServer()
  await host.add({
    'manifest.json': manifest({ name: 'busy' }),
    'plugin.js': `module.exports = {
      kept: [],
      async onSessionCreated() {
        this.kept.push(Array.from({ length: 100_000 }, (_, index) => ({ index })))
        const until = Date.now() + 20
        while (Date.now() < until);
        await streamspace.storage.get('x').catch(() => {})
      },
      onSessionHibernated() { throw new Error('broken') },
    }`,
  })
  await host.add({ 'manifest.json': manifest({ name: 'idle' }), 'plugin.js': 'module.exports = {}' })
  const { id } = (await host.call('sessions.create', { user: 'ada', template: 'firefox' })) as { id: string }
  await host.delivery('busy', 'done')
  await host.call('sessions.hibernate', id)
  await host.delivery('busy', 'dead')

  const metrics = await scrape(host)
  expect(metrics.value('mortise_plugin_calls_total', { plugin: 'busy', kind: 'deliver', result: 'ok' })).toBe(
    1,
  )
  expect(
    metrics.value('mortise_plugin_calls_total', { plugin: 'busy', kind: 'deliver', result: 'PLUGIN_THREW' }),
  ).toBeGreaterThanOrEqual(1)
  expect(metrics.value('mortise_plugin_host_calls_total', { plugin: 'busy', result: 'ok' })).toBe(1)
  expect(
    metrics.quantile('mortise_plugin_call_seconds', { plugin: 'busy', kind: 'load' }, 0.99),
  ).toBeGreaterThan(0)
  expect(metrics.value('mortise_plugin_cpu_seconds_total', { plugin: 'busy' })).toBeGreaterThan(0.015)
  expect(metrics.value('mortise_plugin_memory_bytes', { plugin: 'busy' })).toBeGreaterThan(
    metrics.value('mortise_plugin_memory_bytes', { plugin: 'idle' })!,
  )
  // Counted once the outcome is on disk, which the list of deliveries does not wait for.
  const depth = async () =>
    (await scrape(host)).value('mortise_plugin_queue_depth', { plugin: 'busy', state: 'pending' })
  await expect.poll(depth, { timeout: 10_000 }).toBe(0)
  expect(metrics.value('mortise_plugins_running', {})).toBe(2)
  expect(
    metrics.value('mortise_http_requests_total', { method: 'POST', route: '/api/v1/calls', status: '200' }),
  ).toBe(2)
  expect(metrics.names()).toContain('nodejs_eventloop_lag_p99_seconds')
})

it('tells strikes, quarantine and the processor time of a plugin that spins', async () => {
  await using host = await startServer({ deliveryPolicy: { waitsMs: [], concurrency: 1 } })
  await host.add({
    'manifest.json': manifest({ name: 'spinner' }),
    'plugin.js': 'module.exports = { onSessionCreated() { for (;;); } }',
  })
  for (let count = 0; count < 5; count++) {
    await host.call('sessions.create', { user: 'ada', template: 'firefox' })
    const strikes = async () => (await host.api('GET', '/plugins/spinner')).body.strikes
    await expect.poll(strikes, { timeout: 10_000 }).toBe(count + 1)
  }
  await expect
    .poll(async () => (await scrape(host)).value('mortise_plugin_quarantined', { plugin: 'spinner' }), {
      timeout: 10_000,
    })
    .toBe(1)
  const metrics = await scrape(host)
  expect(metrics.value('mortise_plugin_strikes_total', { plugin: 'spinner', code: 'PLUGIN_TIMEOUT' })).toBe(5)
  expect(metrics.value('mortise_plugin_strikes', { plugin: 'spinner' })).toBe(5)
})

it('answers while a plugin spins', async () => {
  await using host = await startServer()
  await host.add({
    'manifest.json': manifest({ name: 'spinner' }),
    'plugin.js': 'module.exports = { onSessionCreated() { for (;;); } }',
  })
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await expect
    .poll(async () => (await scrape(host)).value('mortise_plugin_cpu_seconds_total', { plugin: 'spinner' }))
    .toBeGreaterThan(0.2)
})

it('drops the series of a plugin that is uninstalled', async () => {
  await using host = await startServer()
  await host.add({ 'manifest.json': manifest(), 'plugin.js': 'module.exports = { onSessionCreated() {} }' })
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await host.delivery('probe', 'done')
  expect((await scrape(host)).text).toContain('plugin="probe"')
  await host.api('DELETE', '/plugins/probe')
  await expect.poll(async () => (await scrape(host)).text).not.toContain('plugin="probe"')
})

it('names every metric of the documented list, and no other of ours', async () => {
  await using host = await startServer()
  const ours = (await scrape(host)).names().filter((name) => name.startsWith('mortise_'))
  expect(ours.sort()).toEqual(Object.keys(metricTable).sort())
})
