import { MortiseError } from '@mortise/contract'
import { expect, it } from 'vitest'
import { openPool, openReceiver, patience, specOf } from '../test/harness.ts'
import { createRunnerPool } from './pool.ts'

const slack = `
module.exports = {
  async onSessionCreated(session) {
    const response = await fetch(this.config.slackWebhookUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ text: 'New session: ' + session.name }),
    })
    if (!response.ok) throw new Error('Slack answered ' + response.status)
    return response.status
  },
}`

it('runs a plugin that posts to a webhook when an event is delivered', async () => {
  await using receiver = await openReceiver()
  await using pool = openPool({ allowPrivateHosts: [receiver.host] })
  const plugin = await pool.load(
    specOf(slack, {
      id: 'slack-notifications',
      config: { slackWebhookUrl: `${receiver.origin}/services/T0` },
      allowedHosts: [receiver.host],
    }),
  )
  expect(plugin.handlers).toEqual(['onSessionCreated'])
  await plugin.deliver({ type: 'session.created', data: { session: { id: 's1', name: 'dev' } } })
  expect(receiver.requests).toMatchObject([
    {
      method: 'POST',
      url: '/services/T0',
      body: '{"text":"New session: dev"}',
      headers: { 'content-type': 'application/json' },
    },
  ])
})

it('changes configuration and hosts of a running plugin', async () => {
  await using receiver = await openReceiver()
  await using pool = openPool({ allowPrivateHosts: [receiver.host] })
  const plugin = await pool.load(specOf(slack, { config: { slackWebhookUrl: `${receiver.origin}/old` } }))
  const event = { type: 'session.created', data: { session: { name: 'dev' } } }
  await expect(plugin.deliver(event)).rejects.toMatchObject({
    code: 'PLUGIN_THREW',
    data: { code: 'FETCH_HOST_DENIED' },
  })
  await plugin.update({
    allowedHosts: [receiver.host],
    config: { slackWebhookUrl: `${receiver.origin}/new` },
  })
  await plugin.deliver(event)
  await plugin.update({ allowedHosts: [] })
  await expect(plugin.deliver(event)).rejects.toMatchObject({ data: { code: 'FETCH_HOST_DENIED' } })
  expect(receiver.requests.map(({ url }) => url)).toEqual(['/new'])
})

it('requires files of the package, JSON and virtual modules', async () => {
  await using pool = openPool()
  const plugin = await pool.load(
    specOf('', {
      entry: 'src/main.js',
      files: {
        'src/main.js': `
          const { greet } = require('./greet')
          const { word } = require('../data.json')
          const { answer } = require('mortise:test')
          module.exports = { onAsk: () => greet(word) + answer }`,
        'src/greet/index.js': `exports.greet = (word) => word + '!'`,
        'data.json': '{"word":"hello"}',
      },
    }),
  )
  expect(await plugin.call('onAsk', [])).toBe('hello!42')
})

it('loads ECMAScript modules by ending or by syntax', async () => {
  await using pool = openPool()
  const files = {
    'index.js': `
      import { shout } from './lib.mjs'
      import data from './data.json'
      import old, { half } from './old.js'
      import { answer } from 'mortise:test'
      const late = await Promise.resolve('late')
      export default { onAsk: () => [shout(data.word), old.half(answer), half(2), late] }`,
    'lib.mjs': `export const shout = (word) => word.toUpperCase()`,
    'old.js': `module.exports = { half: (n) => n / 2 }`,
    'data.json': '{"word":"hello"}',
  }
  const plugin = await pool.load(specOf('', { files }))
  expect(await plugin.call('onAsk', [])).toEqual(['HELLO', 21, 1, 'late'])
})

it('names the module that cannot be required and what is available', async () => {
  await using pool = openPool()
  await expect(pool.load(specOf(`require('node:fs')`))).rejects.toMatchObject({
    code: 'PLUGIN_LOAD_FAILED',
    message: expect.stringMatching(/'node:fs' in index\.js.*mortise:test/),
  })
  await expect(pool.load(specOf(`import fs from 'fs'\nexport default {}`))).rejects.toMatchObject({
    code: 'PLUGIN_LOAD_FAILED',
    message: expect.stringMatching(/'fs' in index\.js.*mortise:test/),
  })
  await expect(pool.load(specOf(`require('./missing')`))).rejects.toThrow('Cannot find ./missing')
  // As plugins do that work with a module and without.
  const plugin = await pool.load(
    specOf(`const codes = ['node:fs', './missing', '../..'].map((name) => {
      try { return require(name) } catch (error) { return error.code }
    })
    module.exports = { onAsk: () => codes }`),
  )
  expect(await plugin.call('onAsk', [])).toEqual(Array(3).fill('MODULE_NOT_FOUND'))
})

