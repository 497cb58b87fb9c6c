import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createGuardedFetch } from '../src/index.ts'
import { openReceiver } from './harness.ts'

let inside: Awaited<ReturnType<typeof openReceiver>>

beforeEach(async () => {
  inside = await openReceiver()
})

afterEach(() => inside[Symbol.asyncDispose]())

/** Hosts a hostile plugin may put into its URL; `%` stands for the port of a server on loopback. */
const hostileUrls: readonly string[] = [
  'http://127.0.0.1:%/',
  'http://localhost:%/',
  'http://2130706433:%/',
  'http://0x7f000001:%/',
  'http://0x7f.0.0.1:%/',
  'http://0177.0.0.1:%/',
  'http://017700000001:%/',
  'http://127.1:%/',
  'http://127.0.0.1.:%/',
  'http://localhost.:%/',
  'http://0:%/',
  'http://0.0.0.0:%/',
  'http://[::1]:%/',
  'http://[::]:%/',
  'http://[::ffff:127.0.0.1]:%/',
  'http://[::ffff:7f00:1]:%/',
  'http://[::127.0.0.1]:%/',
  'http://[64:ff9b::7f00:1]:%/',
  'http://[64:ff9b:1::7f00:1]:%/',
  'http://[2002:7f00:1::]:%/',
  'http://[2001:0:7f00:1::]:%/',
  'http://[fe80::1]:%/',
  'http://[fc00::1]:%/',
  'http://169.254.169.254/latest/meta-data/',
  'http://10.0.0.1:%/',
  'http://100.64.0.1:%/',
  'http://①②⑦.⓪.⓪.①:%/',
  'http://user@127.0.0.1:%/',
  'http://example.com:x@127.0.0.1:%/',
  'http://example.com@127.0.0.1:%/',
  'http://127.0.0.1:%\\@example.com/',
  'http://rebind.test:%/',
  'http://mixed.test:%/',
  'http://six.test:%/',
  'file:///etc/passwd',
  'ftp://127.0.0.1:%/',
  'data:text/plain,x',
  'blob:http://127.0.0.1:%/x',
  'ws://127.0.0.1:%/',
  'not a url',
]

const addresses: Record<string, { address: string; family: number }[]> = {
  'mixed.test': [
    { address: '93.184.216.34', family: 4 },
    { address: '127.0.0.1', family: 4 },
  ],
  'six.test': [{ address: '::ffff:127.0.0.1', family: 6 }],
  localhost: [{ address: '127.0.0.1', family: 4 }],
}

/** A name server that plays along with the attacker: `rebind.test` is public when first asked and loopback after that. */
function hostileResolve() {
  let asked = 0
  return async (host: string) => {
    if (host === 'rebind.test') return [{ address: asked++ === 0 ? '198.51.100.1' : '127.0.0.1', family: 4 }]
    return addresses[host] ?? [{ address: '127.0.0.1', family: 4 }]
  }
}

for (const template of hostileUrls) {
  it(`does not reach an inner server through ${template}`, async () => {
    const guarded = createGuardedFetch({
      allowedHosts: [
        '*',
        `127.0.0.1:${inside.port}`,
        `localhost:${inside.port}`,
        `*.test:${inside.port}`,
      ].flatMap((host) => (host === '*' ? ['*', ...wildcardPorts(template, inside.port)] : [host])),
      resolve: hostileResolve(),
      timeoutMs: 700,
    })
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(guarded(template.replace('%', String(inside.port)))).rejects.toMatchObject({
        code: expect.stringMatching(/^FETCH_(HOST_DENIED|ADDRESS_DENIED|FAILED)$/),
      })
    }
    expect(inside.connections).toBe(0)
    await guarded.close()
  })
}

/** Lists the very host of the URL with its port, so that only the address check can refuse it. */
function wildcardPorts(template: string, port: number): string[] {
  const url = template.replace('%', String(port))
  if (!URL.canParse(url)) return []
  return [`${new URL(url).hostname}:${port}`]
}

it('refuses the addresses themselves, not only the port', async () => {
  const guarded = createGuardedFetch({ allowedHosts: ['*', '127.0.0.1', 'localhost'], timeoutMs: 700 })
  for (const url of [
    'http://127.0.0.1/',
    'http://0x7f.1/',
    'http://[::1]/',
    'http://localhost/',
    'http://[64:ff9b::7f00:1]/',
  ]) {
    await expect(guarded(url)).rejects.toMatchObject({ code: 'FETCH_ADDRESS_DENIED' })
  }
  await guarded.close()
})

