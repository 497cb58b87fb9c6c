import { notificationType } from '@mortise/contract'
import { expect, it, vi } from 'vitest'
import type { Identity } from '../src/index.ts'
import { memberRoutes } from '../src/people/access.ts'
import { manifest, raw, readFeed, startServer, type TestServer } from './harness.ts'

vi.setConfig({ testTimeout: 60_000 })

// People of a front end who are not administrators, and those who would like to be one.

const people: Record<string, Identity> = {
  ada: { id: 'ada', name: 'Ada', permissions: ['read:sessions'] },
  bob: { id: 'bob', name: 'Bob', permissions: ['read:sessions', 'write:sessions'] },
  nil: { id: 'nil', name: 'Nil' },
  eve: { id: 'eve', name: 'Eve', role: 'admin' },
}
/** Knows a person by the cookie or the token of the front end. */
const identify = ({
  headers,
  cookies,
}: {
  headers: Record<string, unknown>
  cookies: Record<string, string | undefined>
}) => people[cookies.front_end ?? String(headers.authorization ?? '').replace('Bearer person-', '')]
const as = (person: string) => ({ authorization: `Bearer person-${person}` })
const ask = (host: TestServer, person: string, method: string, path: string, body?: unknown) =>
  host.api(method, path, body, as(person))
const call = async (host: TestServer, person: string, method: string, args: unknown[], plugin?: string) =>
  (await ask(host, person, 'POST', '/calls', { plugin, calls: [[method, args]] })).body.results[0]
const create = (host: TestServer) => host.call('sessions.create', { user: 'ada', template: 'firefox' })

const spy = {
  'manifest.json': manifest({
    name: 'spy',
    permissions: [
      'read:sessions',
      'write:sessions',
      'emit:events',
      'notifications',
      'serve:http',
      'commands',
    ],
    configSchema: { type: 'object', properties: { team: { type: 'string' } } },
    contributes: { commands: [{ name: 'who', title: 'Who' }] },
  }),
  'plugin.js': `module.exports = {
    async onSessionCreated() {
      await streamspace.events.emit('said', { text: 'among plugins' })
      await streamspace.notify('ada', { title: 'to ada' })
      await streamspace.notify('bob', { title: 'to bob' })
      await streamspace.notifyAdmins({ title: 'to admins' })
      await streamspace.notifyAll({ title: 'to all' })
    },
    commands: { who: (args, { user }) => user },
    onHttpRequest: ({ authenticated, user }) => ({ body: { authenticated, user } }),
  }`,
}

it('lets a member ask for nothing but what is listed, whatever routes there are', async () => {
  const routes = new Set<string>()
  await using host = await startServer({
    identify,
    didRoute: ({ method, url }) => {
      for (const one of [method].flat())
        if (url.startsWith('/api/') && one !== 'HEAD') routes.add(`${one} ${url}`)
    },
  })
  await host.add(spy)
  expect(routes.size).toBeGreaterThan(40)
  expect([...memberRoutes].filter((route) => !routes.has(route))).toEqual([])
  const before = (await host.api('GET', '/plugins/spy')).body
  const open = new Set([
    'POST /api/v1/auth/sign-in',
    'GET /api/v1/openapi.json',
    'GET /api/v1/theme/branding',
  ])
  for (const route of routes) {
    const [method = '', pattern = ''] = route.split(' ')
    const path = pattern.replaceAll(':id', 'spy').replace(/:\w+/g, '1')
    const body = method === 'GET' ? undefined : {}
    const stranger = await host.api(method, path, body, { authorization: '' })
    expect([route, stranger.status]).toEqual([route, open.has(route) ? expect.any(Number) : 401])
    const member = await ask(host, 'ada', method, path, body)
    const isRefused =
      member.status === 403 && JSON.stringify(member.body).match(/ADMIN_REQUIRED|Admin access/)
    expect([route, isRefused !== null && isRefused !== false]).toEqual([
      route,
      !open.has(route) && !memberRoutes.has(route),
    ])
    if (method === 'GET' && !open.has(route)) {
      const head = await ask(host, 'ada', 'HEAD', path)
      expect([route, head.status === 403]).toEqual([route, !memberRoutes.has(route)])
    }
  }
  for (const path of [
    '/api/v1/none',
    '/api/v1//plugins',
    '/api/v1/plugins/',
    '/api/v1/PLUGINS',
    '/api/v1/plugins/spy%2Flogs',
  ]) {
    expect([path, (await ask(host, 'ada', 'GET', path)).status]).toEqual([
      path,
      expect.toSatisfy((status) => status === 403 || status === 404),
    ])
  }
  expect((await host.api('GET', '/plugins/spy')).body).toEqual(before)
  expect((await ask(host, 'eve', 'GET', '/plugins/spy/logs')).status).toBe(200)
})

