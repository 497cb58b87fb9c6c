import { connect } from 'node:net'
import { expect, it, vi } from 'vitest'
import { codeOf, manifest, startServer, type TestServer, token } from './harness.ts'

vi.setConfig({ testTimeout: 20_000 })

const permissions = ['serve:http', 'serve:public', 'serve:sse']
const source = `const { sse } = streamspace.api
  module.exports = {
    routes: {
      'POST /send/:channel': async ({ params, query, body }) =>
        ({ body: String(await sse.send(params.channel, query.event ?? '', body)) }),
      'GET /ticket': ({ ticket }) => ({ body: ticket }),
      '/who': ({ authenticated, user }) => ({ body: { authenticated, user } }),
    },
    onSseConnect: ({ channel, user }) => console.log('came', channel, user?.id),
    onSseDisconnect: ({ channel }) => console.log('left', channel),
  }`
const plugin = (changes: Record<string, unknown> = {}) => ({
  'manifest.json': manifest({ permissions, http: { public: ['/_sse/open'] }, ...changes }),
  'index.js': source,
})
const authorization = `Bearer ${token}`
const base = (host: TestServer, name = 'probe') => `${host.url}/plugins/${name}`
const send = async (host: TestServer, channel: string, body: string, query = '', name?: string) => {
  const init = { method: 'POST', body, headers: { authorization } }
  return (await fetch(`${base(host, name)}/send/${channel}${query}`, init)).text()
}

/** Follows a stream; `until` waits for text in it. */
async function follow(url: string, headers: Record<string, string> = { authorization }) {
  const response = await fetch(url, { headers })
  const reader = response.body!.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let isOver = false
  const next = async () => {
    const { value, done } = await reader.read()
    if (done) isOver = true
    else text += decoder.decode(value, { stream: true })
  }
  return {
    response,
    async until(wanted: string) {
      while (!text.includes(wanted) && !isOver) await next()
      expect(text).toContain(wanted)
    },
    async end() {
      while (!isOver) await next()
      return text
    },
    async [Symbol.asyncDispose]() {
      await reader.cancel()
    },
  }
}

it('sends what a plugin says to whoever listens to that channel, in its form', async () => {
  await using host = await startServer({ heartbeatMs: 50 })
  await host.add(plugin())
  await using news = await follow(`${base(host)}/_sse/news`)
  await using other = await follow(`${base(host)}/_sse/other`)
  expect(news.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(news.response.headers.get('content-security-policy')).toContain('sandbox')
  await news.until(': connected')
  await other.until(': connected')
  expect(await send(host, 'news', 'one\ntwo', '?event=greeting')).toBe('1')
  await news.until('event: greeting\ndata: one\ndata: two\n\n')
  await news.until(': keep-alive')
  expect(await send(host, 'other', 'three')).toBe('1')
  await other.until(': keep-alive')
  expect(await send(host, 'nobody', 'x')).toBe('0')
  await host.api('POST', '/plugins/probe/disable')
  expect(await news.end()).not.toContain('three')
  expect(await other.end()).not.toContain('one')
})

it('tells the plugin who came and that they left', async () => {
  await using host = await startServer({ drainMs: 500 })
  await host.add(plugin())
  const lines = async () =>
    (await host.api('GET', '/plugins/probe/logs')).body.logs.map((line: { message: string }) => line.message)
  {
    await using stream = await follow(`${base(host)}/_sse/news`)
    await stream.until(': connected')
    await expect.poll(lines, { timeout: 10_000 }).toContain('came news admin')
  }
  await expect.poll(lines, { timeout: 10_000 }).toContain('left news')
})

it('cannot be made to end a message early or send a header', async () => {
  await using host = await startServer()
  await host.add(plugin())
  await using stream = await follow(`${base(host)}/_sse/news`)
  await stream.until(': connected')
  await send(host, 'news', 'a\r\revent: forged\r\ndata: b\n\nid: 7\nretry: 1')
  await stream.until(
    'data: a\ndata: \ndata: event: forged\ndata: data: b\ndata: \ndata: id: 7\ndata: retry: 1\n\n',
  )
  const forged = await fetch(`${base(host)}/send/news?event=${encodeURIComponent('x\ndata: y')}`, {
    method: 'POST',
    body: 'z',
    headers: { authorization },
  })
  expect(await codeOf(forged)).toBe('PLUGIN_THREW')
})

it('keeps the channels of one plugin from another of the same name', async () => {
  await using host = await startServer()
  await host.add(plugin())
  await host.add(plugin({ name: 'other' }))
  await using stream = await follow(`${base(host)}/_sse/news`)
  await stream.until(': connected')
  expect(await send(host, 'news', 'from another', '', 'other')).toBe('0')
})

it('needs its permission, a signed-in person or a public path, and a plain channel', async () => {
  await using host = await startServer()
  await host.add(plugin())
  const status = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const abort = new AbortController()
    const answer = await fetch(`${base(host)}${path}`, { headers, method, signal: abort.signal })
    abort.abort()
    return answer.status
  }
  expect(await status('/_sse/news')).toBe(401)
  expect(await status('/_sse/open')).toBe(200)
  expect(await status('/_sse/news', { authorization })).toBe(200)
  expect(await status('/_sse', { authorization })).toBe(200)
  expect(await status('/_sse/a/b', { authorization })).toBe(404)
  expect(await status('/_sse/a%0d%0ab', { authorization })).toBe(404)
  expect(await status('/_sse/news', { authorization }, 'POST')).toBe(405)
  await host.api('PUT', '/plugins/probe/grants', { permissions: { 'serve:sse': false } })
  expect(await status('/_sse/news', { authorization })).toBe(404)
  expect(await send(host, 'news', 'x')).toContain('PLUGIN_THREW')
})

