import { expect, it, vi } from 'vitest'
import { manifest, startServer, type TestServer } from './harness.ts'

vi.setConfig({ testTimeout: 60_000 })

const plugin = (name: string, permissions: string[], body: string) => ({
  'manifest.json': manifest({ name, permissions }),
  'index.js': `module.exports = { ${body} }`,
})
async function lines(host: TestServer, id: string): Promise<string[]> {
  const { body } = await host.api('GET', `/plugins/${id}/logs`)
  return body.logs.map(({ message }: { message: string }) => message).sort()
}

it('calls named handlers, the map and the catch-all with what each expects', async () => {
  await using host = await startServer()
  await host.add(
    plugin(
      'probe',
      ['read:sessions'],
      `onSessionCreated(session) { console.log('named', session.template) },
       on: {
         'session.created'(session) { console.log('exact', session.template) },
         'session.*': (session) => console.log('wildcard', session.template),
         'user.login': () => console.log('never'),
       },
       onEvent(event) { console.log('all', event.type, event.data.session.template) }`,
    ),
  )
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await host.delivery('probe', 'done')
  expect(await lines(host, 'probe')).toEqual([
    'all session.created firefox',
    'exact firefox',
    'named firefox',
    'wildcard firefox',
  ])
})

it('tells a plugin when it is enabled and disabled', async () => {
  await using host = await startServer()
  const say = (name: string) => `${name}() { console.log('${name}') }`
  const names = ['onLoad', 'onUnload', 'onEnable', 'onDisable', 'onStartup', 'onShutdown']
  await host.add(plugin('probe', [], names.map(say).join(',')))
  expect(await lines(host, 'probe')).toEqual(['onEnable', 'onLoad'])
  await host.api('POST', '/plugins/probe/disable')
  expect(await lines(host, 'probe')).toEqual(['onDisable', 'onEnable', 'onLoad', 'onUnload'])
})

it('keeps a plugin enabled whose onEnable throws', async () => {
  await using host = await startServer()
  const record = await host.add(plugin('probe', [], `onEnable() { throw new Error('no') }`))
  expect(record.status).toBe('active')
  expect(await lines(host, 'probe')).toEqual([expect.stringContaining('onEnable failed')])
})

it('sends events of a plugin to those who may emit, and to nobody else', async () => {
  await using host = await startServer()
  const sender = `onSessionCreated: (session) => streamspace.events.emit('greeted', { to: session.user })`
  const listener = `on: { 'plugin.sender.greeted': (data) => console.log('heard', data.to) }`
  await host.add(plugin('listener', ['emit:events'], listener))
  await host.add(
    plugin('outsider', ['read:sessions'], `${listener}, onEvent(event) { console.log(event.type) }`),
  )
  await host.add(plugin('sender', ['read:sessions', 'emit:events'], sender))
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await host.delivery('listener', 'done')
  expect(await lines(host, 'listener')).toEqual(['heard ada'])
  await host.delivery('outsider', 'done')
  expect(await lines(host, 'outsider')).toEqual(['session.created'])
})

it('refuses to emit without the permission, and under a foreign name', async () => {
  await using host = await startServer()
  await host.add(plugin('probe', ['read:sessions'], `onSessionCreated: () => streamspace.events.emit('x')`))
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  expect((await host.delivery('probe', 'dead')).lastError).toMatchObject({
    message: expect.stringContaining('emit:events'),
  })
  const sneaky = `onSessionCreated: () => streamspace.events.emit('../probe.x')`
  await host.add(plugin('sneaky', ['read:sessions', 'emit:events'], sneaky))
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await host.delivery('sneaky', 'dead')
})

const sessions = async (host: TestServer) => {
  const { body } = await host.api('GET', '/events?limit=1000')
  return body.events
    .map(({ event }: { event: { event_type: string } }) => event)
    .filter(({ event_type }: { event_type: string }) => event_type.startsWith('session.'))
    .map(({ event_type, meta }: { event_type: string; meta: object }) => [event_type, meta])
    .reverse()
}
const wanted = `{ user: 'ada', template: 'firefox' }`
const again = `streamspace.api.sessions.create(${wanted})`