it('refuses hosts that are not listed before any name is resolved', async () => {
  const asked: string[] = []
  const guarded = createGuardedFetch({
    allowedHosts: ['hooks.slack.com', '*.example.com', 'api.test:8443', 'bad host', 'http://x.test/', '*.'],
    resolve: async (host) => {
      asked.push(host)
      return [{ address: '127.0.0.1', family: 4 }]
    },
  })
  const denied = [
    'https://slack.com/',
    'https://hooks.slack.com.evil.test/',
    'https://evilhooks.slack.com/',
    'https://example.com/',
    'https://evilexample.com/',
    'https://hooks.slack.com:8443/',
    'https://api.test/',
    'https://api.test:8444/',
    'http://x.test/',
    'https://HOOKS.slack.com@evil.test/',
    'https://hooks.slack.com./',
    'https://hooks.slack.com%2eevil.test/',
    'https://bad/',
  ]
  for (const url of denied)
    await expect(guarded(url), url).rejects.toMatchObject({ code: 'FETCH_HOST_DENIED' })
  expect(asked).toEqual([])
  for (const url of ['https://HOOKS.slack.com/', 'https://a.b.example.com/', 'https://api.test:8443/']) {
    await expect(guarded(url), url).rejects.toMatchObject({ code: 'FETCH_ADDRESS_DENIED' })
  }
  expect(asked).toEqual(['hooks.slack.com', 'a.b.example.com', 'api.test'])
  await guarded.close()
})

it('checks every hop of a redirect', async () => {
  const targets = [
    `http://127.0.0.1:${inside.port}/`,
    `http://0x7f.1:${inside.port}/`,
    '//localhost:1/',
    'file:///etc/passwd',
    'http://user@x.test/',
    'http://[::1]/',
  ]
  for (const location of targets) {
    await using outside = await openReceiver(() => ({ status: 302, headers: { location } }))
    const guarded = createGuardedFetch({
      allowedHosts: ['*', outside.host],
      allowPrivateHosts: [outside.host],
      timeoutMs: 1_000,
    })
    await expect(guarded(outside.origin), location).rejects.toMatchObject({
      code: expect.stringMatching(/^FETCH_(HOST|ADDRESS)_DENIED$/),
    })
    expect(outside.requests).toHaveLength(1)
    await guarded.close()
  }
  expect(inside.connections).toBe(0)
})

it('reads the list of hosts again for each hop', async () => {
  let allowed: string[] = []
  await using outside = await openReceiver(() => {
    allowed = [outside.host]
    return { status: 307, headers: { location: `${inside.origin}/` } }
  })
  allowed = [outside.host, inside.host]
  const guarded = createGuardedFetch({
    allowedHosts: () => allowed,
    allowPrivateHosts: [outside.host, inside.host],
  })
  await expect(guarded(outside.origin)).rejects.toMatchObject({ code: 'FETCH_HOST_DENIED' })
  expect(inside.requests).toEqual([])
  await guarded.close()
})

it('takes secrets off a redirect to another origin and follows at most five', async () => {
  await using outside = await openReceiver(({ url }) =>
    url === '/loop'
      ? { status: 302, headers: { location: '/loop' } }
      : { status: 307, headers: { location: `${inside.origin}/landed` } },
  )
  const hosts = [outside.host, inside.host]
  const guarded = createGuardedFetch({ allowedHosts: hosts, allowPrivateHosts: hosts })
  const response = await guarded(outside.origin, {
    method: 'POST',
    headers: { authorization: 'secret', cookie: 'a=1', 'x-api-key': 'k', 'x-kept': 'yes' },
    body: 'text',
  })
  expect(response).toMatchObject({ redirected: true, url: `${inside.origin}/landed` })
  const { headers, body, method } = inside.requests[0]!
  expect([
    headers.authorization,
    headers.cookie,
    headers['x-api-key'],
    headers['x-kept'],
    body,
    method,
  ]).toEqual([undefined, undefined, undefined, 'yes', 'text', 'POST'])
  await expect(guarded(`${outside.origin}/loop`)).rejects.toMatchObject({ code: 'FETCH_FAILED' })
  expect(outside.requests.filter(({ url }) => url === '/loop')).toHaveLength(6)
  await guarded.close()
})

