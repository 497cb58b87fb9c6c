import { expect, it, vi } from 'vitest'
import { makeDataDir, manifest, openReceiver, startServer, type TestServer } from './harness.ts'

vi.setConfig({ testTimeout: 90_000 })

const configSchema = { type: 'object', properties: { url: { type: 'string' } } }
const slow = (body: string, more: object = {}) => ({
  'manifest.json': manifest({ name: 'slow', configSchema, ...more }),
  'plugin.js': `module.exports = { ${body} }`,
})
const backlog = async (host: TestServer, plugin = 'slow') => {
  const { body } = await host.api('GET', `/plugins/${plugin}/deliveries?limit=1`)
  return { waiting: body.waiting, ...body.backlog }
}
const notes = async (host: TestServer, plugin = 'slow') =>
  (await host.api('GET', `/plugins/${plugin}/logs`)).body.logs.map(
    ({ message }: { message: string }) => message,
  )

async function publish(host: TestServer, count: number, from = 0): Promise<string[]> {
  const session = await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  const ids = Array.from({ length: count }, (_, index) => `event-${String(from + index).padStart(5, '0')}`)
  for (let at = 0; at < count; at += 100) {
    await Promise.all(
      ids.slice(at, at + 100).map((event_id) =>
        host.server.publish({
          event_type: 'session.woken',
          event_id,
          data: { session: session as object },
        }),
      ),
    )
  }
  return ids
}

it('writes no more deliveries for a plugin that stands still, and makes all of them once it gets on', async () => {
  const dataDir = await makeDataDir()
  await using receiver = await openReceiver((index) => (index === 0 ? 0 : 200))
  const options = { dataDir, mostWaiting: 40, allowPrivateHosts: [receiver.host] }
  const quick = {
    'manifest.json': manifest({ name: 'quick' }),
    'plugin.js': 'module.exports = { onSessionWoken() {} }',
  }
  let ids: string[]
  {
    await using host = await startServer({ ...options, drainMs: 200 })
    await host.add(
      slow(
        `async onEvent({ id, type }) { if (type === 'session.woken') await fetch(this.config.url + '/' + id) }`,
        {
          deliveries: { orderBy: '*' },
        },
      ),
      { config: { url: receiver.url }, hosts: [receiver.host] },
    )
    await host.add(quick)
    ids = await publish(host, 600)
    await expect
      .poll(() => backlog(host, 'quick'), { timeout: 60_000 })
      .toMatchObject({ waiting: 0, behindSince: null })
    const { waiting, behindSince, behindFrom, lost } = await backlog(host)
    expect(waiting).toBeGreaterThanOrEqual(40)
    expect(waiting).toBeLessThanOrEqual(40 + 100)
    expect([behindSince, behindFrom, lost]).toEqual([expect.any(String), expect.any(String), 0])
    expect(await notes(host)).toContainEqual(expect.stringContaining('40 deliveries wait'))
    const metrics = await (await fetch(`${host.url}/metrics`)).text()
    expect(metrics).toContain('mortise_plugin_behind{plugin="slow"} 1')
    expect(metrics).toContain('mortise_plugin_behind{plugin="quick"} 0')
  }
  // The next process takes it up where it was, while more happens.
  await using host = await startServer(options)
  ids = [...ids, ...(await publish(host, 200, 600))]
  await expect
    .poll(() => backlog(host), { timeout: 60_000 })
    .toEqual({ waiting: 0, behindSince: null, behindFrom: null, lost: 0, lostAt: null })
  const got = receiver.requests.map(({ path }) => path.slice(1))
  // The first was under way when the server stopped, so it came twice.
  expect(got.slice(0, 2)).toEqual([ids[0], ids[0]])
  expect(got.slice(1)).toEqual(ids)
})

