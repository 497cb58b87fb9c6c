import type { PluginRecord } from '@mortise/contract'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { gateway } from './gateway.ts'
import { manifest, startServer, type TestServer, token } from './harness.ts'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 })

// Every way in which a plugin is entered, and what it does there: never end, or eat all memory.

const authorization = `Bearer ${token}`
let host: TestServer
let sessions = 0

beforeAll(async () => {
  // One try for each delivery, so that each event is one entry.
  host = await startServer({
    domains: [gateway],
    deliveryPolicy: { waitsMs: [], concurrency: 4 },
    answerMs: 5000,
  })
})
afterAll(() => host[Symbol.asyncDispose]())

interface Path {
  /** Members of the plugin's exports; `WORK` stands for what it does. */
  readonly source: string
  readonly permissions: readonly string[]
  /** Enters the plugin once. What it answers does not matter. */
  enter(name: string): Promise<unknown>
}

const create = () => host.call('sessions.create', { user: `user-${sessions++}`, template: 'firefox' })
const paths: Readonly<Record<string, Path>> = {
  handler: { source: `onSessionCreated() { WORK }`, permissions: ['read:sessions'], enter: create },
  'handler-map': {
    source: `on: { 'session.created': () => { WORK } }`,
    permissions: ['read:sessions'],
    enter: create,
  },
  'catch-all': {
    source: `onEvent({ type }) { if (type === 'session.created') { WORK } }`,
    permissions: ['read:sessions'],
    enter: create,
  },
  filter: {
    source: `filterSessionCreated() { WORK }`,
    permissions: ['read:sessions', 'filter:events'],
    enter: create,
  },
  ring: {
    source: `rings: { pre_flight() { WORK } }`,
    permissions: ['join:rings'],
    enter: () => host.api('POST', '/rings/pre_flight', { body: { prompt: 'hi' } }),
  },
  http: {
    source: `onHttpRequest() { WORK }`,
    permissions: ['serve:http'],
    enter: (name) => fetch(`${host.url}/plugins/${name}/`, { headers: { authorization } }),
  },
  route: {
    source: `routes: { 'GET /x': () => { WORK } }`,
    permissions: ['serve:http'],
    enter: (name) => fetch(`${host.url}/plugins/${name}/x`, { headers: { authorization } }),
  },
  stream: {
    source: `onSseConnect() { WORK }`,
    permissions: ['serve:http', 'serve:sse'],
    async enter(name) {
      const answer = await fetch(`${host.url}/plugins/${name}/_sse/a`, { headers: { authorization } })
      await answer.body?.cancel()
    },
  },
  command: {
    source: `commands: { run() { WORK } }`,
    permissions: ['commands'],
    enter: (name) => host.api('POST', `/plugins/${name}/commands/run`, {}),
  },
  job: {
    source: `jobs: { run() { WORK } }`,
    permissions: ['scheduler'],
    enter: (name) => host.api('POST', `/plugins/${name}/jobs/run/run`),
  },
  timer: {
    source: `commands: { run() { setTimeout(() => { WORK }, 1) } }`,
    permissions: ['commands'],
    enter: (name) => host.api('POST', `/plugins/${name}/commands/run`, {}),
  },
  'after-the-answer': {
    source: `commands: { async run() { Promise.resolve().then(() => host_()).then(() => { WORK }); return 'done' } }`,
    permissions: ['commands', 'read:sessions'],
    enter: (name) => host.api('POST', `/plugins/${name}/commands/run`, {}),
  },
  'after-a-host-call': {
    source: `commands: { async run() { await host_(); WORK } }`,
    permissions: ['commands', 'read:sessions'],
    enter: (name) => host.api('POST', `/plugins/${name}/commands/run`, {}),
  },
  'result-getter': {
    source: `commands: { run: () => ({ get a() { WORK } }) }`,
    permissions: ['commands'],
    enter: (name) => host.api('POST', `/plugins/${name}/commands/run`, {}),
  },
  'result-thenable': {
    source: `commands: { run: () => ({ then() { WORK } }) }`,
    permissions: ['commands'],
    enter: (name) => host.api('POST', `/plugins/${name}/commands/run`, {}),
  },
  'thrown-getter': {
    source: `commands: { run() { throw { get message() { WORK } } } }`,
    permissions: ['commands'],
    enter: (name) => host.api('POST', `/plugins/${name}/commands/run`, {}),
  },
  'log-argument': {
    source: `commands: { run() { console.log({ get a() { WORK } }) } }`,
    permissions: ['commands'],
    enter: (name) => host.api('POST', `/plugins/${name}/commands/run`, {}),
  },
  enabled: {
    source: `onEnable() { WORK }`,
    permissions: [],
    // It was when it was added.
    enter: async () => {},
  },
}
const works = {
  spin: 'for (;;);',
  bomb: 'const all = []; for (;;) all.push(new Array(1000).fill(1))',
}
const record = async (name: string) => (await host.api('GET', `/plugins/${name}`)).body as PluginRecord
const strikesOf = async (name: string) => {
  const text = await (await fetch(`${host.url}/metrics`)).text()
  const rows = text.matchAll(
    new RegExp(`^mortise_plugin_strikes_total\\{plugin="${name}",code="(\\w+)"\\} (\\d+)$`, 'gm'),
  )
  return [...rows].map(([, code, count]) => [code, Number(count)])
}
const patience = { timeout: 30_000 }
const describe = (name: string, permissions: readonly string[]) =>
  manifest({
    name,
    permissions,
    contributes: { commands: [{ name: 'run', title: 'Run' }] },
    scheduler: { jobs: [{ name: 'run', schedule: 'monthly' }] },
  })
