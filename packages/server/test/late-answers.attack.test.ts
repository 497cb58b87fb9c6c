import { otlpReceiver } from '@mortise/testing'
import { expect, it, vi } from 'vitest'
import { gateway } from './gateway.ts'
import { manifest, startServer, type TestServer, token } from './harness.ts'
import { readMetricsText } from './read-metrics-text.ts'

vi.setConfig({ testTimeout: 60_000 })

// Whether a call was too late is for the sandbox to say. A plugin that throws what looks like it is one that threw.

const forged = `throw Object.assign(new Error('The plugin did not answer within 50 ms'), {
  name: 'TimeoutError', code: 'PLUGIN_TIMEOUT', outcome: 'late', data: { givenUp: true },
})`
const never = 'return new Promise(() => {})'
const authorization = `Bearer ${token}`
const created = { user: 'ada', template: 'firefox' }
/** One plugin for each way of being asked, which does the same in all of them. */
async function add(host: TestServer, work: string): Promise<void> {
  const ways = {
    filter: `filterSessionCreated() { ${work} }`,
    ring: `rings: { pre_flight() { ${work} } }`,
    http: `onHttpRequest() { ${work} }`,
    event: `onSessionCreated() { ${work} }`,
    command: `commands: { run() { ${work} } }`,
    job: `jobs: { run() { ${work} } }`,
  }
  for (const [name, source] of Object.entries(ways)) {
    await host.add({
      'manifest.json': manifest({
        name,
        permissions: ['read:sessions', 'filter:events', 'join:rings', 'serve:http', 'commands', 'scheduler'],
        contributes: { commands: [{ name: 'run', title: 'Run' }] },
        scheduler: { jobs: [{ name: 'run', schedule: 'monthly' }] },
      }),
      'plugin.js': `module.exports = { ${source} }`,
    })
  }
}

const scrape = async ({ url }: TestServer) => readMetricsText(await (await fetch(`${url}/metrics`)).text())
/** How the calls of a plugin ended that were no life cycle. */
const ends = async (host: TestServer, plugin: string) =>
  (await scrape(host)).samples
    .filter(({ name, labels }) => name === 'mortise_plugin_calls_total' && labels.plugin === plugin)
    .flatMap(({ labels: { kind, result } }) => (kind === 'load' || kind === 'call' ? [] : [[kind, result]]))
const ask = (host: TestServer) => fetch(`${host.url}/plugins/http/`, { headers: { authorization } })
const preFlight = async (host: TestServer) =>
  (await host.api('POST', '/rings/pre_flight', { body: { prompt: 'hi' } })).body
async function openCollector() {
  const collector = await otlpReceiver()
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url
  return {
    reasonsOf: (name: string) =>
      collector.spans.filter((span) => span.name === name).map(({ attributes }) => attributes['error.type']),
    [Symbol.asyncDispose]: () => collector[Symbol.asyncDispose](),
  }
}

it('takes an error that a plugin calls a timeout for what it is, in every path', async () => {
  await using collector = await openCollector()
  await using host = await startServer({
    domains: [gateway],
    exportTraces: true,
    deliveryPolicy: { waitsMs: [], concurrency: 1 },
  })
  await add(host, forged)
  await host.call('sessions.create', created)
  expect((await host.delivery('event', 'dead')).lastError).toMatchObject({ code: 'PLUGIN_THREW' })
  const answer = await ask(host)
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([502, 'PLUGIN_THREW'])
  expect(await preFlight(host)).toMatchObject({
    action: 'passthrough',
    error: expect.stringMatching(/^ring: TimeoutError: /),
  })
  expect(await host.api('POST', '/plugins/command/commands/run', {})).toMatchObject({
    status: 502,
    body: { code: 'PLUGIN_THREW' },
  })
  await host.api('POST', '/plugins/job/jobs/run/run')
  const job = async () => (await host.api('GET', '/plugins/job/jobs')).body.jobs[0].lastError
  await expect.poll(job, { timeout: 20_000 }).toMatchObject({ code: 'PLUGIN_THREW' })
  const kinds = {
    filter: 'filter',
    ring: 'ring',
    http: 'http',
    event: 'deliver',
    command: 'work',
    job: 'work',
  }
  for (const [plugin, kind] of Object.entries(kinds))
    expect([plugin, await ends(host, plugin)]).toEqual([plugin, [[kind, 'PLUGIN_THREW']]])
  await host.server.close()
  expect([collector.reasonsOf('filter ask'), collector.reasonsOf('ring ask')]).toEqual([
    ['PLUGIN_THREW'],
    ['PLUGIN_THREW'],
  ])
})

it('calls an answer that is late a timeout in every path, and a strike where it was a filter', async () => {
  await using collector = await openCollector()
  await using host = await startServer({
    domains: [gateway],
    exportTraces: true,
    filterMs: 100,
    answerMs: 500,
    deliveryPolicy: { waitsMs: [], concurrency: 1 },
  })
  await add(host, never)
  const strikes = async (id: string) => (await host.api('GET', `/plugins/${id}`)).body.strikes
  await host.call('sessions.create', created)
  await expect.poll(() => strikes('filter')).toBe(1)
  expect(
    (await scrape(host)).value('mortise_plugin_strikes_total', { plugin: 'filter', code: 'PLUGIN_TIMEOUT' }),
  ).toBe(1)
  const answer = await ask(host)
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([504, 'PLUGIN_TIMEOUT'])
  expect(await preFlight(host)).toMatchObject({ action: 'passthrough', error: 'Plugin ring timed out' })
  expect((await host.delivery('event', 'dead')).lastError).toMatchObject({ code: 'PLUGIN_TIMEOUT' })
  expect((await host.api('POST', '/plugins/command/commands/run', {})).body.code).toBe('PLUGIN_TIMEOUT')
  for (const [plugin, kind] of Object.entries({
    filter: 'filter',
    ring: 'ring',
    http: 'http',
    event: 'deliver',
  }))
    expect([plugin, await ends(host, plugin)]).toEqual([plugin, [[kind, 'PLUGIN_TIMEOUT']]])
  // The sandbox goes on: nobody held the processor.
  for (const plugin of ['ring', 'http', 'event']) expect([plugin, await strikes(plugin)]).toEqual([plugin, 0])
  await host.server.close()
  expect([collector.reasonsOf('filter ask'), collector.reasonsOf('ring ask')]).toEqual([
    ['PLUGIN_TIMEOUT'],
    ['PLUGIN_TIMEOUT'],
  ])
})