it('tells a member of the plugins that run, and not how they are set up', async () => {
  await using host = await startServer({ identify })
  await host.add(spy, { config: { team: 'platform-team' } })
  await host.add({ 'manifest.json': manifest({ name: 'off' }), 'plugin.js': '' })
  await host.api('POST', '/plugins/off/disable')
  const { body } = await ask(host, 'ada', 'GET', '/plugins')
  expect(body.plugins.map(({ id }: { id: string }) => id)).toEqual(['spy'])
  expect(body.plugins[0]).toMatchObject({
    displayName: 'Probe',
    config: {},
    manifest: {},
    installedBy: '',
    source: '',
  })
  expect(JSON.stringify(body)).not.toContain('platform-team')
  expect((await ask(host, 'ada', 'GET', '/plugins/spy')).body.config).toEqual({})
  for (const [method, path, given] of [
    ['GET', '/plugins/off', undefined],
    ['POST', '/plugins/off/logs', { lines: [] }],
    ['POST', '/calls', { plugin: 'off', calls: [['sessions.list', []]] }],
  ] as const) {
    const answer = await ask(host, 'ada', method, path, given)
    expect([path, answer.body.code]).toEqual([path, 'PLUGIN_NOT_FOUND'])
  }
})

it('asks for the permission of the person, and of the plugin that acts for them', async () => {
  await using host = await startServer({ identify })
  await host.add({ ...spy, 'manifest.json': manifest({ name: 'reader', permissions: ['read:sessions'] }) })
  await host.add(spy)
  const wanted = [{ user: 'ada', template: 'firefox' }]
  const denied = { ok: false, error: expect.objectContaining({ code: 'PERMISSION_DENIED' }) }
  expect(await call(host, 'ada', 'sessions.list', [])).toMatchObject({ ok: true })
  expect(await call(host, 'nil', 'sessions.list', [])).toEqual(denied)
  expect(await call(host, 'ada', 'sessions.create', wanted)).toEqual(denied)
  // A plugin that may do more than the person does nothing for them that they may not do.
  expect(await call(host, 'ada', 'sessions.create', wanted, 'spy')).toEqual(denied)
  expect(await call(host, 'bob', 'sessions.create', wanted, 'reader')).toEqual(denied)
  expect(await call(host, 'bob', 'sessions.create', wanted, 'spy')).toMatchObject({ ok: true })
  expect(await call(host, 'eve', 'sessions.create', wanted)).toMatchObject({ ok: true })
  expect((await ask(host, 'bob', 'POST', '/events', { event_type: 'session.created' })).status).toBe(403)
})

