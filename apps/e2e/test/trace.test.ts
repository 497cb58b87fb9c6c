import { canaryServer, launchChromium, otlpReceiver } from '@mortise/testing'
import { expect, test } from 'vitest'
import { createClient, openConsole, start } from '../src/index.ts'

const forgedTrace = 'f'.repeat(32)
const forged = `00-${forgedTrace}-${'f'.repeat(16)}-01`

// Messages and arguments of a guest that would like to choose where in which trace it appears.
const widget = `
  const post = MessagePort.prototype.postMessage
  MessagePort.prototype.postMessage = function (message, ...rest) {
    const isCall = message?.path?.[0] === 'call' && message.argumentList
    return post.call(this, isCall ? { ...message, traceparent: '${forged}', trace: '${forged}' } : message, ...rest)
  }
  export default {
    widgets: {
      async traced({ api, root }) {
        const wish = { user: 'mira', template: 'firefox', name: 'traced' }
        await api.sessions.create({ ...wish, traceparent: '${forged}' }).catch(() => {})
        const { name } = await api.sessions.create(wish)
        const text = document.createElement('m-text')
        text.textContent = 'created ' + name
        root.append(text)
      },
    },
  }
`

test('one trace leads from the bridge of a widget over the backend to a webhook', async () => {
  await using collector = await otlpReceiver()
  await using receiver = await canaryServer()
  await using console_ = await start({
    MORTISE_ALLOW_PRIVATE_HOSTS: new URL(receiver.url).host,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  })
  await using browser = await launchChromium()
  const client = createClient(console_)
  await client.request('POST', '/webhooks', {
    name: 'Receiver',
    url: `${receiver.url}/hook`,
    event_types: ['session.created'],
  })
  await client.install({
    manifest: {
      name: 'tracer',
      version: '1.0.0',
      displayName: 'Tracer',
      description: 'Creates a session.',
      type: 'extension',
      author: 'Mallory',
      permissions: ['write:sessions'],
      entrypoints: { ui: 'widget.js' },
      contributes: { widgets: [{ id: 'traced', title: 'Traced', slot: 'dashboard.main' }] },
    },
    files: { 'widget.js': widget },
  })
  const { page, problems } = await openConsole(browser, console_)
  await page.getByText('created traced').waitFor()
  const request = await receiver.waitFor(({ headers }) => headers['x-sm-event-type'] === 'session.created')
  const [, traceId] = String(request.headers.traceparent).split('-')

  await collector.waitFor((span) => span.traceId === traceId && span.name === 'webhook send')
  const bridge = await collector.waitFor(
    (span) => span.traceId === traceId && span.name === 'bridge sessions.create',
  )
  expect(bridge).toMatchObject({ parentId: '', attributes: { 'mortise.plugin': 'tracer' } })
  const pathOf = (id: string | undefined): string[] => {
    const span = collector.spans.find(({ spanId }) => spanId === id)
    return span ? [span.name, ...pathOf(span.parentId)] : []
  }
  expect(
    pathOf(collector.spans.find((span) => span.traceId === traceId && span.name === 'webhook send')?.spanId),
  ).toEqual([
    'webhook send',
    'deliver',
    'event append',
    'call sessions.create',
    'POST /api/v1/calls',
    'bridge sessions.create',
  ])
  const { events } = (await client.request('GET', '/events')).body as {
    events: { event: { event_type: string }; traceId?: string }[]
  }
  expect(events.find(({ event }) => event.event_type === 'session.created')?.traceId).toBe(traceId)
  expect(collector.spans.map((span) => span.traceId)).not.toContain(forgedTrace)
  expect(problems).toEqual({ errors: [], policy: [] })
})
