import { expect, it } from 'vitest'
import { metricTable } from '../src/operations/metric-table.ts'
import { Metrics } from '../src/operations/metrics.ts'
import { manifest, startServer } from './harness.ts'
import { readMetricsText } from './read-metrics-text.ts'

const hostile = ['a"} 1\nmortise_forged 1', 'a\\', 'a\\"', '{le="0.1"}', '\n# TYPE x counter', 'é\u2028"\\n']

it('keeps a hostile label inside its quotes', async () => {
  const metrics = new Metrics(() => true)
  for (const plugin of hostile) {
    metrics.count('mortise_plugin_strikes_total', { plugin, code: plugin })
    metrics.observe('mortise_plugin_call_seconds', { plugin, kind: plugin }, 1)
  }
  const { samples, names } = readMetricsText(await metrics.print())
  expect(names()).not.toContain('mortise_forged')
  expect(
    samples.filter(({ name }) => name === 'mortise_plugin_strikes_total').map(({ labels }) => labels.plugin),
  ).toEqual(hostile)
  for (const plugin of hostile) await metrics.forget(plugin)
  const left = readMetricsText(await metrics.print()).samples
  expect(left.filter(({ labels }) => labels.plugin !== undefined)).toEqual([])
})

it('makes no series for names that a request or a plugin made up', async () => {
  await using host = await startServer()
  await host.add({
    'manifest.json': manifest({ name: 'inventor', permissions: ['read:sessions', 'emit:events'] }),
    'plugin.js': `module.exports = {
      async onSessionCreated() {
        for (let n = 0; n < 50; n++) await streamspace.events.emit('made-up-' + n, {}).catch(() => {})
      },
    }`,
  })
  const seriesOf = async () =>
    new Set(
      readMetricsText(await (await fetch(`${host.url}/metrics`)).text())
        .samples.filter(({ name }) => Object.hasOwn(metricTable, name))
        .map(({ name, labels }) => name + JSON.stringify(labels)),
    )
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await host.delivery('inventor', 'done')
  await fetch(`${host.url}/first-unknown`)
  await host.api('GET', '/plugins/nobody')
  await host.api('POST', '/calls', { calls: [['no.method', []]] })
  await host.api('POST', '/calls', { plugin: 'nobody', calls: [['no.method', []]] })
  // Twice, so that reading has its own series.
  await seriesOf()
  const before = await seriesOf()
  for (let n = 0; n < 100; n++) {
    await fetch(`${host.url}/unknown-${n}`, { headers: { accept: 'text/plain' } })
    await host.api('GET', `/plugins/nobody-${n}`)
    await host.api('POST', '/calls', { calls: [[`no.method${n}`, []]] })
    await host.api('POST', '/calls', { plugin: `nobody-${n}`, calls: [['no.method', []]] })
  }
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await host.delivery('inventor', 'done')
  expect([...(await seriesOf())].filter((series) => !before.has(series))).toEqual([])
})
