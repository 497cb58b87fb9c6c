import { expect, it, vi } from 'vitest'
import { codeOf, manifest, raw, startServer, type TestServer, token } from './harness.ts'

vi.setConfig({ testTimeout: 60_000 })

const permissions = ['serve:http', 'serve:public']
const plugin = (
  source: string,
  changes: Record<string, unknown> = {},
  files: Record<string, string> = {},
) => ({
  'manifest.json': manifest({ permissions, ...changes }),
  'index.js': source,
  ...files,
})
const ask = (host: TestServer, path: string, init: RequestInit = {}) =>
  fetch(`${host.url}/plugins/probe${path}`, {
    redirect: 'manual',
    ...init,
    headers: { authorization: `Bearer ${token}`, ...init.headers },
  })
const stranger = (host: TestServer, path: string, init: RequestInit = {}) =>
  fetch(`${host.url}/plugins/probe${path}`, { redirect: 'manual', ...init })

it('hands a request over with what the host knows about it', async () => {
  await using host = await startServer()
  await host.add(
    plugin(
      `module.exports = { onHttpRequest: (request) => ({ body: { ...request, json: request.json() } }) }`,
    ),
  )
  const answer = await ask(host, '/a%20b/c?x=1&y=2&x=3', {
    method: 'PUT',
    body: '{"n": 1}',
    headers: { 'content-type': 'application/json', 'x-custom': 'yes', 'x-hub-signature-256': 'sha256=0' },
  })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('application/json')
  expect(await answer.json()).toEqual({
    method: 'PUT',
    path: '/a%20b/c',
    params: { '*': 'a b/c' },
    query: { x: '1', y: '2' },
    headers: expect.objectContaining({
      'content-type': 'application/json',
      'x-custom': 'yes',
      'x-hub-signature-256': 'sha256=0',
    }),
    body: '{"n": 1}',
    json: { n: 1 },
    authenticated: true,
    user: { id: 'admin', name: 'Administrator', role: 'admin' },
    ticket: expect.any(String),
    remoteAddress: expect.stringMatching(/127\.0\.0\.1|::1/),
  })
})

it('finds the handler by method and pattern, the first that fits', async () => {
  await using host = await startServer()
  await host.add(
    plugin(`module.exports = {
      routes: {
        'GET /items': () => Response.json(['a']),
        'GET /items/:id': ({ params }) => ({ body: 'item ' + params.id }),
        'DELETE /items/:id': () => ({ status: 204 }),
        '/any': ({ method }) => ({ body: method }),
      },
    }`),
  )
  const text = async (path: string, init?: RequestInit) => {
    const answer = await ask(host, path, init)
    return [answer.status, await answer.text()]
  }
  expect(await text('/items')).toEqual([200, '["a"]'])
  expect(await text('/items/7')).toEqual([200, 'item 7'])
  expect(await text('/items/7', { method: 'DELETE' })).toEqual([204, ''])
  expect(await text('/any', { method: 'PATCH' })).toEqual([200, 'PATCH'])
  expect((await text('/missing'))[0]).toBe(404)
  const wrong = await ask(host, '/items/7', { method: 'POST', body: 'x' })
  expect(wrong.status).toBe(405)
  expect(wrong.headers.get('allow')).toBe('GET, DELETE, OPTIONS')
  expect(await wrong.json()).toMatchObject({ code: 'HTTP_METHOD_NOT_ALLOWED' })
  const options = await ask(host, '/items/7', { method: 'OPTIONS' })
  expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, DELETE, OPTIONS'])
  const head = await ask(host, '/items/7', { method: 'HEAD' })
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '6', ''])
})

it('takes bytes and gives bytes', async () => {
  await using host = await startServer()
  await host.add(
    plugin(`module.exports = {
      onHttpRequest: (request) => ({
        headers: { 'content-type': 'image/png', etag: '"1"' },
        body: request.bytes().map((byte) => 255 - byte),
      }),
    }`),
  )
  const answer = await ask(host, '/', { method: 'POST', body: new Uint8Array([0, 1, 128, 255]) })
  expect(new Uint8Array(await answer.arrayBuffer())).toEqual(new Uint8Array([255, 254, 127, 0]))
  expect(answer.headers.get('content-type')).toBe('image/png')
  expect(answer.headers.get('etag')).toBe('"1"')
})

it('answers 404 where a handler returns nothing, and explains what is no answer in the log', async () => {
  await using host = await startServer()
  await host.add(
    plugin(`module.exports = { onHttpRequest: ({ path }) => (path === '/odd' ? { items: [] } : undefined) }`),
  )
  expect((await ask(host, '/none')).status).toBe(404)
  const odd = await ask(host, '/odd')
  expect([odd.status, await codeOf(odd)]).toEqual([502, 'PLUGIN_THREW'])
  const { body } = await host.api('GET', '/plugins/probe/logs')
  expect(body.logs.at(-1).message).toMatch(/GET \/odd failed.*Response\.json\(value\)/)
})

