import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type OtlpReceiver, otlpReceiver, type ReceivedSpan } from '@mortise/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { traceIdOf } from '../src/tracing/tracing.ts'
import { manifest, openReceiver, startServer, type TestServer } from './harness.ts'

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
let collector: OtlpReceiver

beforeAll(async () => {
  collector = await otlpReceiver()
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url
  process.env.OTEL_SERVICE_NAME = 'mortise-of-the-tests'
})
afterAll(() => collector[Symbol.asyncDispose]())

/** Names from a span up to the first of its trace. */
const pathOf = (span: ReceivedSpan): string[] => {
  const parent = collector.spans.find(({ spanId }) => spanId === span.parentId)
  return [span.name, ...(parent ? pathOf(parent) : span.parentId ? [span.parentId] : [])]
}
const find = (name: string, attributes: Record<string, string> = {}) => {
  const found = collector.spans.find(
    (span) =>
      span.name === name &&
      Object.entries(attributes).every(([key, value]) => span.attributes[key] === value),
  )
  if (!found) throw new Error(`No span ${name} among ${collector.spans.map((span) => span.name).join(', ')}`)
  return found
}
const createSession = (host: TestServer, headers = {}) =>
  host.api(
    'POST',
    '/calls',
    { calls: [['sessions.create', [{ user: 'ada', template: 'firefox' }]]] },
    headers,
  )

it('ties a request, its event, filters, deliveries and what leaves to one trace', async () => {
  await using receiver = await openReceiver()
  const host = await startServer({ exportTraces: true, allowPrivateHosts: [receiver.host] })
  await host.add(
    {
      'manifest.json': manifest({
        permissions: ['read:sessions', 'filter:events'],
        configSchema: { type: 'object', properties: { url: { type: 'string', format: 'uri' } } },
      }),
      'plugin.js': `module.exports = {
        filterSessionCreated: () => ({ action: 'pass' }),
        async onSessionCreated() {
          await fetch(this.config.url, { method: 'POST', headers: { traceparent: '00-${'e'.repeat(32)}-${'e'.repeat(16)}-01' } })
        },
      }`,
    },
    { config: { url: `${receiver.url}/plugin?key=SECRET-IN-URL` }, hosts: [receiver.host] },
  )
  await host.api('POST', '/webhooks', {
    name: 'w',
    url: `${receiver.url}/hook`,
    event_types: ['session.created'],
  })
  const answer = await createSession(host, { traceparent })
  expect(answer.headers.get('traceresponse')).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/)
  const requests = await receiver.count(2)
  const { traceId } = await host.delivery('probe', 'done')
  expect(traceId).toBe(traceIdOf(traceparent))
  const { events } = (await host.api('GET', '/events')).body
  expect(events[0]).toMatchObject({ event: { event_type: 'session.created' }, traceId })
  expect(events[0].event).not.toHaveProperty('trace')
  const spans = [{ ...report(traceparent), methods: ['sessions.create'], plugin: 'probe', errors: 0 }]
  expect(await host.api('POST', '/spans', { spans })).toMatchObject({ status: 202, body: { kept: 1 } })
  await host.server.close()

  const upward = ['event append', 'call sessions.create', 'POST /api/v1/calls', 'bridge sessions.create']
  expect(pathOf(find('plugin filter'))).toEqual([
    'plugin filter',
    'filter ask',
    'event filter',
    ...upward.slice(1),
  ])
  expect(pathOf(find('plugin fetch'))).toEqual(['plugin fetch', 'plugin deliver', 'deliver', ...upward])
  expect(pathOf(find('webhook send'))).toEqual(['webhook send', 'deliver', ...upward])
  for (const [path, name] of [
    ['/plugin?key=SECRET-IN-URL', 'plugin fetch'],
    ['/hook', 'webhook send'],
  ] as const) {
    const { traceId, spanId } = find(name)
    const request = requests.find((one) => one.path === path)
    expect(request?.headers.traceparent).toBe(`00-${traceId}-${spanId}-01`)
  }
  expect(collector.bytes).toContain('mortise-of-the-tests')
  expect(collector.bytes).not.toContain('SECRET-IN-URL')
})

