import { expect, it } from 'vitest'
import { manifest, raw, readFeed, signIn, startServer, type TestServer, token } from './harness.ts'

const event = JSON.stringify({ event_type: 'task.created' })
const json = { 'content-type': 'application/json' }
const isPublished = async (host: TestServer) => (await host.api('GET', '/events')).body.events.length > 0

it('tells nothing to whoever did not sign in', async () => {
  await using host = await startServer()
  const paths = [
    '/me',
    '/plugins',
    '/plugins/catalog',
    '/plugins/catalog/x/themes',
    '/plugins/x',
    '/plugins/x/logs',
    '/events',
    '/theme',
    '/none',
  ]
  for (const path of paths) {
    const answer = await fetch(`${host.url}/api/v1${path}`)
    expect({ path, status: answer.status }).toEqual({ path, status: 401 })
  }
  for (const authorization of ['Bearer wrong', 'Bearer ', `Basic ${token}`, token]) {
    const answer = await fetch(`${host.url}/api/v1/plugins`, { headers: { authorization } })
    expect(answer.status).toBe(401)
  }
})

it('signs in with the token only, and a session ends with sign-out', async () => {
  await using host = await startServer()
  const wrong = await host.api('POST', '/auth/sign-in', { token: 'guess-guess' }, { authorization: '' })
  expect(wrong.status).toBe(401)
  const cookie = await signIn(host)
  const me = () => fetch(`${host.url}/api/v1/me`, { headers: { cookie } })
  expect(await (await me()).json()).toEqual({
    user: { id: 'admin', name: 'Administrator', role: 'admin' },
    cursor: '000000000000',
  })
  await fetch(`${host.url}/api/v1/auth/sign-out`, { method: 'POST', headers: { cookie, origin: host.url } })
  expect((await me()).status).toBe(401)
})

