import { expect, it } from 'vitest'
import { manifest, startServer } from './harness.ts'

const empty = 'module.exports = {}'
const created = { user: 'ada', template: 'firefox' }
const asked = ['read:sessions', 'write:sessions']

it('rejects a call that was not granted, and runs it right after the grant', async () => {
  await using host = await startServer()
  await host.add({ 'manifest.json': manifest({ permissions: asked }), 'plugin.js': empty })
  await host.api('PUT', '/plugins/probe/grants', { permissions: { 'write:sessions': false } })
  const create = () =>
    host.api('POST', '/calls', { plugin: 'probe', calls: [['sessions.create', [created]]] })
  const [denied] = (await create()).body.results
  expect(denied).toMatchObject({
    ok: false,
    error: {
      code: 'PERMISSION_DENIED',
      name: 'PermissionDeniedError',
      data: { permission: 'write:sessions' },
    },
  })
  expect(await host.call('sessions.list')).toEqual([])

  await host.api('PUT', '/plugins/probe/grants', { permissions: { 'write:sessions': true } })
  expect((await create()).body.results[0]).toMatchObject({ ok: true })
  expect(await host.call('sessions.list')).toHaveLength(1)
})

it('rejects a call whose permission the manifest never declared, whatever the body claims', async () => {
  await using host = await startServer()
  await host.add({ 'manifest.json': manifest(), 'plugin.js': empty })
  const forced = await host.api('PUT', '/plugins/probe/grants', { permissions: { 'write:sessions': true } })
  expect(forced).toMatchObject({
    status: 400,
    body: { issues: [{ pointer: '/permissions/write:sessions' }] },
  })
  const { body } = await host.api('POST', '/calls', {
    plugin: 'probe',
    calls: [['sessions.create', [created]]],
  })
  expect(body.results[0]).toMatchObject({ ok: false, error: { code: 'PERMISSION_DENIED' } })
  expect(await host.call('sessions.list')).toEqual([])
})

it('runs no call for a plugin that is disabled, undecided or not there', async () => {
  await using host = await startServer()
  await host.add({ 'manifest.json': manifest(), 'plugin.js': empty })
  const list = { calls: [['sessions.list', []]] }
  await host.api('POST', '/plugins/probe/disable')
  const off = await host.api('POST', '/calls', { plugin: 'probe', ...list })
  expect(off).toMatchObject({ status: 409, body: { code: 'PLUGIN_NOT_RUNNING' } })
  const unknown = await host.api('POST', '/calls', { plugin: 'nobody', ...list })
  expect(unknown).toMatchObject({ status: 404, body: { code: 'PLUGIN_NOT_FOUND' } })
})

it.each([
  'constructor.constructor',
  'sessions.__proto__',
  '__proto__.list',
  'sessions',
  'sessions.drop',
  'toString',
])('knows no method %s', async (method) => {
  await using host = await startServer()
  const { body } = await host.api('POST', '/calls', { calls: [[method, []]] })
  expect(body.results[0]).toMatchObject({ ok: false, error: { code: 'METHOD_UNKNOWN' } })
})

it('checks the grants of server code on every call, also while it runs', async () => {
  await using host = await startServer()
  const source = `
    module.exports = {
      async onSessionHibernated(session) {
        try {
          await streamspace.api.sessions.wake(session.id)
          await streamspace.storage.set('answer', 'woken')
        } catch (error) {
          await streamspace.storage.set('answer', error.name + ' ' + error.code)
        }
        streamspace.log.info(await streamspace.storage.get('answer'))
      },
    }`
  await host.add({ 'manifest.json': manifest({ permissions: asked }), 'plugin.js': source })
  await host.api('PUT', '/plugins/probe/grants', { permissions: { 'write:sessions': false } })
  const session = (await host.call('sessions.create', created)) as { id: string }
  await host.call('sessions.hibernate', session.id)
  await host.delivery('probe', 'done')
  expect(await host.call('sessions.get', session.id)).toMatchObject({ state: 'hibernated' })
  const { logs } = (await host.api('GET', '/plugins/probe/logs')).body
  expect(logs.at(-1)).toMatchObject({ level: 'INFO', message: 'PermissionDeniedError PERMISSION_DENIED' })
})

it("keeps one plugin out of another's storage, and people out of both", async () => {
  await using host = await startServer()
  for (const name of ['first', 'second']) {
    await host.add({ 'manifest.json': manifest({ name }), 'plugin.js': empty })
  }
  const ask = async (plugin: string | undefined, ...call: unknown[]) =>
    (await host.api('POST', '/calls', { plugin, calls: [call] })).body.results[0]
  await ask('first', 'storage.set', ['key', { secret: 1 }])
  expect(await ask('first', 'storage.get', ['key'])).toEqual({ ok: true, value: { secret: 1 } })
  expect(await ask('second', 'storage.get', ['key'])).toEqual({ ok: true, value: null })
  expect(await ask('second', 'storage.keys', [])).toEqual({ ok: true, value: [] })
})

it('keeps what the browser half of a plugin logs in the log of this plugin, and bounds it', async () => {
  await using host = await startServer()
  for (const name of ['first', 'second']) {
    await host.add({ 'manifest.json': manifest({ name }), 'plugin.js': empty })
  }
  const post = (lines: unknown) => host.api('POST', '/plugins/first/logs', { lines })
  expect((await post([{ level: 'warn', message: 'drew slowly', data: { ms: 120 } }])).body).toEqual({
    kept: 1,
  })
  expect((await host.api('GET', '/plugins/first/logs')).body.logs).toMatchObject([
    { level: 'WARN', plugin: 'first', message: 'drew slowly', data: { ms: 120 } },
  ])
  expect((await host.api('GET', '/plugins/second/logs')).body.logs).toEqual([])
  expect(await post([{ level: 'fatal', message: 'x' }])).toMatchObject({
    status: 400,
    body: { issues: [{ pointer: '/lines/0/level' }] },
  })
  const many = Array(100).fill({ level: 'info', message: 'x' })
  const statuses: number[] = []
  for (let time = 0; time < 12; time++) statuses.push((await post(many)).status)
  expect(statuses).toContain(429)
  expect((await host.api('GET', '/plugins/first/logs')).body.logs).toHaveLength(500)
})

it('slows down a plugin that calls too often, and says for how long', async () => {
  await using host = await startServer({ callsPerSecond: 10 })
  await host.add({ 'manifest.json': manifest(), 'plugin.js': empty })
  const batch = { plugin: 'probe', calls: Array(20).fill(['sessions.list', []]) }
  expect((await host.api('POST', '/calls', batch)).status).toBe(200)
  const slowed = await host.api('POST', '/calls', batch)
  expect(slowed).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED', retryable: true } })
  expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await host.api('POST', '/calls', { calls: [['sessions.list', []]] })).status).toBe(200)
})

it('lets a plugin change its own configuration, but not open a host with it', async () => {
  await using host = await startServer()
  const source = `
    module.exports = {
      async onLoad({ config, logger }) {
        await config.set('greeting', 'hello')
        const outcome = await config.set('hook', 'https://evil.example/x').catch((error) => error.code)
        logger.info(outcome + ' ' + this.config.greeting)
      },
    }`
  await host.add({ 'manifest.json': manifest(), 'plugin.js': source })
  const { body } = await host.api('GET', '/plugins/probe')
  expect(body).toMatchObject({ status: 'active', config: { greeting: 'hello' }, hosts: [] })
  const { logs } = (await host.api('GET', '/plugins/probe/logs')).body
  expect(logs.at(-1).message).toBe('PLUGIN_HOST_APPROVAL_REQUIRED hello')
})