it('shows file and line of errors', async () => {
  await using pool = openPool()
  await expect(
    pool.load(
      specOf('', { files: { 'index.js': `require('./broken')`, 'broken.js': 'let a = 1\nlet = = 2' } }),
    ),
  ).rejects.toThrow('plugin/broken.js:2:')
  const plugin = await pool.load(
    specOf(`module.exports = {\n  onAsk() {\n    throw new TypeError('bad')\n  },\n}`),
  )
  await expect(plugin.call('onAsk', [])).rejects.toMatchObject({
    code: 'PLUGIN_THREW',
    data: { name: 'TypeError', message: 'bad', stack: expect.stringContaining('plugin/index.js:3:') },
  })
})

it('passes host calls on and keeps name and code of their errors', async () => {
  await using pool = openPool()
  const calls: unknown[] = []
  const plugin = await pool.load(
    specOf(
      `module.exports = {
        async onAsk() {
          const error = await host.call('sessions.get', ['s2']).catch((e) => e)
          return [await host.call('sessions.get', ['s1']), host.callSync('kv.get', ['k']), error.name, error.code, error.stack.includes('pool.test')]
        },
      }`,
      {
        hostCall: async (method, args) => {
          calls.push([method, args])
          if (args[0] === 's2')
            throw new MortiseError('NOT_FOUND', 'No session s2', { name: 'SessionNotFoundError' })
          return { method }
        },
      },
    ),
  )
  expect(await plugin.call('onAsk', [])).toEqual([
    { method: 'sessions.get' },
    { method: 'kv.get' },
    'SessionNotFoundError',
    'NOT_FOUND',
    false,
  ])
  expect(calls).toEqual([
    ['sessions.get', ['s2']],
    ['sessions.get', ['s1']],
    ['kv.get', ['k']],
  ])
})

it('offers the web API that plugins expect', async () => {
  await using pool = openPool()
  const plugin = await pool.load(
    specOf(`module.exports = {
      async onAsk() {
        const controller = new AbortController()
        setTimeout(() => controller.abort(), 5)
        const aborted = await new Promise((resolve) => controller.signal.addEventListener('abort', () => resolve(true)))
        let ticks = 0
        await new Promise((resolve) => { const id = setInterval(() => { if (++ticks === 3) { clearInterval(id); resolve() } }, 4) })
        const order = []
        await new Promise((resolve) => { queueMicrotask(() => { order.push('microtask'); resolve() }); order.push('sync') })
        return {
          url: new URL('../b?x=1', 'https://example.com/a/c').href,
          params: String(new URLSearchParams({ a: 'b c' })),
          clone: structuredClone({ when: new Date(0), set: new Set([1]) }).set.has(1),
          base64: atob(btoa('hi')),
          text: new TextDecoder().decode(new TextEncoder().encode('héllo 😀')),
          uuid: /^[0-9a-f-]{36}$/.test(crypto.randomUUID()),
          random: crypto.getRandomValues(new Uint8Array(8)).some((byte) => byte > 0),
          json: await Response.json({ a: 1 }).clone().json(),
          header: new Request('https://example.com', { method: 'POST', body: new URLSearchParams('a=1') }).headers.get('Content-Type'),
          aborted, ticks, order,
        }
      },
    }`),
  )
  expect(await plugin.call('onAsk', [])).toEqual({
    url: 'https://example.com/b?x=1',
    params: 'a=b+c',
    clone: true,
    base64: 'hi',
    text: 'héllo 😀',
    uuid: true,
    random: true,
    json: { a: 1 },
    header: 'application/x-www-form-urlencoded;charset=UTF-8',
    aborted: true,
    ticks: 3,
    order: ['sync', 'microtask'],
  })
})

it('writes console lines to the log with level and plugin', async () => {
  await using pool = openPool()
  const plugin = await pool.load(
    specOf(`module.exports = { onAsk() { console.warn('careful', { a: [1] }) } }`),
  )
  await plugin.call('onAsk', [])
  expect(pool.logs).toEqual([{ level: 'warn', plugin: 'plugin', message: 'careful { a: [1] }' }])
})

it('keeps log data that is JSON and shortens what is not', async () => {
  await using pool = openPool()
  const plugin = await pool.load(
    specOf(`module.exports = { onAsk() {
      const circular = {}
      circular.self = circular
      host.log('info', 'plain', { a: [1] })
      host.log('info', 'circular', circular)
      host.log('nonsense', 'big', { n: 1n })
      host.log('info', 'x'.repeat(1e6), 'y'.repeat(1e6))
    } }`),
  )
  await plugin.call('onAsk', [])
  expect(pool.logs.slice(0, 3)).toEqual([
    { level: 'info', plugin: 'plugin', message: 'plain', data: { a: [1] } },
    { level: 'info', plugin: 'plugin', message: 'circular', data: '{ self: { self: {…} } }' },
    { level: 'info', plugin: 'plugin', message: 'big', data: '{ n: 1 }' },
  ])
  expect(pool.logs[3]?.message).toHaveLength(8_000)
})