it('slows down whoever guesses tokens', async () => {
  await using host = await startServer()
  const statuses: number[] = []
  for (let guess = 0; guess < 25; guess++) {
    const answer = await host.api('POST', '/auth/sign-in', { token: `guess-${guess}` }, { authorization: '' })
    statuses.push(answer.status)
    if (answer.status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  }
  expect(statuses.slice(0, 20)).toEqual(Array(20).fill(401))
  expect(statuses.at(-1)).toBe(429)
  const bearer = await host.api('GET', '/me', undefined, { authorization: 'Bearer guess-guess' })
  expect(bearer.status).toBe(429)
  expect((await host.api('GET', '/me')).status).toBe(200)
})

it('changes nothing for a page of another site that has the cookie', async () => {
  await using host = await startServer()
  const cookie = await signIn(host)
  const { port } = new URL(host.url)
  const foreign = [
    'https://evil.example',
    'null',
    `http://probe.localhost:${port}`,
    `http://localhost:${Number(port) + 1}`,
    `https://localhost:${port}`,
    `http://localhost:${port}.evil.example`,
  ]
  for (const origin of foreign) {
    const answer = await raw(host, '/api/v1/events', {
      method: 'POST',
      headers: { host: `localhost:${port}`, cookie, origin, ...json },
      body: event,
    })
    expect({ origin, status: answer.status }).toEqual({ origin, status: 403 })
  }
  const without = await raw(host, '/api/v1/events', {
    method: 'POST',
    headers: { host: `localhost:${port}`, cookie, ...json },
    body: event,
  })
  expect(without.status).toBe(403)
  expect(await isPublished(host)).toBe(false)
  const own = await raw(host, '/api/v1/events', {
    method: 'POST',
    headers: { host: `localhost:${port}`, cookie, origin: host.url, ...json },
    body: event,
  })
  expect(own.status).toBe(202)
})

it('does not answer for a name that was pointed at this machine', async () => {
  await using host = await startServer()
  const { port } = new URL(host.url)
  const names = [
    'evil.example',
    `evil.example:${port}`,
    `localhost.evil.example:${port}`,
    'localhost',
    `localhost:${port}.`,
  ]
  for (const name of names) {
    for (const path of ['/api/v1/plugins', '/', '/theme.css', '/healthz', '/plugin-files/a/1.0.0/b.js']) {
      const answer = await raw(host, path, { headers: { host: name, authorization: `Bearer ${token}` } })
      expect({ name, path, status: answer.status }).toEqual({ name, path, status: 403 })
    }
  }
})

it('gives the host name of a plugin sandbox documents and plugin files only', async () => {
  await using host = await startServer()
  const { port } = new URL(host.url)
  const headers = { host: `probe.localhost:${port}`, authorization: `Bearer ${token}` }
  for (const path of [
    '/api/v1/plugins',
    '/api/v1/me',
    '/',
    '/theme.css',
    '/metrics',
    '/sandbox',
    '/sandbox/../api/v1/me',
  ]) {
    const answer = await raw(host, path, { headers })
    expect({ path, status: answer.status }).toEqual({ path, status: 403 })
  }
})

it('gives the names that an operator chose for plugins no more than that, and the console its own name only', async () => {
  const publicUrl = 'https://mortise.example.com'
  await using host = await startServer({ publicUrl, frameOrigin: 'https://{plugin}.plugins.example.com' })
  const authorization = `Bearer ${token}`
  const status = async (name: string, path: string, more: Record<string, string> = {}, method = 'GET') =>
    (await raw(host, path, { method, headers: { host: name, authorization, ...more } })).status
  const closed = [
    '/api/v1/plugins',
    '/api/v1/me',
    '/',
    '/metrics',
    '/healthz',
    '/plugins/probe/',
    '/sandbox/../api/v1/me',
  ]
  for (const name of [
    'probe.plugins.example.com',
    'plugins.example.com',
    'a.b.plugins.example.com',
    'example.com',
  ])
    for (const path of closed)
      expect({ name, path, status: await status(name, path) }).toEqual({ name, path, status: 403 })
  expect(await status('probe.plugins.example.com', '/sandbox/probe/1.0.0/frame.html')).toBe(404)
  expect(
    await status('probe.plugins.example.com', '/api/v1/me', { 'x-forwarded-host': 'mortise.example.com' }),
  ).toBe(403)
  expect(await status('mortise.example.com', '/api/v1/me')).toBe(200)
  // Whoever asks for the public name came through the proxy, also where that says nothing of it.
  expect(await status('mortise.example.com', '/metrics', { authorization: '' })).toBe(401)

  const signedIn = await raw(host, '/api/v1/auth/sign-in', {
    method: 'POST',
    headers: { host: 'mortise.example.com', origin: publicUrl, ...json },
    body: JSON.stringify({ token }),
  })
  const [cookie = ''] = signedIn.headers['set-cookie'] ?? []
  expect(cookie).toMatch(/; Secure/i)
  expect(cookie).not.toMatch(/domain/i)
  const publish = (origin: string) =>
    raw(host, '/api/v1/events', {
      method: 'POST',
      headers: { host: 'mortise.example.com', cookie: cookie.split(';')[0]!, origin, ...json },
      body: event,
    })
  for (const origin of ['https://probe.plugins.example.com', 'http://mortise.example.com', host.url, 'null'])
    expect({ origin, status: (await publish(origin)).status }).toEqual({ origin, status: 403 })
  expect((await publish(publicUrl)).status).toBe(202)
})

it('opens the feed for nobody without the token, and for no page of another site', async () => {
  await using host = await startServer()
  const cookie = await signIn(host)
  const refused: Record<string, string>[] = [
    { authorization: 'Bearer wrong' },
    { authorization: '' },
    { authorization: '', cookie, origin: 'https://evil.example' },
    { authorization: '', cookie },
    { origin: 'null' },
    { host: 'evil.example' },
  ]
  for (const headers of refused) {
    using feed = readFeed(host.url, '0', headers)
    expect({ headers, code: await feed.closed, frames: feed.frames }).toEqual({
      headers,
      code: 1006,
      frames: [],
    })
  }
  using feed = readFeed(host.url, '0', { authorization: '', cookie, origin: host.url })
  expect(await feed.find(({ type }) => type === 'hello')).toMatchObject({ type: 'hello' })
})

it('answers a wrong event with the place of the mistake, and stores nothing', async () => {
  await using host = await startServer()
  const cases: [unknown, string][] = [
    [{}, '/event_type'],
    [{ event_type: 'Session Created' }, '/event_type'],
    [{ event_type: 'a.b', severity: 'loud' }, '/severity'],
    [{ event_type: 'a.b', timestamp: 'yesterday' }, '/timestamp'],
    [{ event_type: 'a.b', meta: [] }, '/meta'],
    [{ event_type: 'a.b', surprise: 1 }, '/surprise'],
    [[], '/event_type'],
  ]
  for (const [body, pointer] of cases) {
    const answer = await host.api('POST', '/events', body)
    expect({ body, status: answer.status, code: answer.body.code }).toEqual({
      body,
      status: 400,
      code: 'INPUT_INVALID',
    })
    expect(answer.body.issues.map((issue: { pointer: string }) => issue.pointer)).toContain(pointer)
  }
  const broken = await host.api('POST', '/events', '{"event_type": ')
  expect(broken).toMatchObject({ status: 400, body: { code: 'INPUT_INVALID' } })
  expect(await isPublished(host)).toBe(false)
})

it('refuses bodies past their limit before reading them whole', async () => {
  await using host = await startServer()
  const body = { event_type: 'a.b', meta: { text: 'x'.repeat(300_000) } }
  expect(await host.api('POST', '/events', body)).toMatchObject({
    status: 413,
    body: { code: 'PAYLOAD_TOO_LARGE' },
  })
  expect(await isPublished(host)).toBe(false)
})

it('serves no file outside the plugin, whatever the path', async () => {
  await using host = await startServer()
  await host.add({ 'manifest.json': manifest(), 'plugin.js': 'module.exports = {}' })
  const { port } = new URL(host.url)
  const base = '/plugin-files/probe/1.0.0'
  const paths = [
    `${base}/../../../mortise.db`,
    `${base}/..%2f..%2f..%2fmortise.db`,
    `${base}/%2e%2e/%2e%2e/%2e%2e/admin-token`,
    `${base}/..%5c..%5cmortise.db`,
    `${base}//etc/passwd`,
    '/plugin-files/probe/9.9.9/plugin.js',
    '/plugin-files/probe/../../mortise.db',
    '/plugin-files/%2e%2e/%2e%2e/mortise.db',
    '/sandbox-assets/../../package.json',
    '/..%2fpackage.json',
  ]
  for (const path of paths) {
    const answer = await raw(host, path, { headers: { host: `localhost:${port}` } })
    expect({ path, status: answer.status }).toEqual({ path, status: 404 })
    expect(answer.text).not.toContain('SQLite')
  }
})

it('says nothing about the inside of the host when something breaks', async () => {
  await using host = await startServer()
  const { body } = await host.api('POST', '/calls', { calls: [['sessions.get', ['x'.repeat(300)]]] })
  expect(body.results[0]).toMatchObject({ ok: false, error: { code: 'INPUT_INVALID' } })
  const text = JSON.stringify(body)
  expect(text).not.toContain('/work')
  expect(text).not.toContain('node_modules')
  expect(text).not.toContain('stack')
})
