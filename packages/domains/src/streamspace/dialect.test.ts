import type { GuestDialect, GuestHost } from '@mortise/contract'
import { expect, it } from 'vitest'
import { streamspaceDialect } from './dialect.ts'
import { streamspace } from './index.ts'

type Streamspace = {
  readonly api: Record<string, unknown> & {
    webhooks: { on: (type: string, listener: unknown) => () => void }
  }
  readonly storage: Record<string, unknown>
}

function open(answer: (method: string, args: readonly unknown[]) => unknown = () => null) {
  const calls: unknown[] = []
  const lines: unknown[] = []
  const host = {
    manifest: { name: 'probe' },
    config: { channel: '#ops' } as Record<string, unknown>,
    async call(method: string, args: readonly unknown[]) {
      calls.push([method, ...args])
      return answer(method, args)
    },
    log: (...line: unknown[]) => lines.push(line),
  }
  // biome-ignore lint/security/noGlobalEval: the isolate evaluates this text in the same way
  const makeGuest: (host: GuestHost) => GuestDialect = globalThis.eval(streamspaceDialect.guestSource)
  const guest = makeGuest(host as unknown as GuestHost)
  return { guest, calls, lines, streamspace: guest.globals.streamspace as Streamspace }
}

const session = { id: 's1', template: 'firefox', user: 'ada' }
const event = {
  event_id: 'e1',
  event_type: 'session.created',
  timestamp: '2026-01-08T01:00:00Z',
  data: { session },
}

it('serves both calling styles and both event shapes of one plugin at once', async () => {
  const { guest, calls, lines } = open()
  const seen: unknown[] = []
  const plugin = {
    template: 'seen ',
    async onLoad({
      api,
      config,
      logger,
    }: {
      api: Streamspace['api']
      config: { get(key: string): unknown }
      logger: { info(text: string): void }
    }) {
      logger.info(`posts to ${config.get('channel')}`)
      api.webhooks.on('session.created', (envelope: unknown) => seen.push(['envelope', envelope]))
      await (api.sessions as { list(filter: unknown): Promise<unknown> }).list({ state: 'running' })
    },
    onSessionCreated(this: { config: unknown; manifest: unknown; note(text: unknown): void }, bare: unknown) {
      this.note(['bare', bare, this.config, this.manifest])
    },
    note(value: unknown) {
      seen.push(value)
    },
  }
  const adopted = guest.adopt(plugin)
  await adopted.call('onLoad', [])
  expect(adopted.handlers).toEqual(['onSessionCreated'])
  expect(adopted.subscriptions).toEqual(['session.created'])
  await adopted.deliver(event)
  expect(seen).toEqual([
    ['bare', session, { channel: '#ops' }, { name: 'probe' }],
    ['envelope', { id: 'e1', type: 'session.created', timestamp: event.timestamp, data: { session } }],
  ])
  expect(calls).toEqual([['sessions.list', { state: 'running' }]])
  expect(lines).toEqual([['info', 'posts to #ops', undefined]])
})

it('runs every handler although one throws, and lets the error through', async () => {
  const { guest, streamspace } = open()
  const seen: unknown[] = []
  streamspace.api.webhooks.on('session.*', () => seen.push('wildcard'))
  streamspace.api.webhooks.on('session', () => seen.push('prefix'))
  streamspace.api.webhooks.on('session.created_late', () => seen.push('longer'))
  const adopted = guest.adopt({
    onSessionCreated() {
      throw new TypeError('no channel')
    },
  })
  await expect(adopted.deliver(event)).rejects.toThrow('no channel')
  expect(seen).toEqual(['wildcard'])
})

it('lets the name of a host error survive, because plugins branch on it', async () => {
  const { guest } = open(() => {
    throw Object.assign(new Error('gone'), { name: 'SessionNotFoundError' })
  })
  const getSession = (guest.globals.streamspace as Streamspace).api.getSession as (
    id: string,
  ) => Promise<unknown>
  await expect(getSession('s9')).rejects.toMatchObject({ name: 'SessionNotFoundError' })
})

