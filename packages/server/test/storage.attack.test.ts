import { expect, it, vi } from 'vitest'
import { manifest, startServer, type TestServer } from './harness.ts'

vi.setConfig({ testTimeout: 60_000 })

const plugin = (name: string, body: string) => ({
  'manifest.json': manifest({ name, permissions: ['read:sessions'] }),
  'plugin.js': `module.exports = { async onSessionCreated() { const { storage } = streamspace; ${body} } }`,
})
const create = (host: TestServer) => host.call('sessions.create', { user: 'ada', template: 'firefox' })
const call = async (host: TestServer, plugin: string, method: string, ...args: unknown[]) => {
  const { body } = await host.api('POST', '/calls', { plugin, calls: [[method, args]] })
  return body.results[0].value
}
const code = `const code = (work) => work.then(() => 'ok', (error) => error.code)`

it('keeps every JSON value as it was, and says what is no JSON', async () => {
  await using host = await startServer()
  await host.add(
    plugin(
      'probe',
      `
      ${code}
      const values = [null, false, 0, -0.5, '', 'ü\\u0000"', [], {}, { a: [{ b: null }] }]
      const back = []
      for (const value of values) { await storage.set('key', value); back.push(await storage.get('key')) }
      await storage.set('same', JSON.stringify(back) === JSON.stringify(values))
      await storage.set('nothing', undefined)
      const cycle = {}; cycle.self = cycle
      await storage.set('refused', [await code(Promise.resolve().then(() => storage.set('bad', 10n))) !== 'ok',
        await code(Promise.resolve().then(() => storage.set('bad', cycle))) !== 'ok', await storage.get('bad')])`,
    ),
  )
  await create(host)
  await host.delivery('probe', 'done')
  expect(await call(host, 'probe', 'storage.get', 'same')).toBe(true)
  expect(await call(host, 'probe', 'storage.get', 'nothing')).toBe(null)
  expect(await call(host, 'probe', 'storage.get', 'refused')).toEqual([true, true, null])
})

it('takes hostile keys as mere text, each in the plugin that wrote it', async () => {
  await using host = await startServer()
  const keys = [
    '__proto__',
    'constructor',
    "'; drop table mortise_plugin_value; --",
    '%',
    '_',
    '../../victim',
    'victim\u0000',
    '\ud800',
  ]
  const write = (value: string) =>
    `for (const key of ${JSON.stringify(keys)}) await storage.set(key, '${value}' + key)`
  await host.add(plugin('victim', write('victim ')))
  await host.add(
    plugin(
      'thief',
      `${write('thief ')}; await storage.clear(); await storage.set('left', await storage.keys())`,
    ),
  )
  await create(host)
  await host.delivery('victim', 'done')
  await host.delivery('thief', 'done')
  const kept = (await call(host, 'victim', 'storage.keys')) as string[]
  expect(kept).toHaveLength(keys.length)
  for (const key of keys.slice(0, -1))
    expect(await call(host, 'victim', 'storage.get', key)).toBe(`victim ${key}`)
  expect(await call(host, 'victim', 'storage.keys', '%')).toEqual(['%'])
  expect(await call(host, 'thief', 'storage.get', 'left')).toEqual([])
})

it('refuses keys that are too long or no text, and values that are too large', async () => {
  await using host = await startServer()
  await host.add(
    plugin(
      'probe',
      `
      ${code}
      const seen = []
      for (const key of ['', 'k'.repeat(257), 7, null, ['a'], { toString: () => 'a' }]) seen.push(await code(storage.set(key, 1)))
      seen.push(await code(storage.set('large', 'x'.repeat(2_000_000))))
      await storage.set('seen', seen)
      await storage.set('keys', await storage.keys())`,
    ),
  )
  await create(host)
  await host.delivery('probe', 'done')
  const refused = new Array(6).fill('INPUT_INVALID')
  expect(await call(host, 'probe', 'storage.get', 'seen')).toEqual([...refused, 'PAYLOAD_TOO_LARGE'])
  expect(await call(host, 'probe', 'storage.get', 'keys')).toEqual(['seen'])
})

it('ends at its share, also when many writes come at once, and counts bytes, not characters', async () => {
  await using host = await startServer()
  await host.add(
    plugin(
      'probe',
      `
      ${code}
      const value = '\u{1f600}'.repeat(100_000)
      const results = await Promise.all(Array.from({ length: 30 }, (_, index) => code(storage.set('k' + index, value))))
      const stored = await storage.keys()
      await code(storage.delete(stored[0]))
      await storage.set('result', { ok: results.filter((one) => one === 'ok').length, stored: stored.length,
        full: results.filter((one) => one === 'STORAGE_FULL').length })`,
    ),
  )
  await host.add(plugin('other', `await storage.set('mine', 'still fits')`))
  await create(host)
  await host.delivery('probe', 'done')
  // 400 kB each: twelve fit into 5 MB.
  expect(await call(host, 'probe', 'storage.get', 'result')).toEqual({ ok: 12, stored: 12, full: 18 })
  await host.delivery('other', 'done')
  expect(await call(host, 'other', 'storage.get', 'mine')).toBe('still fits')
})

it('is gone with the plugin', async () => {
  await using host = await startServer()
  await host.add(plugin('probe', `await storage.set('left', 1)`))
  await create(host)
  await host.delivery('probe', 'done')
  await host.api('DELETE', '/plugins/probe')
  await host.add(plugin('probe', ''))
  expect(await call(host, 'probe', 'storage.keys')).toEqual([])
})

it('tells server code that calls too often for how long to wait, and goes on afterwards', async () => {
  await using host = await startServer({ callsPerSecond: 20 })
  await host.add(
    plugin(
      'probe',
      `
      const failures = []
      await Promise.all(Array.from({ length: 60 }, () => storage.get('x').catch((error) => failures.push(error))))
      const [{ code, retryable, data }] = failures
      await new Promise((resolve) => setTimeout(resolve, data.retryAfter * 1000 + 500))
      await storage.set('first', { code, retryable, retryAfter: data.retryAfter })`,
    ),
  )
  await create(host)
  await host.delivery('probe', 'done')
  expect(await call(host, 'probe', 'storage.get', 'first')).toEqual({
    code: 'RATE_LIMITED',
    retryable: true,
    retryAfter: 1,
  })
})
