import { defineDomain, s } from '@mortise/contract'
import { expect, it, vi } from 'vitest'
import { manifest, startServer, type TestServer } from './harness.ts'

vi.setConfig({ testTimeout: 60_000 })

const permissions = ['read:sessions', 'filter:events']
const session = {
  id: 's1',
  name: 'one',
  user: 'ada',
  template: 'firefox',
  state: 'running',
  resources: { memory: '1Gi', cpu: '500m' },
  persistentHome: true,
  idleTimeout: '30m',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
}
const filtering = (body: string, name = 'probe', changes = {}) => ({
  'manifest.json': manifest({ name, permissions, ...changes }),
  'index.js': `module.exports = { ${body} }`,
})
const publish = (host: TestServer, data: unknown = { session }) =>
  host.api('POST', '/events', { event_type: 'session.created', data })
async function logged(host: TestServer): Promise<Record<string, unknown>[]> {
  const { body } = await host.api('GET', '/events?limit=1000')
  return body.events
    .map(({ event }: { event: { event_type: string } }) => event)
    .filter(({ event_type }: { event_type: string }) => event_type === 'session.created')
}
const strikesOf = async (host: TestServer, id = 'probe') =>
  (await host.api('GET', `/plugins/${id}`)).body.strikes

it('changes an event before it is logged, in the order of priorities', async () => {
  await using host = await startServer()
  const append = (text: string) =>
    `filterSessionCreated: (session) => ({ action: 'modify', payload: { ...session, name: session.name + '${text}' } })`
  await host.add(filtering(`${append(' late')}, filterPriority: 200`, 'a-late'))
  await host.add(filtering(append(' b'), 'b'))
  await host.add(filtering(append(' a'), 'a'))
  await host.add(
    filtering(`filters: { 'session.created': (session) => { session.name += ' mutated' } }`, 'mutant'),
  )
  expect(await publish(host)).toMatchObject({ status: 202 })
  expect(await logged(host)).toMatchObject([{ data: { session: { name: 'one a b late', id: 's1' } } }])
})

it('drops an event with plugin and reason, and logs nothing', async () => {
  await using host = await startServer()
  await host.add(filtering(`filterSessionCreated: () => ({ action: 'drop', reason: 'no\\n sessions' })`))
  expect(await publish(host)).toMatchObject({
    status: 422,
    body: {
      code: 'EVENT_DROPPED',
      message: expect.stringContaining('probe'),
      data: { plugin: 'probe', reason: 'no  sessions' },
    },
  })
  expect(await logged(host)).toEqual([])
  expect(await strikesOf(host)).toBe(0)
})

it('fails the call whose event is dropped, and undoes what it did', async () => {
  await using host = await startServer()
  await host.add(filtering(`filterSessionCreated: () => ({ action: 'drop', reason: 'full' })`))
  await expect(host.call('sessions.create', { user: 'ada', template: 'x' })).rejects.toMatchObject({
    code: 'EVENT_DROPPED',
  })
  expect(await logged(host)).toEqual([])
})

it('asks no filter that was not granted its permission, and none about events it may not see', async () => {
  await using host = await startServer()
  const drop = `filterSessionCreated: () => ({ action: 'drop' }), filters: { 'plugin.updated': () => ({ action: 'drop' }) }`
  await host.add(filtering(drop, 'blind', { permissions: ['filter:events'] }))
  await host.add(filtering(drop, 'plain', { permissions: ['read:sessions'] }))
  expect(await publish(host)).toMatchObject({ status: 202 })
  const { body } = await host.api('GET', '/plugins/plain/logs')
  expect(JSON.stringify(body)).toContain('not granted filter:events')
})