it('sends over the feed what the person may see, live and from the log', async () => {
  await using host = await startServer({ identify })
  await host.add(spy)
  using live = readFeed(host.url, '0', as('ada'))
  using nobody = readFeed(host.url, '0', as('nil'))
  using all = readFeed(host.url, '0')
  await Promise.all([live, nobody, all].map((feed) => feed.find(({ type }) => type === 'hello')))
  await create(host)
  await host.delivery('spy', 'done')
  await ask(host, 'bob', 'PUT', '/theme', { mode: 'dark' })
  await host.api('POST', '/plugins/spy/disable')
  const last = (frames: typeof live) =>
    frames.find((frame) => frame.type === 'event' && frame.event.event_type === 'plugin.disabled')
  await Promise.all([last(live), last(nobody), last(all)])
  const shown = (feed: typeof live) =>
    feed.frames.flatMap((frame) => {
      if (frame.type !== 'event') return []
      const { event_type: type, data } = frame.event
      return type === notificationType ? [`to ${(data as { to: string }).to}`] : [type]
    })
  const ofPlugins = ['plugin.installed', 'plugin.granted', 'plugin.enabled']
  expect(shown(live)).toEqual([...ofPlugins, 'session.created', 'to ada', 'to *', 'plugin.disabled'])
  expect(shown(nobody)).toEqual([...ofPlugins, 'to *', 'plugin.disabled'])
  expect(shown(all)).toEqual(
    expect.arrayContaining(['plugin.spy.said', 'to bob', 'to admins', 'theme.changed', 'session.created']),
  )
  using past = readFeed(host.url, '0', as('ada'))
  await last(past)
  expect(past.frames.filter(({ type }) => type === 'event')).toEqual(
    live.frames.filter(({ type }) => type === 'event'),
  )
  const changed = await last(live)
  expect(changed).toMatchObject({ event: { username: '', user_id: null, data: { plugin: 'spy' } } })
  const { body } = await ask(host, 'nil', 'GET', '/events')
  expect(
    body.events.map(({ event }: { event: { event_type: string } }) => event.event_type).reverse(),
  ).toEqual([...ofPlugins, notificationType, 'plugin.disabled'])
})

it('follows for a plugin with what both may see, and for none that is hidden', async () => {
  await using host = await startServer({ identify })
  await host.add(spy)
  const follow = (person: string, plugin: string) => readFeed(host.url, `0&plugin=${plugin}`, as(person))
  using hidden = follow('ada', 'off')
  expect(await hidden.closed).toBe(1006)
  using nil = follow('nil', 'spy')
  using ada = follow('ada', 'spy')
  await Promise.all([nil, ada].map((feed) => feed.find(({ type }) => type === 'hello')))
  await create(host)
  await ada.find((frame) => frame.type === 'event' && frame.event.event_type === 'session.created')
  using past = follow('nil', 'spy')
  await past.find(({ type }) => type === 'hello')
  expect([...nil.frames, ...past.frames].filter(({ type }) => type === 'event')).toEqual([])
})

it('takes away what a person may no longer see, and the feed of one who is nobody any more', async () => {
  const changing = { ada: people.ada as Identity | undefined }
  await using host = await startServer({
    feedLimits: { heartbeatMs: 50 },
    identify: ({ headers }) => {
      if (headers.authorization === 'Bearer person-eve') throw new Error('The front end is down')
      return headers.authorization === 'Bearer person-ada' ? changing.ada : undefined
    },
  })
  using feed = readFeed(host.url, '0', as('ada'))
  await feed.find(({ type }) => type === 'hello')
  const beats = () => feed.frames.filter(({ type }) => type === 'heartbeat').length
  changing.ada = { id: 'ada', name: 'Ada', permissions: [] }
  const seen = beats()
  await vi.waitFor(() => expect(beats()).toBeGreaterThan(seen + 1), { timeout: 20_000 })
  await create(host)
  await host.api('POST', '/events', { event_type: notificationType, data: { to: 'ada' } })
  await feed.find((frame) => frame.type === 'event')
  expect(feed.frames.flatMap((frame) => (frame.type === 'event' ? [frame.event.event_type] : []))).toEqual([
    notificationType,
  ])
  changing.ada = undefined
  expect(await feed.closed).toBe(1008)
  using down = readFeed(host.url, '0', as('eve'))
  expect(await down.closed).toBe(1006)
  expect(await ask(host, 'eve', 'GET', '/me')).toMatchObject({ status: 500, body: { code: 'INTERNAL' } })
})