async function add(path: string, what: keyof typeof works): Promise<string> {
  const name = `${path}-${what}`
  const { source, permissions } = paths[path]!
  await host.add({
    'manifest.json': describe(name, permissions),
    'index.js': `const host_ = () => streamspace.api.getSessions()
      module.exports = { ${source.replace('WORK', works[what])} }`,
  })
  return name
}

/**
 * Enters a plugin until it got a strike more. Its process may be one that a bomb of another test takes
 * down at this very moment: then the call ended through nobody's fault.
 */
async function strike(name: string, path: string, wanted = 1): Promise<void> {
  const count = async () => Number((await strikesOf(name))[0]?.[1] ?? 0)
  while ((await count()) < wanted) {
    await paths[path]!.enter(name)
    await vi.waitUntil(async () => (await count()) >= wanted, { timeout: 8000, interval: 50 }).catch(() => {})
  }
}

/** Memory is watched where code runs, whatever called it: one path for each kind of call is enough. */
const bombed = ['handler', 'filter', 'ring', 'http', 'stream', 'command', 'job', 'timer']

for (const path of Object.keys(paths)) {
  it(`counts a strike for a plugin that does not end in: ${path}`, async () => {
    const name = await add(path, 'spin')
    await strike(name, path)
    expect(await strikesOf(name)).toEqual([['PLUGIN_TIMEOUT', 1]])
    await host.api('POST', `/plugins/${name}/disable`)
    expect((await fetch(`${host.url}/readyz`)).status).toBe(200)
  })
}

for (const path of bombed) {
  it(`counts a strike for a plugin that eats all memory in: ${path}`, async () => {
    const name = await add(path, 'bomb')
    await strike(name, path)
    expect(await strikesOf(name)).toEqual([[expect.stringMatching(/^PLUGIN_(MEMORY|TIMEOUT|CRASHED)$/), 1]])
    await host.api('POST', `/plugins/${name}/disable`)
    expect((await fetch(`${host.url}/readyz`)).status).toBe(200)
  })
}

it('adds up strikes of all paths, and asks a plugin nothing any more once there are five', async () => {
  const all = ['handler', 'filter', 'ring', 'http', 'job', 'command', 'stream'] as const
  const sources = all.map((path) => paths[path]!.source.replace('WORK', works.spin))
  await host.add({
    'manifest.json': describe('all', [...new Set(all.flatMap((path) => paths[path]!.permissions))]),
    'index.js': `module.exports = { ${sources.join(', ')} }`,
  })
  for (const [index, path] of ['ring', 'http', 'job', 'command', 'stream'].entries()) {
    await strike('all', path, index + 1)
    expect(await strikesOf('all')).toEqual([['PLUGIN_TIMEOUT', index + 1]])
  }
  await expect.poll(() => record('all'), patience).toMatchObject({ strikes: 5, status: 'quarantined' })
  for (const path of all) await paths[path]!.enter('all')
  expect(await strikesOf('all')).toEqual([['PLUGIN_TIMEOUT', 5]])
  expect((await host.api('POST', '/plugins/all/commands/run', {})).body.code).toBe('PERMISSION_DENIED')
  expect((await host.api('POST', '/rings/pre_flight', { body: { prompt: 'hi' } })).body.action).toBe(
    'passthrough',
  )
})
