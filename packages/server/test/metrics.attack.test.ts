import { expect, it } from 'vitest'
import { metricTable } from '../src/operations/metric-table.ts'
import { Metrics } from '../src/operations/metrics.ts'
import { manifest, raw, signIn, startServer, token } from './harness.ts'
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

const passedOn: Record<string, string>[] = [
  { forwarded: 'for=203.0.113.7' },
  { 'x-forwarded-for': '203.0.113.7' },
  { 'x-forwarded-host': 'metrics.example.com' },
  { 'x-forwarded-proto': 'https' },
  { 'x-forwarded-for': '127.0.0.1' },
  { 'x-real-ip': '127.0.0.1' },
  { via: '1.1 proxy' },
  { 'cf-connecting-ip': '203.0.113.7' },
]
const bearer = (text: string) => ({ authorization: `Bearer ${text}` })

it('shows metrics to programs of this machine only, while the scraper has no token', async () => {
  await using host = await startServer({
    identify: ({ cookies }) => (cookies.front_end ? { id: 'ada', name: 'Ada' } : undefined),
  })
  const { host: name, port } = new URL(host.url)
  const read = (headers: Record<string, string>) =>
    raw(host, '/metrics', { headers: { host: name, ...headers } })
  expect((await read({})).text).toContain('mortise_events_logged')
  const cookie = await signIn(host)
  for (const headers of passedOn) {
    const others: Record<string, string>[] = [{}, bearer('guess-guess'), { cookie: 'front_end=ada' }]
    for (const who of others) {
      const { status, text } = await read({ ...headers, ...who })
      expect([headers, who, status]).toEqual([headers, who, 401])
      expect(text).not.toContain('mortise_events_logged')
    }
    expect((await read({ ...headers, ...bearer(token) })).status).toBe(200)
    expect((await read({ ...headers, cookie })).status).toBe(200)
  }
  for (const host of ['metrics.example.com', `probe.localhost:${port}`, 'localhost', `localhost:${port}.`]) {
    expect([host, (await read({ host })).status]).toEqual([host, 403])
  }
})

it('shows metrics to nobody but the scraper and the administrator, once the scraper has a token', async () => {
  const metricsToken = 'of-the-scraper-only'
  await using host = await startServer({ metricsToken })
  const { host: name } = new URL(host.url)
  const read = (headers: Record<string, string>) =>
    raw(host, '/metrics', { headers: { host: name, ...headers } })
  const others: Record<string, string>[] = [
    {},
    { authorization: metricsToken },
    { authorization: `Basic ${metricsToken}` },
    ...passedOn,
  ]
  for (const headers of others) {
    expect([headers, (await read(headers)).status]).toEqual([headers, 401])
  }
  expect((await read(bearer(`${metricsToken}x`))).status).toBe(401)
  // More often than wrong tokens may come.
  for (let turn = 0; turn < 50; turn++) expect((await read(bearer(metricsToken))).status).toBe(200)
  expect((await read(bearer(token))).status).toBe(200)
  const elsewhere = await host.api('GET', '/plugins', undefined, bearer(metricsToken))
  expect(elsewhere.status).toBe(401)
  expect(host.log.join('')).not.toContain(metricsToken)
})
