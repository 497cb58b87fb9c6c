import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { manifest, openReceiver, readFeed, startServer, type TestServer, token } from './harness.ts'

/** A request whose body is sent in two halves. */
function slowRequest(host: TestServer, address = '127.0.0.1') {
  const body = JSON.stringify({ event_type: 'a.b', event_id: 'slow' })
  const { host: name, port } = new URL(host.url)
  const sent = request({
    host: address,
    port,
    path: '/api/v1/events',
    method: 'POST',
    headers: {
      host: name,
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': body.length,
    },
  })
  const status = new Promise<number | string>((resolve) => {
    sent.on('response', (response) => resolve(response.statusCode ?? 0))
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
  })
  sent.write(body.slice(0, 10))
  return { status, finish: () => sent.end(body.slice(10)) }
}

it('finishes requests and deliveries under way, says goodbye to plugins and clients, and takes nothing new', async () => {
  await using receiver = await openReceiver(() => 200)
  const host = await startServer({ allowPrivateHosts: [receiver.host] })
  await host.add(
    {
      'manifest.json': manifest({
        configSchema: { type: 'object', properties: { url: { type: 'string', format: 'uri' } } },
      }),
      'plugin.js': `module.exports = {
        async onSessionCreated() {
          await fetch(this.config.url)
          await new Promise((resolve) => setTimeout(resolve, 500))
          console.log('delivered')
        },
        onShutdown() { console.log('shutting down') },
        onUnload() { console.log('unloading') },
      }`,
    },
    { config: { url: `${receiver.url}/under-way` }, hosts: [receiver.host] },
  )
  using feed = readFeed(host.url)
  await feed.find(({ type }) => type === 'hello')
  const slow = slowRequest(host)
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await receiver.count(1)
  expect((await fetch(`${host.url}/readyz`)).status).toBe(200)

  const closed = host.server.close()
  expect(await feed.closed).toBe(1001)
  await expect(fetch(`${host.url}/healthz`, { headers: { connection: 'close' } })).rejects.toThrow()
  slow.finish()
  expect(await slow.status).toBe(202)
  await closed
  const messages = host.log.map((line) => JSON.parse(line).msg)
  expect(messages.filter((text) => ['delivered', 'shutting down', 'unloading'].includes(text))).toEqual([
    'delivered',
    'shutting down',
    'unloading',
  ])
  expect(host.log.filter((line) => JSON.parse(line).level >= 50)).toEqual([])

  await using next = await startServer({ dataDir: host.dataDir })
  const { events } = (await next.api('GET', '/events')).body
  expect(events.map(({ event }: { event: { event_id: string } }) => event.event_id)).toContain('slow')
  expect((await next.delivery('probe', 'done')).attempts).toBe(1)
})

it('ends in bounded time although a request never ends and a plugin never answers', async () => {
  await using receiver = await openReceiver(() => 0)
  const host = await startServer({ allowPrivateHosts: [receiver.host], drainMs: 300 })
  await host.add(
    {
      'manifest.json': manifest({
        configSchema: { type: 'object', properties: { url: { type: 'string', format: 'uri' } } },
      }),
      'plugin.js': `module.exports = {
        onSessionCreated() { return fetch(this.config.url) },
        onShutdown() { for (;;); },
      }`,
    },
    { config: { url: `${receiver.url}/never` }, hosts: [receiver.host] },
  )
  const slow = slowRequest(host)
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await receiver.count(1)
  await host.server.close()
  expect(await slow.status).toBe('ECONNRESET')
  const messages = host.log.map((line) => JSON.parse(line).msg)
  expect(messages).toContain('Requests that took too long were ended')
  expect(messages).toContain('Deliveries that took too long were left for the next start')
  await using next = await startServer({ dataDir: host.dataDir, allowPrivateHosts: [receiver.host] })
  await receiver.count(2)
  expect((await next.delivery('probe', 'running')).attempts).toBe(0)
})

/** A connection over which `sent` was sent, once the first answer came or, where nothing was sent, once it is open. */
async function openConnection(host: TestServer, address: string, sent = '') {
  const { host: name, port } = new URL(host.url)
  const socket: Socket = connect({ host: address, port: Number(port) })
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  socket.on('error', () => {})
  await new Promise((resolve) => socket.once('connect', resolve))
  if (sent !== '') {
    socket.write(`GET ${sent} HTTP/1.1\r\nhost: ${name}\r\n\r\n`)
    await new Promise((resolve) => socket.once('data', resolve))
  }
  return { closed }
}

it('ends connections that nobody uses at once, and waits for requests on both loopback addresses', async () => {
  const neverMs = 3_600_000
  const host = await startServer({ drainMs: neverMs })
  const addresses = ['127.0.0.1', '::1']
  const spare = await Promise.all(
    addresses.flatMap((address) => [
      openConnection(host, address),
      openConnection(host, address),
      openConnection(host, address, '/healthz'),
    ]),
  )
  const slow = addresses.map((address) => slowRequest(host, address))
  // An answer on the same addresses shows that what was sent before has arrived.
  for (const address of addresses) await openConnection(host, address, '/healthz')
  const closed = host.server.close()
  await Promise.all(spare.map((connection) => connection.closed))
  for (const { finish } of slow) finish()
  expect(await Promise.all(slow.map(({ status }) => status))).toEqual([202, 202])
  await closed
})