it.each([
  ['that it waits for', `onSessionCreated: () => ${again}`],
  ['that it does not wait for', `onSessionCreated() { ${again} }`],
  ['after the handler ended', `onSessionCreated() { setTimeout(() => ${again}.catch(() => {}), 30) }`],
])('ends a plugin that goes round through a call %s', async (_how, handler) => {
  await using host = await startServer()
  await host.add(plugin('round', ['read:sessions', 'write:sessions'], handler))
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  const refused = 'sessions.create was refused: session.created would be the 9th event in a row'
  await expect
    .poll(() => lines(host, 'round'), { timeout: 20_000 })
    .toContainEqual(expect.stringContaining(refused))
  expect(await sessions(host)).toEqual(
    Array.from({ length: 9 }, (_, depth) => ['session.created', depth === 0 ? {} : { emit_depth: depth }]),
  )
})

it('ends two plugins that keep each other busy, and tells the one that asked', async () => {
  await using host = await startServer()
  const permissions = ['read:sessions', 'write:sessions']
  const turn = (method: string) => `({ id }) => streamspace.api.sessions.${method}(id)`
  await host.add(plugin('sleeper', permissions, `onSessionWoken: ${turn('hibernate')}`))
  await host.add(plugin('waker', permissions, `onSessionHibernated: ${turn('wake')}`))
  const { id } = (await host.call('sessions.create', { user: 'ada', template: 'firefox' })) as { id: string }
  await host.call('sessions.hibernate', id)
  expect((await host.delivery('waker', 'dead')).lastError?.message).toContain('wake was refused')
  const types = (await sessions(host)).map(([type]: [string]) => type)
  expect(types).toHaveLength(10)
})

it('refuses nothing of a plugin that answers many events with one call each', async () => {
  await using host = await startServer()
  const permissions = ['read:sessions', 'write:sessions']
  const handlers = `
    onSessionCreated: ({ id }) => streamspace.api.sessions.hibernate(id),
    onSessionHibernated() {}`
  await host.add(plugin('busy', permissions, handlers))
  const create = () => host.call('sessions.create', { user: 'ada', template: 'firefox' })
  for (let round = 0; round < 10; round++) await Promise.all(Array.from({ length: 6 }, create))
  await expect
    .poll(async () => (await host.api('GET', '/plugins/busy/deliveries?limit=1')).body.waiting, {
      timeout: 20_000,
    })
    .toBe(0)
  const hibernated = (await sessions(host)).filter(([type]: [string]) => type === 'session.hibernated')
  expect(hibernated).toEqual(Array.from({ length: 60 }, () => ['session.hibernated', { emit_depth: 1 }]))
  expect(await lines(host, 'busy')).toEqual([])
})

it('stops events that cause each other at a depth of eight', async () => {
  await using host = await startServer()
  const echo = (from: string) => `on: { 'plugin.${from}.echo': () => streamspace.events.emit('echo') }`
  await host.add(
    plugin(
      'ping',
      ['read:sessions', 'emit:events'],
      `${echo('pong')}, onSessionCreated: () => streamspace.events.emit('echo')`,
    ),
  )
  await host.add(plugin('pong', ['emit:events'], echo('ping')))
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  const dropped = async () => [...(await lines(host, 'ping')), ...(await lines(host, 'pong'))]
  await expect.poll(dropped, { timeout: 10_000 }).toEqual([expect.stringContaining('was dropped')])
  const { body } = await host.api('GET', '/events?limit=100')
  const echoes = body.events.filter(({ event }: { event: { event_type: string } }) =>
    event.event_type.endsWith('.echo'),
  )
  expect(echoes).toHaveLength(8)
})
