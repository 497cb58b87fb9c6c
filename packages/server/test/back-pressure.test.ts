import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { manifest, openReceiver, startServer, type TestServer } from './harness.ts'

const configSchema = { type: 'object', properties: { hookUrl: { type: 'string' } }, required: ['hookUrl'] }
/** Says it is there, then holds its first event until it is answered. */
const holder = `
  module.exports = {
    async onSessionCreated() {
      if (this.held) return
      this.held = true
      await fetch(this.config.hookUrl, { method: 'POST' })
    },
  }`

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const heap = () => {
  collect()
  return process.memoryUsage().heapUsed
}

it('holds a hundred thousand events for a plugin that stands still without keeping them in memory', async () => {
  await using receiver = await openReceiver(() => 0)
  await using host = await startServer({ allowPrivateHosts: [receiver.host] })
  await host.add(
    { 'manifest.json': manifest({ configSchema }), 'plugin.js': holder },
    { config: { hookUrl: receiver.url }, hosts: [receiver.host] },
  )
  const session = (await host.call('sessions.create', { user: 'ada', template: 'firefox' })) as object
  await receiver.count(1)
  const publish = () =>
    host.server.publish({
      event_type: 'session.created',
      meta: { note: 'x'.repeat(200) },
      data: { session },
    })
  for (let index = 0; index < 500; index++) await publish()
  const before = heap()
  const total = 100_000
  for (let sent = 0; sent < total; sent += 500) await Promise.all(Array.from({ length: 500 }, publish))
  const grown = (heap() - before) / 1e6
  const { waiting, backlog } = (await host.api('GET', '/plugins/probe/deliveries?limit=1')).body
  // What was under way when the ten thousandth was written comes on top.
  expect(waiting).toBeGreaterThanOrEqual(10_000)
  expect(waiting).toBeLessThan(11_000)
  expect(backlog).toMatchObject({ behindFrom: expect.stringMatching(/^0{7}\d{5}$/), lost: 0 })
  // The events are more than 70 MB.
  expect(grown).toBeLessThan(20)
}, 120_000)

/** Publishes many at once, inside one turn of the event loop. */
async function publishAtOnce(host: TestServer, count: number, note = '') {
  const event = { event_type: 'probe.sent', meta: { note } }
  const answers = await Promise.allSettled(Array.from({ length: count }, () => host.server.publish(event)))
  const taken = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))
  return { taken, refused }
}

it('refuses events when more wait for the disk than may, and keeps all it said yes to', async () => {
  await using host = await startServer({ publishLimits: { events: 20, bytes: 1_000_000 } })
  const { taken, refused } = await publishAtOnce(host, 200)
  expect(taken).toHaveLength(20)
  for (const error of refused) expect(error).toMatchObject({ code: 'QUEUE_FULL', retryable: true })
  const { events } = (await host.api('GET', '/events?limit=1000')).body
  expect(events.map((one: { event: { event_id: string } }) => one.event.event_id).sort()).toEqual(
    taken.sort(),
  )
  expect((await publishAtOnce(host, 1)).taken).toHaveLength(1)
})

it('counts bytes too, so that few large events do not fill the memory', async () => {
  await using host = await startServer({ publishLimits: { events: 1000, bytes: 100_000 } })
  expect((await publishAtOnce(host, 10, 'x'.repeat(30_000))).taken).toHaveLength(3)
})

it('tells publishers over HTTP when to come back', async () => {
  await using host = await startServer({ publishLimits: { events: 0, bytes: 0 } })
  const refused = await host.api('POST', '/events', { event_type: 'probe.sent' })
  expect(refused).toMatchObject({
    status: 503,
    body: { code: 'QUEUE_FULL', retryable: true, data: { retryAfter: 1 } },
  })
  expect(refused.headers.get('retry-after')).toBe('1')
})
