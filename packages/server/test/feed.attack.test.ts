import { expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { manifest, readFeed, startServer, type TestServer, token } from './harness.ts'

const stream = (host: TestServer, query = '') =>
  `${host.url.replace('http', 'ws')}/api/v1/events/stream${query}`
const withToken = { headers: { authorization: `Bearer ${token}` } }
const types = (feed: ReturnType<typeof readFeed>) =>
  feed.frames.flatMap((frame) => (frame.type === 'event' ? [frame.event.event_type] : []))

/** Follows for a plugin. */
function follow(host: TestServer, plugin: string) {
  return readFeed(host.url, `0&plugin=${plugin}`)
}

/** The answer to a handshake that is refused. */
function refusal(
  host: TestServer,
  query: string,
): Promise<{ status: number; retryAfter: string | undefined }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(stream(host, query), withToken)
    socket.on('unexpected-response', (_request, { statusCode = 0, headers }) => {
      resolve({ status: statusCode, retryAfter: headers['retry-after'] })
      socket.terminate()
    })
    socket.on('open', () => reject(new Error('The handshake was accepted')))
    socket.on('error', () => {})
  })
}

it('sends a plugin what it was granted, and nothing else', async () => {
  await using host = await startServer()
  const files = { 'plugin.js': 'module.exports = {}' }
  await host.add({ 'manifest.json': manifest({ name: 'reader' }), ...files })
  await host.add({ 'manifest.json': manifest({ name: 'stranger', permissions: ['read:users'] }), ...files })
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await host.server.publish({ event_type: 'secret.of_the_host' })
  using reader = follow(host, 'reader')
  using stranger = follow(host, 'stranger')
  using person = readFeed(host.url, '0')
  await host.call('sessions.create', { user: 'mira', template: 'firefox' })
  await expect.poll(() => types(reader)).toEqual(['session.created', 'session.created'])
  await expect
    .poll(() => types(person).slice(-3))
    .toEqual(['session.created', 'secret.of_the_host', 'session.created'])
  expect(types(stranger)).toEqual([])
})

it('stops sending with the next event once a permission is taken back or the plugin is disabled', async () => {
  await using host = await startServer()
  await host.add({ 'manifest.json': manifest(), 'plugin.js': 'module.exports = {}' })
  using feed = follow(host, 'probe')
  using person = readFeed(host.url)
  await person.find(({ type }) => type === 'hello')
  const create = () => host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await create()
  await expect.poll(() => types(feed)).toEqual(['session.created'])
  const seenByPerson = () => types(person).filter((type) => type === 'session.created').length
  await host.api('PUT', '/plugins/probe/grants', { permissions: { 'read:sessions': false } })
  await create()
  await expect.poll(seenByPerson).toBe(2)
  await host.api('PUT', '/plugins/probe/grants', { permissions: { 'read:sessions': true } })
  await host.api('POST', '/plugins/probe/disable')
  await create()
  await expect.poll(seenByPerson).toBe(3)
  expect(types(feed)).toEqual(['session.created'])
})

it('refuses to follow for a plugin that is not there', async () => {
  await using host = await startServer()
  for (const name of ['nobody', '__proto__', '..%2f', '']) {
    expect((await refusal(host, `?plugin=${name}`)).status).toBe(404)
  }
})

it('takes a forged cursor for none', async () => {
  await using host = await startServer()
  await host.server.publish({ event_type: 'a.b' })
  const forged = [
    '-1',
    '1e3',
    '0x1',
    '2',
    '9007199254740993',
    '999999999999999999',
    '1 or 1=1',
    '%00',
    '1.5',
    'NaN',
  ]
  for (const cursor of forged) {
    using feed = readFeed(host.url, cursor)
    expect(await feed.find(({ type }) => type === 'snapshot_required')).toMatchObject({
      cursor: '000000000001',
    })
    expect(types(feed)).toEqual([])
  }
})

it('refuses clients past its limit, and takes one again when another left', async () => {
  await using host = await startServer({ feedLimits: { clients: 3 } })
  const feeds = [readFeed(host.url), readFeed(host.url), readFeed(host.url)]
  await Promise.all(feeds.map((feed) => feed.find(({ type }) => type === 'hello')))
  expect(await refusal(host, '')).toEqual({ status: 429, retryAfter: '30' })
  feeds[0]?.[Symbol.dispose]()
  await feeds[0]?.closed
  await expect
    .poll(async () => {
      using feed = readFeed(host.url)
      return await Promise.race([
        feed.find(({ type }) => type === 'hello').then(() => 'in'),
        feed.closed.then(() => 'out'),
      ])
    })
    .toBe('in')
  for (const feed of feeds) feed[Symbol.dispose]()
})

it('never leaves a gap without saying so to a client that is slower than the log forgets', async () => {
  await using host = await startServer({ keepEvents: 50 })
  const meta = { text: 'x'.repeat(20_000) }
  const publish = (from: number, count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        host.server.publish({ event_type: 'a.b', target_id: String(from + index), meta }),
      ),
    )
  await publish(0, 900)
  const socket = new WebSocket(stream(host, '?after=0'), withToken)
  const frames: { type: string; cursor: string }[] = []
  socket.on('message', (data) => frames.push(JSON.parse(String(data))))
  await new Promise((resolve) => socket.once('message', resolve))
  socket.pause()
  await publish(900, 1500)
  socket.resume()
  await expect.poll(() => Number(frames.at(-1)?.cursor), { timeout: 20_000 }).toBeGreaterThanOrEqual(2400)
  let last = 0
  for (const { type, cursor } of frames.filter(
    (frame) => frame.type !== 'hello' && frame.type !== 'heartbeat',
  )) {
    if (type === 'event') expect(Number(cursor)).toBe(last + 1)
    last = Number(cursor)
  }
  expect(frames.map(({ type }) => type)).toContain('snapshot_required')
  socket.terminate()
})

it('cuts whoever signed out, and a client that answers no ping', async () => {
  await using host = await startServer({ feedLimits: { heartbeatMs: 200 } })
  const signedIn = await host.api('POST', '/auth/sign-in', { token }, { origin: host.url })
  const cookie = signedIn.headers.get('set-cookie')!.split(';', 1)[0]!
  const asPerson = new WebSocket(stream(host), { headers: { cookie, origin: host.url } })
  await new Promise((resolve) => asPerson.once('message', resolve))
  const closed = new Promise((resolve) => asPerson.once('close', resolve))
  const signOut = await fetch(`${host.url}/api/v1/auth/sign-out`, {
    method: 'POST',
    headers: { cookie, origin: host.url },
  })
  expect(signOut.status).toBe(200)
  expect(await closed).toBe(1008)

  const silent = new WebSocket(stream(host), { ...withToken, autoPong: false })
  const cut = new Promise((resolve) => silent.once('close', resolve))
  expect(await cut).toBe(1006)
  const metrics = await (await fetch(`${host.url}/metrics`)).text()
  expect(metrics).toContain('mortise_feed_cuts_total{reason="signed-out"} 1')
  expect(metrics).toContain('mortise_feed_cuts_total{reason="silent"} 1')
})

it('tells its clients that the server stops', async () => {
  const host = await startServer()
  using feed = readFeed(host.url)
  await feed.find(({ type }) => type === 'hello')
  await host.server.close()
  expect(await feed.closed).toBe(1001)
})

it('ends a client that sends more than a feed is for', async () => {
  await using host = await startServer()
  const socket = new WebSocket(stream(host), withToken)
  await new Promise((resolve) => socket.once('message', resolve))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.send('x'.repeat(5000))
  expect(await closed).toBe(1009)
})