it.each([
  ['is disabled', 'POST', '/plugins/probe/disable', undefined],
  ['loses the permission', 'PUT', '/plugins/probe/grants', { permissions: { 'serve:sse': false } }],
  ['loses its addresses', 'PUT', '/plugins/probe/grants', { permissions: { 'serve:http': false } }],
  ['is uninstalled', 'DELETE', '/plugins/probe', undefined],
])('ends connections when the plugin %s', async (_name, method, path, body) => {
  await using host = await startServer()
  await host.add(plugin())
  const stream = await follow(`${base(host)}/_sse/news`)
  await stream.until(': connected')
  await host.api(method, path, body)
  await stream.end()
})

it('takes 64 clients of one plugin and no more, and room comes back', async () => {
  await using host = await startServer({ drainMs: 500 })
  await host.add(plugin())
  const streams = await Promise.all(Array.from({ length: 64 }, () => follow(`${base(host)}/_sse/news`)))
  const refused = await fetch(`${base(host)}/_sse/news`, { headers: { authorization } })
  expect([refused.status, await codeOf(refused)]).toEqual([503, 'PLUGIN_UNAVAILABLE'])
  expect(await send(host, 'news', 'x')).toBe('64')
  await streams[0]![Symbol.asyncDispose]()
  await expect
    .poll(async () => (await fetch(`${base(host)}/_sse/news`, { headers: { authorization } })).status, {
      timeout: 10_000,
    })
    .toBe(200)
  await Promise.all(streams.slice(1).map((stream) => stream[Symbol.asyncDispose]()))
})

it('cuts a client that does not read, and not the others', async () => {
  await using host = await startServer()
  await host.add(plugin())
  const { hostname, port } = new URL(host.url)
  const slow = connect(Number(port), hostname)
  const closed = new Promise((resolve) => slow.once('close', resolve))
  slow.on('error', () => {})
  slow.write(
    `GET /plugins/probe/_sse/news HTTP/1.1\r\nhost: ${new URL(host.url).host}\r\nauthorization: ${authorization}\r\n\r\n`,
  )
  await new Promise((resolve) => slow.once('readable', resolve))
  slow.pause()
  await using quick = await follow(`${base(host)}/_sse/news`)
  await quick.until(': connected')
  const reading = quick.end()
  const piece = 'x'.repeat(200_000)
  const counts: string[] = []
  while (counts.at(-1) !== '1' && counts.length < 200) counts.push(await send(host, 'news', piece))
  expect(counts[0]).toBe('2')
  expect(counts.at(-1)).toBe('1')
  slow.resume()
  await closed
  await host.api('POST', '/plugins/probe/disable')
  expect((await reading).match(/data: x/g)).toHaveLength(counts.length)
})

it('lets a page of the plugin in by a ticket, for that plugin and person only', async () => {
  await using host = await startServer()
  await host.add(plugin())
  await host.add(plugin({ name: 'other' }))
  const ticket = await (await fetch(`${base(host)}/ticket`, { headers: { authorization } })).text()
  const ask = (name: string, given: string, init: RequestInit = {}) =>
    fetch(`${base(host, name)}/who?ticket=${given}`, {
      ...init,
      headers: { origin: 'null', ...init.headers },
    })
  const answer = await ask('probe', ticket, { method: 'POST', body: '{}' })
  expect(answer.headers.get('access-control-allow-origin')).toBe('null')
  expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
  expect(await answer.json()).toMatchObject({ authenticated: true, user: { id: 'admin' } })
  const preflight = await ask('probe', ticket, { method: 'OPTIONS' })
  expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([
    204,
    'content-type',
  ])
  const [text = '', signature = ''] = ticket.split('.')
  const claims = JSON.parse(Buffer.from(text, 'base64url').toString())
  const forge = (changes: object) =>
    Buffer.from(JSON.stringify({ ...claims, ...changes })).toString('base64url')
  const wrong = [
    ['other', ticket],
    ['other', `${forge({ plugin: 'other' })}.${signature}`],
    ['probe', `${forge({ until: Number.MAX_SAFE_INTEGER })}.${signature}`],
    ['probe', `${text}.`],
    ['probe', `${text}.${signature.slice(1)}`],
    ['probe', `.${signature}`],
    ['probe', ''],
    ['probe', '%00.%00'],
  ] as const
  for (const [name, given] of wrong) {
    const refused = await ask(name, given)
    expect([given, refused.status]).toEqual([given, 401])
    expect(refused.headers.get('access-control-allow-origin')).toBeNull()
  }
  // It opens nothing of the host.
  for (const path of ['/api/v1/me', '/api/v1/plugins']) {
    const refused = await fetch(`${host.url}${path}?ticket=${ticket}`, {
      headers: { authorization: `Bearer ${ticket}` },
    })
    expect(refused.status).toBe(401)
  }
})

it('lets a ticket grow old', async () => {
  let time = Date.now()
  await using host = await startServer({ now: () => new Date(time) })
  await host.add(plugin())
  const ticket = await (await fetch(`${base(host)}/ticket`, { headers: { authorization } })).text()
  const status = async () => (await fetch(`${base(host)}/who?ticket=${ticket}`)).status
  expect(await status()).toBe(200)
  time += 61 * 60 * 1000
  expect(await status()).toBe(401)
})