it('makes nobody an administrator who is none', async () => {
  const wrong: unknown[] = [
    { id: 'admin', name: 'x' },
    { id: 'mortise', name: 'x' },
    { id: 'plugin:spy', name: 'x' },
    { id: '*', name: 'x' },
    { id: '', name: 'x' },
    { id: 'a\nb', name: 'x' },
    { id: 'x', name: '' },
    { id: 'x', name: 'x', role: 'plugin' },
    { id: 'x', name: 'x', role: 'owner' },
    { id: 'x', name: 'x', permissions: '*' },
    { id: 'x', name: 'x', admin: true },
    'admin',
    [],
  ]
  await using host = await startServer({
    identify: ({ headers }) => wrong[Number(headers['x-case'])] as Identity | undefined,
  })
  for (const index of wrong.keys()) {
    const answer = await host.api('GET', '/me', undefined, { authorization: '', 'x-case': String(index) })
    expect([wrong[index], answer.body.code]).toEqual([wrong[index], 'IDENTITY_INVALID'])
  }
  const { body } = await host.api('GET', '/me', undefined, { authorization: '', 'x-case': '99' })
  expect(body.code).toBe('UNAUTHENTICATED')
  expect((await host.api('GET', '/me')).body.user.role).toBe('admin')
})

it('changes nothing for a page of another site that has the cookie of the front end', async () => {
  await using host = await startServer({ identify })
  await host.add(spy)
  const { port, host: name } = new URL(host.url)
  const send = (headers: Record<string, string>, path = '/api/v1/theme', method = 'PUT') =>
    raw(host, path, {
      method,
      headers: { host: name, cookie: 'front_end=ada', 'content-type': 'application/json', ...headers },
      ...(method === 'PUT' ? { body: '{"mode":"dark"}' } : {}),
    })
  for (const origin of ['https://evil.example', 'null', `http://spy.localhost:${port}`]) {
    expect([origin, (await send({ origin })).status]).toEqual([origin, 403])
    // What the browser remembers by itself makes the request no other.
    expect((await send({ origin, authorization: 'Basic YTpi' })).status).toBe(403)
    using feed = readFeed(host.url, '0', { authorization: '', cookie: 'front_end=ada', origin })
    expect(await feed.closed).toBe(1006)
  }
  expect((await send({})).status).toBe(403)
  expect((await send({ origin: host.url })).status).toBe(200)

  const who = async (headers: Record<string, string>) => (await send(headers, '/plugins/spy/who', 'GET')).text
  expect(JSON.parse(await who({}))).toEqual({
    authenticated: true,
    user: { id: 'ada', name: 'Ada', role: 'member' },
  })
  const elsewhere: Record<string, string>[] = [
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ]
  for (const headers of elsewhere) {
    expect(JSON.parse(await who(headers)).code).toBe('UNAUTHENTICATED')
  }
})

it('knows a person behind a proxy, but no page of a plugin as them', async () => {
  await using host = await startServer({
    identify: ({ headers }) => people[String(headers['x-forwarded-user'])],
  })
  await host.add(spy)
  const { host: name } = new URL(host.url)
  const get = (headers: Record<string, string>) =>
    raw(host, '/plugins/spy/who', { headers: { host: name, 'x-forwarded-user': 'ada', ...headers } })
  expect(JSON.parse((await get({})).text).user.id).toBe('ada')
  expect((await get({ origin: 'null' })).status).toBe(401)
  expect((await get({ 'sec-fetch-site': 'cross-site' })).status).toBe(401)
})

it('runs commands in the name of the member', async () => {
  await using host = await startServer({ identify })
  await host.add(spy)
  const { body } = await ask(host, 'ada', 'POST', '/plugins/spy/commands/who', {})
  expect(JSON.parse(body.result)).toEqual({ id: 'ada', name: 'Ada', role: 'member' })
  expect((await ask(host, 'ada', 'GET', '/me')).body.user).toEqual({
    id: 'ada',
    name: 'Ada',
    role: 'member',
    permissions: ['read:sessions'],
  })
})
