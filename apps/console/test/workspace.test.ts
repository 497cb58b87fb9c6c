import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type MortiseServer } from '@mortise/server'
import { expect, it } from 'vitest'
import config from '../mortise.config.ts'

const token = 'token-of-the-tests'

async function open(dataDir?: string) {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'mortise-workspace-')))
  const server: MortiseServer = await createServer(config, {
    port: 0,
    dataDir: folder,
    adminToken: token,
    allowPrivateHosts: [],
    logLevel: 'silent',
  })
  await server.listen()
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into by the tests, which say what they expect
  const request = async (path: string, body?: unknown): Promise<any> => {
    const response = await fetch(`${server.url}/api/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return response.json()
  }
  return {
    server,
    folder,
    async call(method: string, ...args: unknown[]) {
      const [result] = (await request('/calls', { calls: [[method, args]] })).results
      return result.ok ? result.value : result.error
    },
    events: async () =>
      (await request('/events?limit=100')).events.map(
        ({ event }: { event: Record<string, unknown> }) => event,
      ),
    async [Symbol.asyncDispose]() {
      await server.close()
      if (dataDir === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}

it('starts with something to look at', async () => {
  await using workspace = await open()
  expect(await workspace.call('sessions.list')).toHaveLength(12)
  expect(await workspace.call('users.list')).toHaveLength(6)
  expect(await workspace.call('templates.list')).toHaveLength(5)
  expect(await workspace.events()).toEqual([])
  const running = await workspace.call('sessions.list', { state: 'running', limit: 2 })
  expect(running).toHaveLength(2)
  expect(running[0].createdAt > running[1].createdAt).toBe(true)
})

it('moves a session through its life, with one event for each change', async () => {
  await using workspace = await open()
  const session = await workspace.call('sessions.create', { user: 'mira', template: 'firefox', name: 'desk' })
  expect(session).toMatchObject({
    name: 'desk',
    state: 'running',
    resources: { memory: '2Gi', cpu: '1000m' },
    idleTimeout: '30m',
  })
  for (const move of ['hibernate', 'wake', 'terminate']) await workspace.call(`sessions.${move}`, session.id)
  const events = await workspace.events()
  expect(events.map(({ event_type }: { event_type: string }) => event_type).reverse()).toEqual([
    'session.created',
    'session.hibernated',
    'session.woken',
    'session.deleted',
  ])
  expect(events[0]).toMatchObject({
    target_type: 'session',
    target_id: session.id,
    username: 'Administrator',
    data: { session: { id: session.id, state: 'terminated' } },
  })
})

it('refuses moves that a state does not allow, and changes nothing', async () => {
  await using workspace = await open()
  const [ended] = await workspace.call('sessions.list', { state: 'terminated' })
  for (const move of ['hibernate', 'wake', 'terminate']) {
    expect(await workspace.call(`sessions.${move}`, ended.id)).toMatchObject({
      code: 'CONFLICT',
      name: 'InvalidStateTransitionError',
      data: { state: 'terminated', action: move },
    })
  }
  const [running] = await workspace.call('sessions.list', { state: 'running' })
  expect(await workspace.call('sessions.wake', running.id)).toMatchObject({
    name: 'InvalidStateTransitionError',
  })
  expect(await workspace.call('sessions.get', ended.id)).toEqual(ended)
  expect(await workspace.events()).toEqual([])
})

it('names what is not there', async () => {
  await using workspace = await open()
  const cases = [
    ['SessionNotFoundError', 'sessions.get', 'ses-none'],
    ['SessionNotFoundError', 'sessions.hibernate', 'ses-none'],
    ['UserNotFoundError', 'users.get', 'nobody'],
    ['TemplateNotFoundError', 'templates.get', 'none'],
    ['UserNotFoundError', 'sessions.create', { user: 'nobody', template: 'firefox' }],
    ['TemplateNotFoundError', 'sessions.create', { user: 'mira', template: 'none' }],
  ] as const
  for (const [name, method, argument] of cases) {
    expect(await workspace.call(method, argument)).toMatchObject({ code: 'NOT_FOUND', name })
  }
  expect(await workspace.call('sessions.list')).toHaveLength(12)
})

it('is as it was after a restart', async () => {
  await using first = await open()
  await first.call('sessions.create', { user: 'mira', template: 'blender' })
  const before = [await first.call('sessions.list'), await first.events()]
  await first.server.close()
  await using second = await open(first.folder)
  expect([await second.call('sessions.list'), await second.events()]).toEqual(before)
})

it('keeps the storage for plugins', async () => {
  await using workspace = await open()
  expect(await workspace.call('storage.get', 'key')).toMatchObject({ code: 'FORBIDDEN' })
})