it('maps the older flat names onto the methods of the domain', async () => {
  const { streamspace: guest, calls } = open(() => ['a', 'b'])
  const api = guest.api as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
  await api.getSessions?.({ limit: 3 })
  await api.getUserSessions?.('ada')
  await api.updateSession?.('s1', { state: 'hibernated' })
  await api.deleteSession?.('s1')
  await api.getUsers?.()
  await api.getTemplate?.('firefox')
  await (guest.storage.clear as () => Promise<void>)()
  expect(calls).toEqual([
    ['sessions.list', { limit: 3 }],
    ['sessions.list', { user: 'ada' }],
    ['sessions.hibernate', 's1'],
    ['sessions.terminate', 's1'],
    ['users.list', {}],
    ['templates.get', 'firefox'],
    ['storage.keys'],
    ['storage.delete', 'a'],
    ['storage.delete', 'b'],
  ])
})

it('offers every resource and method of the domain, and nothing the domain does not have', () => {
  const { streamspace: guest } = open()
  for (const [resource, methods] of Object.entries(streamspace.resources)) {
    expect(Object.keys(guest.api[resource] as object)).toEqual(expect.arrayContaining(Object.keys(methods)))
  }
  for (const absent of ['createUser', 'createTemplate', 'metrics'])
    expect(guest.api).not.toHaveProperty(absent)
})

it('maps email, notifications, the scheduler and commands onto what the backend lends', async () => {
  const { guest, calls, lines, streamspace } = open()
  const api = streamspace.api as Record<string, Record<string, (...args: unknown[]) => unknown>> &
    Record<string, (...args: unknown[]) => Promise<void>>
  const said: unknown[] = []
  await api.email?.send?.({ to: 'ada@example.com', subject: 's', text: 't', from: 'me@example.com' })
  await api.notify?.('ada', { title: 'Hi', message: 'm', type: 'info', actions: [], timeout: 5 })
  await api.notifyAll?.({ title: 'All' })
  await api.notifyAdmins?.({ title: 'Admins' })
  await api.scheduler?.schedule?.('sweep', '1h', () => said.push('swept'))
  api.commands?.register?.({ name: 'greet', handler: (args: unknown) => said.push(args) })
  expect(calls).toEqual([
    ['email.send', { to: 'ada@example.com', subject: 's', text: 't' }],
    ['notifications.send', 'ada', { title: 'Hi', message: 'm', type: 'info' }],
    ['notifications.send', '*', { title: 'All' }],
    ['notifications.send', 'admins', { title: 'Admins' }],
    ['scheduler.schedule', 'sweep', '1h'],
  ])
  expect(lines).toEqual([['warn', expect.stringContaining('`from` is ignored')]])
  const plugin = guest.adopt({ jobs: { other: () => said.push('other') } })
  await plugin.work?.('job', 'sweep', [])
  await plugin.work?.('job', 'other', [])
  await plugin.work?.('command', 'greet', ['hello'])
  await api.commands?.execute?.('greet', 'again')
  expect(said).toEqual(['swept', 'other', 'hello', 'again'])
  await expect(plugin.work?.('command', 'toString', [])).rejects.toThrow("no command 'toString'")
})

it('adopts anything that a file can export', async () => {
  for (const exports of [undefined, null, 'text', Object.freeze({ onSessionCreated() {} })]) {
    const adopted = open().guest.adopt(exports)
    await adopted.deliver(event)
    expect(await adopted.call('onLoad', [])).toBeUndefined()
  }
})

it('gives new settings to a running plugin', () => {
  const { guest } = open()
  const plugin = { config: undefined as unknown }
  const adopted = guest.adopt(plugin)
  adopted.configure({ channel: '#new' })
  expect(plugin.config).toEqual({ channel: '#new' })
})