it('sends no header that names another host or frames the message', async () => {
  const guarded = createGuardedFetch({ allowedHosts: [inside.host], allowPrivateHosts: [inside.host] })
  await guarded(inside.origin, {
    method: 'POST',
    headers: {
      Host: 'internal.test',
      'Content-Length': '1',
      'Transfer-Encoding': 'chunked',
      Connection: 'upgrade',
      Upgrade: 'h2c',
      'Proxy-Authorization': 'x',
    },
    body: 'twelve bytes',
  })
  const { headers, body } = inside.requests[0]!
  expect(headers.host).toBe(inside.host)
  expect(body).toBe('twelve bytes')
  expect(headers).not.toHaveProperty('upgrade')
  expect(headers).not.toHaveProperty('proxy-authorization')
  for (const value of ['a\r\nX-Injected: 1', 'a\nb', '\u0000']) {
    await expect(guarded(inside.origin, { headers: { 'x-a': value } })).rejects.toMatchObject({
      code: 'FETCH_FAILED',
    })
  }
  await expect(guarded(inside.origin, { method: 'CONNECT' })).rejects.toMatchObject({ code: 'FETCH_FAILED' })
  await expect(guarded(inside.origin, { method: 'GET / HTTP/1.1\r\nX: 1\r\n\r\nGET' })).rejects.toMatchObject(
    { code: 'FETCH_FAILED' },
  )
  expect(inside.requests).toHaveLength(1)
  await guarded.close()
})

it('caps bodies in both directions, also when they are compressed', async () => {
  const bomb = gzipSync(Buffer.alloc(20 << 20))
  await using outside = await openReceiver(({ url }) =>
    url === '/bomb' ? { headers: { 'content-encoding': 'gzip' }, body: bomb } : { body: 'x'.repeat(2_000) },
  )
  const guarded = createGuardedFetch({
    allowedHosts: [outside.host],
    allowPrivateHosts: [outside.host],
    bodyBytes: 1_000,
  })
  for (const path of ['/bomb', '/plain']) {
    await expect(guarded(outside.origin + path)).rejects.toThrow('larger than 1000 bytes')
  }
  await expect(guarded(outside.origin, { method: 'POST', body: 'x'.repeat(1_001) })).rejects.toThrow(
    'larger than 1000 bytes',
  )
  expect(outside.requests).toHaveLength(2)
  await guarded.close()
})

it('gives up when an answer does not end in time', async () => {
  const slow = createServer((_request, response) => response.writeHead(200).write('drip'))
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve))
  const { port } = slow.address() as { port: number }
  const host = `127.0.0.1:${port}`
  const guarded = createGuardedFetch({ allowedHosts: [host], allowPrivateHosts: [host], timeoutMs: 150 })
  await expect(guarded(`http://${host}/`)).rejects.toMatchObject({
    code: 'FETCH_FAILED',
    message: 'No complete answer within 150 ms',
  })
  await guarded.close()
  slow.closeAllConnections()
  slow.close()
})

it('opens a private host on the listed port only', async () => {
  const guarded = createGuardedFetch({ allowedHosts: ['127.0.0.1'], allowPrivateHosts: ['127.0.0.1:1'] })
  await expect(guarded(inside.origin)).rejects.toMatchObject({ code: 'FETCH_HOST_DENIED' })
  expect(inside.connections).toBe(0)
  await guarded.close()
  const open = createGuardedFetch({ allowedHosts: ['127.0.0.1'], allowPrivateHosts: ['127.0.0.1'] })
  expect(await (await open(inside.origin)).text()).toBe('ok')
  await open.close()
})

it('takes listed IPv6 addresses in brackets', async () => {
  const server = createServer((_request, response) => response.end('six'))
  await new Promise<void>((resolve) => server.listen(0, '::1', resolve))
  const { port } = server.address() as { port: number }
  const guarded = createGuardedFetch({ allowedHosts: ['[::1]'], allowPrivateHosts: [`[::1]:${port}`] })
  expect(await (await guarded(`http://[::1]:${port}/`)).text()).toBe('six')
  await expect(guarded('http://[::1]/')).rejects.toMatchObject({ code: 'FETCH_ADDRESS_DENIED' })
  await guarded.close()
  server.close()
})
