import { expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { manifest, readFeed, startServer, type TestServer, token } from './harness.ts'

const publish = (host: TestServer, count: number, from = 0) =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      host.server.publish({ event_type: 'a.b', target_id: `${from + index}` }),
    ),
  )
const ids = (frames: readonly { type: string }[]) =>
  frames.flatMap((frame) => ('event' in frame ? [(frame.event as { target_id: string }).target_id] : []))
const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index))

it('sends what happens while a client is connected', async () => {
  await using host = await startServer()
  using feed = readFeed(host.url)
  const hello = await feed.find(({ type }) => type === 'hello')
  expect(hello).toMatchObject({ cursor: '000000000000' })
  const id = await host.server.publish({ event_type: 'server.started', severity: 'warning' })
  const frame = await feed.find(({ type }) => type === 'event')
  expect(frame).toMatchObject({
    cursor: '000000000001',
    event: {
      event_id: id,
      event_type: 'server.started',
      action: 'server_started',
      severity: 'warning',
      meta: {},
    },
  })
})

it('resumes after a cursor without gap or duplicate, while events keep coming', async () => {
  await using host = await startServer()
  await publish(host, 3000)
  using first = readFeed(host.url, '0')
  const middle = await first.find((frame) => frame.type === 'event' && frame.event.target_id === '312')
  first[Symbol.dispose]()
  using second = readFeed(host.url, 'cursor' in middle ? middle.cursor : '')
  await second.find(({ type }) => type === 'hello')
  // One after the other, so that they come between the pages of the past.
  for (let next = 3000; next < 3200; next++) await publish(host, 1, next)
  await second.find((frame) => frame.type === 'event' && frame.event.target_id === '3199')
  const before = ids(first.frames)
  expect([...before.slice(0, before.indexOf('312') + 1), ...ids(second.frames)]).toEqual(numbers(3200))
})

it('resumes across a restart of the server', async () => {
  await using first = await startServer()
  await publish(first, 5)
  await first.server.close()
  await using second = await startServer({ dataDir: first.dataDir })
  using feed = readFeed(second.url, '000000000002')
  await publish(second, 2, 5)
  await feed.find((frame) => frame.type === 'event' && frame.event.target_id === '6')
  expect(ids(feed.frames)).toEqual(['2', '3', '4', '5', '6'])
})

it('tells a client with a cursor from elsewhere to read the state anew', async () => {
  await using host = await startServer()
  await publish(host, 1)
  for (const cursor of ['999999', 'abc', '-1']) {
    using feed = readFeed(host.url, cursor)
    const frame = await feed.find(({ type }) => type === 'snapshot_required')
    expect(frame).toMatchObject({ cursor: '000000000001' })
  }
})

it('drops old events at a start, and tells a client that stopped before them to read the state anew', async () => {
  await using first = await startServer()
  await publish(first, 10)
  await first.server.close()
  await using second = await startServer({ dataDir: first.dataDir, keepEvents: 4 })
  using late = readFeed(second.url, '5')
  expect(await late.find(({ type }) => type === 'snapshot_required')).toMatchObject({
    cursor: '000000000010',
  })
  using early = readFeed(second.url, '6')
  await early.find((frame) => frame.type === 'event' && frame.event.target_id === '9')
  expect(ids(early.frames)).toEqual(['6', '7', '8', '9'])
  expect((await second.api('GET', '/events')).body.events).toHaveLength(4)
})

it('stores an event with a known id once, and says so with the same id', async () => {
  await using host = await startServer()
  for (let time = 0; time < 2; time++) {
    const answer = await host.api('POST', '/events', { event_type: 'a.b', event_id: 'evt-1' })
    expect(answer).toMatchObject({ status: 202, body: { event_id: 'evt-1' } })
  }
  expect((await host.api('GET', '/events?limit=10')).body.events).toMatchObject([
    { event: { event_id: 'evt-1' } },
  ])
})

it('tells of everything that is done to plugins', async () => {
  await using host = await startServer()
  await host.add({ 'manifest.json': manifest(), 'plugin.js': 'module.exports = {}' }, { config: { a: 1 } })
  await host.api('POST', '/plugins/probe/disable')
  await host.api('DELETE', '/plugins/probe')
  const { events } = (await host.api('GET', '/events')).body
  const seen = events.map(({ event }: { event: { event_type: string; data: unknown } }) => event)
  expect(seen.map(({ event_type }: { event_type: string }) => event_type).reverse()).toEqual([
    'plugin.installed',
    'plugin.granted',
    'plugin.configured',
    'plugin.enabled',
    'plugin.disabled',
    'plugin.uninstalled',
  ])
  expect(seen[0]).toMatchObject({ data: { plugin: 'probe' }, username: 'Administrator' })
})

it('cuts a client that does not read, and lets the others be', async () => {
  await using host = await startServer()
  using quick = readFeed(host.url)
  await quick.find(({ type }) => type === 'hello')
  const slow = new WebSocket(`${host.url.replace('http', 'ws')}/api/v1/events/stream`, {
    headers: { authorization: `Bearer ${token}` },
  })
  await new Promise((resolve) => slow.once('message', resolve))
  slow.pause()
  const closed = new Promise((resolve) => slow.once('close', resolve))
  const meta = { text: 'x'.repeat(200_000) }
  for (let index = 0; index < 80; index++) {
    await host.server.publish({ event_type: 'a.b', target_id: String(index), meta })
  }
  slow.resume()
  expect(await closed).toBe(1006)
  await quick.find((frame) => frame.type === 'event' && frame.event.target_id === '79')
  expect(ids(quick.frames)).toEqual(numbers(80))
})