it('follows no trace that a stranger or a plugin names', async () => {
  const host = await startServer({ exportTraces: true })
  await host.add({
    'manifest.json': manifest({ permissions: ['read:sessions', 'emit:events'] }),
    'plugin.js': `module.exports = {
      async onSessionCreated() {
        await streamspace.events.emit('x', { traceparent: '${traceparent}', trace: '${traceparent}' })
      },
    }`,
  })
  const before = collector.spans.length
  await fetch(`${host.url}/api/v1/calls`, { method: 'POST', headers: { traceparent } })
  for (const wrong of [
    '00-0-0-01',
    traceparent.replace('00-', 'ff-'),
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
  ]) {
    await createSession(host, { traceparent: wrong })
  }
  await host.delivery('probe', 'done')
  const { events } = (await host.api('GET', '/events')).body
  expect(
    events.filter((one: { event: { event_type: string } }) => one.event.event_type === 'plugin.probe.x'),
  ).not.toEqual([])
  for (const { traceId } of events) expect(traceId).not.toBe(traceIdOf(traceparent))
  await host.server.close()
  const made = collector.spans.slice(before)
  expect(made.map(({ name }) => name)).toContain('POST /api/v1/calls')
  expect(made.filter(({ traceId }) => traceId === traceIdOf(traceparent))).toEqual([])
})

it('takes reports of pages only as far as they can be true', async () => {
  const host = await startServer({ exportTraces: true })
  const good = { ...report(traceparent), methods: ['sessions.create'], errors: 0 }
  for (const [change, pointer] of [
    [{ trace_id: '0'.repeat(32) }, '/spans/0/trace_id'],
    [{ span_id: 'x' }, '/spans/0/span_id'],
    [{ name: 'forged' }, '/spans/0/name'],
    [{ methods: [] }, '/spans/0/methods'],
    [{ duration_ms: 1e9 }, '/spans/0/duration_ms'],
  ] as const) {
    const { status, body } = await host.api('POST', '/spans', { spans: [{ ...good, ...change }] })
    expect({ status, pointer: body.issues?.[0]?.pointer }).toEqual({ status: 400, pointer })
  }
  expect((await host.api('POST', '/spans', { spans: [{ ...good, start_ms: 5 }] })).status).toBe(400)
  const stranger = await fetch(`${host.url}/api/v1/spans`, {
    method: 'POST',
    body: JSON.stringify({ spans: [good] }),
  })
  expect(stranger.status).toBe(401)
  const span_id = '00f067aa0ba902b7'
  await host.api('POST', '/spans', {
    spans: [{ ...good, span_id, plugin: 'nobody', methods: ['<script>', 'sessions.list'] }],
  })
  await host.server.close()
  const kept = collector.spans.find((span) => span.spanId === span_id)
  expect(kept?.name).toBe('bridge batch')
  expect(kept?.attributes['mortise.plugin']).toBeUndefined()
})

it('refuses settings of the exporter that it does not have', async () => {
  process.env.OTEL_EXPORTER_OTLP_PROTOCOL = 'grpc'
  await expect(startServer({ exportTraces: true })).rejects.toThrow('must be http/protobuf, not ')
  delete process.env.OTEL_EXPORTER_OTLP_PROTOCOL
  process.env.OTEL_TRACES_SAMPLER = 'sometimes'
  await expect(startServer({ exportTraces: true })).rejects.toThrow('OTEL_TRACES_SAMPLER must be one of')
  delete process.env.OTEL_TRACES_SAMPLER
})

it('sends and keeps nothing about traces where none are exported', async () => {
  await using receiver = await openReceiver()
  await using host = await startServer({ allowPrivateHosts: [receiver.host] })
  await host.api('POST', '/webhooks', {
    name: 'w',
    url: `${receiver.url}/hook`,
    event_types: ['session.created'],
  })
  const answer = await createSession(host, { traceparent })
  expect(answer.headers.get('traceresponse')).toBeNull()
  const [request] = await receiver.count(1)
  expect(request?.headers.traceparent).toBeUndefined()
  const [{ traceId }] = (await host.api('GET', '/events')).body.events
  expect(traceId).toBeUndefined()
  const spans = [{ ...report(traceparent), methods: ['sessions.create'], errors: 0 }]
  expect((await host.api('POST', '/spans', { spans })).body).toEqual({ kept: 0 })
})

it('loads the SDK in one file, which is loaded only where traces are exported', async () => {
  const source = join(import.meta.dirname, '../src')
  const files = (await readdir(source, { recursive: true })).filter((file) => file.endsWith('.ts'))
  const texts = await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(join(source, file), 'utf8') })),
  )
  const sdk = /from '@opentelemetry\/(?!api')/
  expect(texts.filter(({ text }) => sdk.test(text)).map(({ file }) => file)).toEqual([
    'tracing/export-traces.ts',
  ])
  const statically = /^import (?!type).*export-traces/m
  expect(texts.filter(({ text }) => statically.test(text))).toEqual([])
})

function report(parent: string) {
  const [, trace_id, span_id] = parent.split('-')
  return { trace_id, span_id, start_ms: Date.now(), duration_ms: 12 }
}
