import { type OtlpReceiver, otlpReceiver, type ReceivedSpan } from '@mortise/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { traceIdOf } from '../src/tracing/tracing.ts'
import { gateway } from './gateway.ts'
import { manifest, startServer, type TestServer } from './harness.ts'

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
let collector: OtlpReceiver

beforeAll(async () => {
  collector = await otlpReceiver()
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url
})
afterAll(() => collector[Symbol.asyncDispose]())

const open = (options = {}) => startServer({ exportTraces: true, domains: [gateway], ...options })
const named = (name: string, traceId: string) =>
  collector.spans.filter((span) => span.name === name && span.traceId === traceId)
const childrenOf = (parent: ReceivedSpan | undefined) =>
  collector.spans.filter(({ parentId }) => parentId === parent?.spanId)
/** What a span says of one plugin that was asked. */
const said = ({ name, attributes, isError }: ReceivedSpan) => [
  name,
  attributes['mortise.plugin'],
  attributes['mortise.decision'],
  attributes['error.type'],
  isError,
]
async function join(host: TestServer, name: string, priority: number, run: string, timeoutMs = 2000) {
  await host.add({
    'manifest.json': manifest({ name, permissions: ['join:rings'] }),
    'plugin.js': `module.exports = { rings: { pre_flight: { priority: ${priority}, timeoutMs: ${timeoutMs}, run: ${run} } } }`,
  })
}

it('makes one span of a run, and one beneath it for each plugin asked', async () => {
  const host = await open()
  await join(host, 'a', 1, `async () => { await new Promise((done) => setTimeout(done, 30)) }`)
  await join(
    host,
    'b',
    2,
    `() => ({ action: 'modify', body: { prompt: 'b' }, metadata: { secret: 'NOT-IN-SPANS' } })`,
  )
  await join(host, 'c', 3, `() => { throw Object.assign(new Error('NOT-IN-SPANS'), { code: 'FORGED' }) }`)
  await join(host, 'd', 4, `() => ({ action: 'explode' })`)
  await join(host, 'dd', 5, `() => new Promise(() => {})`, 80)
  await join(host, 'e', 5, `() => ({ action: 'block', message: 'NOT-IN-SPANS' })`)
  await join(host, 'f', 6, `() => ({ action: 'passthrough' })`)
  const answer = await host.api(
    'POST',
    '/rings/pre_flight',
    { body: { prompt: 'NOT-IN-SPANS' } },
    { traceparent },
  )
  expect(answer.body).toMatchObject({ action: 'block' })
  await host.server.close()

  const [request] = named('POST /api/v1/rings/:ring', traceIdOf(traceparent))
  const [ring, ...others] = childrenOf(request)
  expect(others).toEqual([])
  expect([ring?.name, ring?.attributes['mortise.ring'], ring?.attributes['mortise.decision']]).toEqual([
    'ring pre_flight',
    'pre_flight',
    'block',
  ])
  const asked = childrenOf(ring)
  expect(asked.map(said)).toEqual([
    ['ring ask', 'a', 'passthrough', undefined, false],
    ['ring ask', 'b', 'modify', undefined, false],
    ['ring ask', 'c', 'failed', 'PLUGIN_THREW', true],
    ['ring ask', 'd', 'failed', 'INPUT_INVALID', true],
    ['ring ask', 'dd', 'failed', 'PLUGIN_TIMEOUT', true],
    ['ring ask', 'e', 'block', undefined, false],
  ])
  expect(asked[0]?.durationMs).toBeGreaterThanOrEqual(29)
  expect(ring?.durationMs).toBeGreaterThanOrEqual(asked[0]?.durationMs ?? Number.NaN)
  for (const one of asked) expect(childrenOf(one).map(({ name }) => name)).toEqual(['plugin ring'])
  expect(collector.bytes).not.toContain('NOT-IN-SPANS')
  expect(collector.bytes).not.toContain('FORGED')
})

it('says which plugin was left out, and follows the trace that the host names', async () => {
  const host = await open()
  await join(host, 'broken', 1, `() => { throw new Error('no') }`)
  const own = traceparent.replace('0af7', '1bf7')
  const input = { body: { prompt: 'hi' }, traceparent: own }
  for (let round = 0; round < 11; round++) await host.server.rings.run('pre_flight', input)
  await host.server.close()
  const runs = named('ring pre_flight', traceIdOf(own))
  expect(runs).toHaveLength(11)
  expect(new Set(runs.map(({ parentId }) => parentId))).toEqual(new Set(['b7ad6b7169203331']))
  expect(childrenOf(runs[9]).map(said)).toEqual([['ring ask', 'broken', 'failed', 'PLUGIN_THREW', true]])
  expect(childrenOf(runs[10]).map(said)).toEqual([['ring ask', 'broken', 'quarantined', undefined, false]])
})

it('says what each filter decided about an event, and what became of it', async () => {
  const host = await open()
  const add = (name: string, verdict: string) =>
    host.add({
      'manifest.json': manifest({ name, permissions: ['read:sessions', 'filter:events'] }),
      'plugin.js': `module.exports = { filterSessionCreated: (session) => { ${verdict} } }`,
    })
  await add('a', `throw new Error('NOT-IN-SPANS')`)
  await add('b', `return { action: 'modify', payload: { ...session, name: 'b' } }`)
  await add('c', `if (session.user === 'eve') return { action: 'drop', reason: 'NOT-IN-SPANS' }`)
  const create = (user: string, headers: Record<string, string>) =>
    host.api('POST', '/calls', { calls: [['sessions.create', [{ user, template: 't' }]]] }, headers)
  const dropped = traceparent.replace('0af7', '2cf7')
  const passed = traceparent.replace('0af7', '3cf7')
  await create('eve', { traceparent: dropped })
  await create('ada', { traceparent: passed })
  await host.server.close()
  for (const [trace, last, outcome] of [
    [dropped, 'drop', 'drop'],
    [passed, 'pass', 'modify'],
  ] as const) {
    const [filter] = named('event filter', traceIdOf(trace))
    expect(filter?.attributes['mortise.decision']).toBe(outcome)
    expect(childrenOf(filter).map(said)).toEqual([
      ['filter ask', 'a', 'failed', 'PLUGIN_THREW', true],
      ['filter ask', 'b', 'modify', undefined, false],
      ['filter ask', 'c', last, undefined, false],
    ])
  }
})