const failures: Record<string, string> = {
  'a string': `() => 'drop'`,
  'an unknown action': `() => ({ action: 'explode' })`,
  'a payload that is no session': `() => ({ action: 'modify', payload: 7 })`,
  'no payload': `() => ({ action: 'modify' })`,
  'a payload of 13 MiB': `(session) => ({ action: 'modify', payload: { ...session, name: 'x'.repeat(13 * 1024 * 1024) } })`,
  'a payload that is no JSON': `(session) => ({ action: 'modify', payload: { ...session, self: 1n } })`,
  'an error': `() => { throw new Error('no') }`,
  'a thenable that never settles': `() => ({ then() {} })`,
  'a getter that throws': `() => ({ get action() { throw new Error('no') } })`,
}
for (const [what, filter] of Object.entries(failures)) {
  it(`passes the event unchanged and strikes once for ${what}`, async () => {
    await using host = await startServer(what.startsWith('a thenable') ? { filterMs: undefined } : {})
    await host.add(filtering(`filterSessionCreated: ${filter}`))
    expect(await publish(host)).toMatchObject({ status: 202 })
    expect(await logged(host)).toMatchObject([{ data: { session } }])
    await expect.poll(() => strikesOf(host)).toBe(1)
  })
}

it('stops a filter that spins, and passes the event with one strike', async () => {
  await using host = await startServer()
  await host.add(filtering(`filterSessionCreated() { for (;;); }`))
  const started = performance.now()
  expect(await publish(host)).toMatchObject({ status: 202 })
  expect(performance.now() - started).toBeLessThan(2000)
  await expect.poll(() => strikesOf(host)).toBe(1)
  expect(await logged(host)).toHaveLength(1)
})

it('stops the plugin after five failures in a row, though its handler works', async () => {
  await using host = await startServer()
  await host.add(filtering(`filterSessionCreated() { throw new Error('no') }, onSessionCreated() {}`))
  for (let round = 0; round < 5; round++) {
    await publish(host)
    if (round < 4) await host.delivery('probe', 'done')
  }
  await expect.poll(async () => (await host.api('GET', '/plugins/probe')).body.status).toBe('quarantined')
})

it('answers a storm of events that a slow filter sees, each unchanged', async () => {
  await using host = await startServer()
  await host.add(filtering(`filterSessionCreated: () => new Promise((resolve) => setTimeout(resolve, 5))`))
  const answers = await Promise.all(Array.from({ length: 200 }, () => publish(host)))
  expect(answers.every(({ status }) => status === 202)).toBe(true)
  expect(await logged(host)).toHaveLength(200)
})

it('filters what a plugin causes from its own handler without waiting for that handler', async () => {
  await using host = await startServer()
  await host.add(
    filtering(
      `filterSessionHibernated: (session) => ({ action: 'modify', payload: { ...session, name: 'slept' } }),
       async onSessionCreated({ id }) { await streamspace.api.sessions.hibernate(id) }`,
      'probe',
      { permissions: [...permissions, 'write:sessions'] },
    ),
  )
  await host.call('sessions.create', { user: 'ada', template: 'x' })
  await host.delivery('probe', 'done')
  const { body } = await host.api('GET', '/events?limit=1')
  expect(body.events[0].event).toMatchObject({
    event_type: 'session.hibernated',
    data: { session: { name: 'slept' } },
  })
})

it('drops the event of a failed filter where the host says so', async () => {
  const vault = defineDomain({
    name: 'vault',
    version: '1.0.0',
    permissions: {},
    resources: {},
    events: {
      'vault.opened': {
        summary: 'A vault was opened.',
        permission: null,
        version: 1,
        data: s.object({ by: s.string() }),
        filterPolicy: 'closed',
      },
    },
    slots: {},
  })
  await using host = await startServer({ domains: [vault] })
  await host.add(filtering(`filters: { 'vault.opened': () => { throw new Error('no') } }`))
  const answer = await host.api('POST', '/events', { event_type: 'vault.opened', data: { by: 'ada' } })
  expect(answer).toMatchObject({ status: 422, body: { code: 'EVENT_DROPPED' } })
})