it('takes endpoints that StreamSpace plugins register', async () => {
  await using host = await startServer()
  await host.add(
    plugin(`module.exports = {
      onLoad({ api }) {
        streamspace.api.registerEndpoint({
          method: 'get',
          path: '/api/plugins/probe/stats',
          handler(req, res) { res.status(201).set('content-language', 'en').json({ by: req.user.name }) },
        })
      },
    }`),
  )
  const answer = await ask(host, '/stats')
  expect(answer.status).toBe(201)
  expect(answer.headers.get('content-language')).toBe('en')
  expect(await answer.json()).toEqual({ by: 'Administrator' })
})

it('serves files of its folder to everybody, with their names, sizes and dates', async () => {
  await using host = await startServer()
  await host.add(
    plugin(
      `module.exports = { onHttpRequest: () => ({ body: 'handler' }) }`,
      {},
      {
        'public/index.html': '<p>hello',
        'public/app/main.js': 'export {}',
      },
    ),
  )
  const page = await stranger(host, '/')
  expect([page.status, await page.text()]).toEqual([200, '<p>hello'])
  expect(page.headers.get('content-type')).toMatch(/^text\/html/)
  const script = await stranger(host, '/app/main.js')
  expect(script.headers.get('content-type')).toMatch(/^text\/javascript|application\/javascript/)
  expect(script.headers.get('access-control-allow-origin')).toBe('*')
  const etag = script.headers.get('etag') ?? ''
  const again = await raw(host, '/plugins/probe/app/main.js', {
    headers: { host: new URL(host.url).host, 'if-none-match': etag },
  })
  expect([again.status, again.text]).toEqual([304, ''])
  const part = await stranger(host, '/app/main.js', { headers: { range: 'bytes=0-5' } })
  expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([
    206,
    'export',
    'bytes 0-5/9',
  ])
  expect((await stranger(host, '/app/main.js', { headers: { range: 'bytes=50-' } })).status).toBe(416)
  const head = await stranger(host, '/app/main.js', { method: 'HEAD' })
  expect([head.headers.get('content-length'), await head.text()]).toEqual(['9', ''])
  expect(await (await ask(host, '/app')).text()).toBe('handler')
  expect(await (await ask(host, '/', { method: 'POST', body: 'x' })).text()).toBe('handler')
})

it('adds the slash that relative addresses need', async () => {
  await using host = await startServer()
  const answer = await fetch(`${host.url}/plugins/probe?a=b`, { redirect: 'manual' })
  expect([answer.status, answer.headers.get('location')]).toEqual([307, '/plugins/probe/?a=b'])
})

it('answers strangers at public paths only, and only with the permission', async () => {
  await using host = await startServer()
  const source = `module.exports = { onHttpRequest: ({ path, authenticated }) => ({ body: path + authenticated }) }`
  const http = { public: ['/hooks/:id', '/open/*'] }
  await host.add(plugin(source, { http }))
  for (const path of ['/hooks/7', '/open/a/b']) {
    expect(await (await stranger(host, path)).text()).toBe(`${path}false`)
    expect(await (await ask(host, path)).text()).toBe(`${path}true`)
  }
  for (const path of ['/', '/hooks', '/hooks/7/8', '/open', '/secret']) {
    const answer = await stranger(host, path)
    expect([path, answer.status]).toEqual([path, 401])
  }
  await host.api('PUT', '/plugins/probe/grants', { permissions: { 'serve:public': false } })
  expect((await stranger(host, '/hooks/7')).status).toBe(401)
  expect((await ask(host, '/hooks/7')).status).toBe(200)
})

it('stops with the plugin and with the permission', async () => {
  await using host = await startServer()
  await host.add(
    plugin(`module.exports = { onHttpRequest: () => ({ body: 'here' }) }`, {}, { 'public/a.txt': 'a' }),
  )
  expect((await ask(host, '/')).status).toBe(200)
  await host.api('POST', '/plugins/probe/disable')
  expect((await ask(host, '/')).status).toBe(404)
  expect((await ask(host, '/a.txt')).status).toBe(404)
  await host.api('POST', '/plugins/probe/enable')
  expect((await ask(host, '/')).status).toBe(200)
  await host.api('PUT', '/plugins/probe/grants', { permissions: { 'serve:http': false } })
  expect((await ask(host, '/')).status).toBe(404)
  expect((await ask(host, '/a.txt')).status).toBe(404)
})