it('does not start a stopped plugin only to unload it', async () => {
  await using pool = openPool({ limits: { cpuMsPerSlice: 50 } })
  const plugin = await pool.load(
    specOf(`host.log('info', 'loaded'); module.exports = { onSpin() { for (;;); }, onUnload() {} }`),
  )
  await expect(plugin.call('onSpin', [])).rejects.toMatchObject({ code: 'PLUGIN_TIMEOUT' })
  await plugin.call('onUnload', [])
  expect(pool.logs.filter(({ message }) => message === 'loaded')).toHaveLength(1)
})

it('runs calls of one plugin one after the other', async () => {
  await using pool = openPool()
  const plugin = await pool.load(
    specOf(`let running = 0, most = 0
      module.exports = { async onAsk() { most = Math.max(most, ++running); await new Promise((r) => setTimeout(r, 5)); running--; return most } }`),
  )
  const most = await Promise.all([
    plugin.call('onAsk', []),
    plugin.call('onAsk', []),
    plugin.call('onAsk', []),
  ])
  expect(most).toEqual([1, 1, 1])
})

it('lists handlers and subscriptions that appear while loading', async () => {
  await using pool = openPool()
  const plugin = await pool.load(
    specOf(
      `module.exports = { subscriptions: ['session.*'], onLoad() { listen('user.login') }, onUserLogin() {} }`,
    ),
  )
  expect(plugin.subscriptions).toEqual(['session.*'])
  await plugin.call('onLoad', [])
  expect(plugin.subscriptions).toEqual(['session.*', 'user.login'])
  expect(plugin.handlers).toEqual(['onLoad', 'onUserLogin'])
})

it('starts again after a strike, repeats onLoad, and stays down after too many', async () => {
  await using pool = openPool({ maxStrikes: 2, limits: { cpuMsPerSlice: 50 } })
  const plugin = await pool.load(
    specOf(`let loaded = 'no'
      module.exports = { onLoad(word) { loaded = word }, onAsk: () => loaded, onSpin() { for (;;); } }`),
  )
  const reasons: string[] = []
  plugin.onDidCrash(({ code }) => reasons.push(code))
  await plugin.call('onLoad', ['yes'])
  await expect(plugin.call('onSpin', [])).rejects.toMatchObject({ code: 'PLUGIN_TIMEOUT' })
  expect(await plugin.call('onAsk', [])).toBe('yes')
  await expect(plugin.call('onSpin', [])).rejects.toMatchObject({ code: 'PLUGIN_TIMEOUT' })
  await expect(plugin.call('onSpin', [])).rejects.toMatchObject({ code: 'PLUGIN_TIMEOUT' })
  await expect(plugin.call('onAsk', [])).rejects.toMatchObject({ code: 'PLUGIN_NOT_RUNNING' })
  expect(plugin.crashes).toBe(3)
  expect(reasons).toEqual(['PLUGIN_TIMEOUT', 'PLUGIN_TIMEOUT', 'PLUGIN_TIMEOUT'])
})

it('loads the plugins of a dead process again without a strike', async () => {
  await using pool = openPool()
  const plugin = await pool.load(specOf(`module.exports = { onAsk: () => 'here' }`))
  process.kill(pool.children[0]!.pid, 'SIGKILL')
  await expect
    .poll(() => plugin.call('onAsk', []).catch((error: { code: string }) => error.code), patience)
    .toBe('here')
  expect(plugin.crashes).toBe(0)
})

it('keeps its processes when the signal that ends the parent reaches them too', async () => {
  await using pool = openPool()
  const plugin = await pool.load(specOf(`module.exports = { onAsk: () => 'here' }`))
  const { pid } = pool.children[0]!
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal)
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(await plugin.call('onAsk', [])).toBe('here')
  expect(pool.children.map((child) => child.pid)).toEqual([pid])
})

it('starts the plugins of a long-lived process again without waiting for a call', async () => {
  let now = 0
  let loads = 0
  const reloaded = Promise.withResolvers<void>()
  const pool = createRunnerPool({
    children: 1,
    now: () => now,
    log: ({ message }) => {
      if (message === 'loaded' && ++loads === 2) reloaded.resolve()
    },
  })
  const plugin = await pool.load(specOf(`module.exports = { onLoad() { console.log('loaded') } }`))
  await plugin.call('onLoad', [])
  const { pid } = pool.children[0]!
  now += 60_000
  process.kill(pid, 'SIGKILL')
  await reloaded.promise
  expect(pool.children[0]!.pid).not.toBe(pid)
  expect(plugin.crashes).toBe(0)
  await pool.close()
})

it('stops with dispose and with close', async () => {
  await using pool = openPool()
  const first = await pool.load(specOf(`module.exports = { onWait: () => new Promise(() => {}) }`))
  const waiting = first.call('onWait', [])
  const outcome = expect(waiting).rejects.toMatchObject({ code: 'PLUGIN_NOT_RUNNING' })
  await new Promise(setImmediate)
  await first.dispose()
  await outcome
  await expect(first.call('onWait', [])).rejects.toMatchObject({ code: 'PLUGIN_NOT_RUNNING' })
  const { pid } = pool.children[0]!
  await pool.close()
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})