it('counts what the log dropped before a plugin got on, and says so', async () => {
  await using receiver = await openReceiver((index) => (index === 0 ? 0 : 200))
  await using host = await startServer({
    mostWaiting: 10,
    keepEvents: 50,
    allowPrivateHosts: [receiver.host],
    deliveryPolicy: { waitsMs: [], concurrency: 1 },
  })
  await host.add(slow(`async onSessionWoken() { await fetch(this.config.url) }`), {
    config: { url: receiver.url },
    hosts: [receiver.host],
  })
  const before = (await host.api('GET', '/events?limit=1')).body.events[0].cursor
  const total = 1200
  await publish(host, total)
  const state = await vi.waitFor(async () => {
    const now = await backlog(host)
    expect(now.lost).toBeGreaterThan(0)
    return now
  })
  // Each event waits, is still in the log, or is counted: `sessions.create` is one of them, and not for this plugin.
  const inLog = Number(before) + 1 + total + 1 - Number(state.behindFrom)
  expect(state.waiting + state.lost + inLog).toBe(total)
  expect(await notes(host)).toContainEqual(
    `${state.lost} events are lost: it was so far behind that the log dropped them.`,
  )
  expect(await (await fetch(`${host.url}/metrics`)).text()).toContain(
    `mortise_plugin_lost_total{plugin="slow"} ${state.lost}`,
  )
  for (const body of [{}, { lostAt: 7 }, { lostAt: 'now' }, { lostAt: state.lostAt, lost: 1 }]) {
    expect((await host.api('POST', '/plugins/slow/deliveries/dismiss', body)).status).toBe(400)
  }
  const stale = { lostAt: '2020-01-01T00:00:00.000Z' }
  expect(await host.api('POST', '/plugins/slow/deliveries/dismiss', stale)).toMatchObject({
    status: 409,
    body: { code: 'CONFLICT' },
  })
  const stranger = await fetch(`${host.url}/api/v1/plugins/slow/deliveries/dismiss`, { method: 'POST' })
  expect(stranger.status).toBe(401)
  expect(await backlog(host)).toMatchObject({ lost: state.lost })
  const { lostAt } = state
  const dismissed = await host.api('POST', '/plugins/slow/deliveries/dismiss', { lostAt })
  expect(dismissed).toMatchObject({ status: 200, body: { backlog: { lost: 0, lostAt } } })
  expect((await host.api('POST', '/plugins/slow/deliveries/dismiss', { lostAt })).status).toBe(409)
  const { event } = (await host.api('GET', '/events?limit=1')).body.events[0]
  expect(event).toMatchObject({
    event_type: 'plugin.loss_dismissed',
    user_id: 'admin',
    target_id: 'slow',
    data: { plugin: 'slow', lost: state.lost },
  })
  // A counter only grows.
  expect(await (await fetch(`${host.url}/metrics`)).text()).toContain(
    `mortise_plugin_lost_total{plugin="slow"} ${state.lost}`,
  )
  await host.api('POST', '/plugins/slow/disable')
  await host.api('POST', '/plugins/slow/enable')
  await expect
    .poll(() => backlog(host), { timeout: 30_000 })
    .toMatchObject({ waiting: 0, behindSince: null, lost: 0, lostAt: expect.any(String) })
  const delivered = (await host.api('GET', '/plugins/slow/deliveries?state=done&limit=1000')).body.deliveries
  const gone = total - state.lost - delivered.length
  // Those that were delivered before the log dropped them have no row any more.
  expect(gone).toBeGreaterThanOrEqual(0)
  expect(gone).toBeLessThanOrEqual(10 + 100)
  await host.api('DELETE', '/plugins/slow')
  await host.add(slow('onSessionWoken() {}'))
  expect(await backlog(host)).toMatchObject({ lost: 0, lostAt: null })
})

it('keeps a webhook that does not answer from filling the table, and sends it everything later', async () => {
  await using receiver = await openReceiver((index) => (index < 4 ? 0 : 200))
  await using host = await startServer({
    mostWaiting: 20,
    allowPrivateHosts: [receiver.host],
    webhookWaitMs: 1,
  })
  const { webhook_id: id } = (
    await host.api('POST', '/webhooks', {
      name: 'Slow',
      url: receiver.url,
      event_types: ['session.woken'],
      timeout: 2,
    })
  ).body
  const ids = await publish(host, 300)
  const record = async () => (await host.api('GET', `/webhooks/${id}`)).body
  expect(await record()).toMatchObject({ behind_since: expect.any(String), lost: 0 })
  expect((await record()).waiting).toBeLessThanOrEqual(20 + 100)
  await expect.poll(record, { timeout: 60_000 }).toMatchObject({ waiting: 0, behind_since: null, lost: 0 })
  expect([...new Set(receiver.requests.map(({ headers }) => headers['x-sm-event-id']))].sort()).toEqual(ids)
})
