import { readdirSync, readFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { makeDataDir, manifest, startServer, type TestServer } from './harness.ts'

vi.setConfig({ testTimeout: 60_000 })

const plugin = (source: string, changes: Record<string, unknown> = {}) => ({
  'manifest.json': manifest({ permissions: [], ...changes }),
  'index.js': source,
})
/** What the plugin said, in order, from the server's own log. */
const said = (host: TestServer) =>
  host.log
    .map((line) => JSON.parse(line) as { plugin?: string; message?: string; msg?: string })
    .map(({ message, msg }) => message ?? msg ?? '')
    .filter((text) => /^on[A-Z]/.test(text))

it('calls the life-cycle methods in their order', async () => {
  const names = ['onLoad', 'onUnload', 'onEnable', 'onDisable', 'onStartup', 'onShutdown']
  const say = names.map((name) => `${name}() { console.log('${name}') }`)
  const all = [...say, `onEvent(event) { console.log('onEvent ' + event.type) }`]
  const dataDir = await makeDataDir()
  {
    await using host = await startServer({ dataDir })
    await host.add(plugin(`module.exports = { ${all.join(',')} }`, { permissions: ['read:sessions'] }))
    expect(said(host)).toEqual(['onLoad', 'onEnable'])
    await host.call('sessions.create', { user: 'ada', template: 'firefox' })
    await host.delivery('probe', 'done')
    await host.api('POST', '/plugins/probe/disable')
    await host.api('POST', '/plugins/probe/enable')
    await host.server.close()
    expect(said(host).slice(2)).toEqual([
      'onEvent session.created',
      'onDisable',
      'onUnload',
      'onLoad',
      'onEnable',
      'onShutdown',
      'onUnload',
    ])
  }
  await using again = await startServer({ dataDir })
  expect(said(again)).toEqual(['onLoad', 'onStartup'])
})

it.each([
  ['another name', `name: 'impostor'`, {}, /calls itself 'impostor', its manifest 'probe'/],
  ['another version', `version: '2.0.0'`, {}, /code is version 2\.0\.0, its manifest 1\.0\.0/],
  [
    'a permission nobody was asked for',
    `permissions: ['admin']`,
    {},
    /wants admin, which its manifest does not ask for/,
  ],
  [
    'events its manifest does not name',
    `onSessionCreated() {}, on: { 'user.login'() {} }`,
    { subscriptions: ['session.hibernated'] },
    /listens to onSessionCreated, user\.login, which its manifest does not name/,
  ],
])('does not start a plugin whose code says %s', async (_name, body, changes, message) => {
  await using host = await startServer()
  const loaded = `onLoad() { console.log('ran') }`
  const record = await host.add(plugin(`module.exports = { ${body}, ${loaded} }`, changes))
  expect(record.lastError).toMatchObject({
    code: 'PLUGIN_MANIFEST_MISMATCH',
    message: expect.stringMatching(message),
  })
  expect(record.status).toBe('failed')
  expect(host.log.join('')).not.toContain('"ran"')
})

it('starts a plugin whose code agrees with its manifest', async () => {
  await using host = await startServer()
  const record = await host.add(
    plugin(
      `module.exports = { name: 'Probe', version: '1.0.0', permissions: ['read:sessions'],
        onSessionCreated() {}, on: { 'session.*'() {} } }`,
      { permissions: ['read:sessions'], subscriptions: ['session.*'] },
    ),
  )
  expect(record.status).toBe('active')
})

it('loads modules of both kinds, JSON and several files', async () => {
  await using host = await startServer()
  await host.add({
    'manifest.json': manifest({ entrypoints: { main: 'main.mjs' } }),
    'main.mjs': `import { shout } from './lib/shout.js'
      import old from './old.cjs'
      import words from './words.json' with { type: 'json' }
      export default { onEnable() { console.log('onX', shout(words.hello), old.answer) } }`,
    'lib/shout.js': `export { up as shout } from './up.js'`,
    'lib/up.js': `export const up = (text) => text.toUpperCase()`,
    'old.cjs': `exports.answer = require('./words.json').answer`,
    'words.json': `{ "hello": "hello", "answer": 42 }`,
  })
  expect(said(host)).toEqual(['onX HELLO 42'])
})

it('imports a file of the package when the plugin asks for it, and nothing else', async () => {
  await using host = await startServer()
  await host.add({
    'manifest.json': manifest({ entrypoints: { main: 'main.mjs' } }),
    'main.mjs': `
      export default {
        async onEnable() {
          const { answer } = await import('./later.mjs')
          await import('node:fs').catch((error) => console.log('onX', answer, error.code))
        },
      }`,
    'later.mjs': `export const answer = 42`,
  })
  expect(said(host)).toEqual(['onX 42 ERR_MODULE_NOT_FOUND'])
})

it('starts a plugin anew where its process is taken down while it starts', async () => {
  await using host = await startServer()
  const adding = host.add({
    'manifest.json': manifest(),
    'plugin.js': `module.exports = {
      async onLoad() {
        console.log('loading')
        await new Promise((done) => setTimeout(done, 1500))
      },
      onSessionCreated() {},
    }`,
  })
  const starts = async () => {
    const { logs = [] } = (await host.api('GET', '/plugins/probe/logs')).body
    return logs.filter(({ message }: { message: string }) => message === 'loading').length
  }
  await expect.poll(starts, { timeout: 10_000 }).toBe(1)
  // As when another plugin eats all memory in it.
  for (const pid of runnersOf(process.pid)) process.kill(pid, 'SIGKILL')
  expect(await adding).toMatchObject({ status: 'active', strikes: 0 })
  expect(await starts()).toBeGreaterThanOrEqual(2)
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await host.delivery('probe', 'done')
})

/** Processes of a server in which plugins run. */
function runnersOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const ppid = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]
        return Number(ppid) === parent && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('isolate')
      } catch {
        return false
      }
    })
}
