import { defineDomain, s } from '@mortise/contract'
import { expect, it, vi } from 'vitest'
import { manifest, startServer, type TestServer } from './harness.ts'

vi.setConfig({ testTimeout: 60_000 })

const ring = (order: number, failPolicy: 'open' | 'closed') => ({
  summary: 'Before a prompt goes out.',
  permission: 'join:rings',
  payload: s.object({ prompt: s.string() }),
  // Far more than is needed, because the machine may be busy.
  timeoutMs: 2000,
  failPolicy,
  order,
})
const gateway = defineDomain({
  name: 'gateway',
  version: '1.0.0',
  permissions: { 'join:rings': { risk: 'high', sentence: 'Read and change prompts' } },
  resources: {},
  events: {},
  slots: {},
  rings: { pre_flight: ring(2, 'open'), ingress: ring(1, 'closed') },
})
const open = (options = {}) => startServer({ domains: [gateway], ...options })
const joining = (name: string, rings: string, permissions = ['join:rings']) => ({
  'manifest.json': manifest({ name, permissions }),
  'index.js': `module.exports = { rings: { ${rings} } }`,
})
const run = (host: TestServer, name = 'pre_flight', metadata = {}) =>
  host.server.rings.run(name, { body: { prompt: 'hi' }, metadata })

it('goes by priority and carries body and metadata down the chain', async () => {
  await using host = await open()
  const add = (text: string) =>
    `(ctx) => { ctx.metadata.${text} = true; return { action: 'modify', body: { prompt: ctx.body.prompt + ' ${text}' }, message: '${text}' } }`
  await host.add(joining('a', `pre_flight: { priority: 200, run: ${add('last')} }`))
  await host.add(joining('b', `pre_flight: ${add('middle')}`))
  await host.add(joining('c', `pre_flight: { priority: 1, run: ${add('first')} }`))
  await host.add(joining('d', `pre_flight: () => ({ action: 'block' })`, ['read:sessions']))
  expect(await run(host, 'pre_flight', { trace: 't1' })).toEqual({
    action: 'modify',
    body: { prompt: 'hi first middle last' },
    metadata: { trace: 't1', first: true, middle: true, last: true, _plugin_message: 'last' },
    stop_chain: false,
  })
  const { rings, traces } = host.server.rings.stats()
  expect(Object.keys(rings)).toEqual(['ingress', 'pre_flight'])
  expect(rings.pre_flight?.c).toMatchObject({ invocations: 1, errors: 0, consecutive_errors: 0 })
  expect(traces[0]?.rings.pre_flight?.plugins.map(({ name }) => name)).toEqual(['c', 'b', 'a'])
})

for (const [status, used] of [
  [429, 429],
  [200, 403],
  [399, 403],
  [1000, 403],
  [-1, 403],
  [451.5, 403],
  ['403', 403],
  [null, 403],
]) {
  it(`blocks with ${used} where a plugin says ${JSON.stringify(status)}`, async () => {
    await using host = await open()
    const block = `{ action: 'block', status: ${JSON.stringify(status)}, type: 'pii', message: 'No' }`
    await host.add(joining('a', `pre_flight: () => (${block})`))
    await host.add(joining('b', `pre_flight: () => ({ action: 'modify', body: { prompt: 'after' } })`))
    const answer = await host.api('POST', '/rings/pre_flight', { body: { prompt: 'hi' } })
    expect(answer).toMatchObject({
      status: 200,
      body: {
        action: 'block',
        status: used,
        error_type: 'pii',
        error: 'No',
        stop_chain: true,
        body: { prompt: 'hi' },
      },
    })
    expect(answer.body.metadata).toEqual({ _block_status: used, _block_error_type: 'pii' })
    expect(host.server.rings.stats().rings.pre_flight?.a).toMatchObject({ blocks: 1, errors: 0 })
  })
}

it('answers a cache hit and asks nobody after it', async () => {
  await using host = await open()
  await host.add(
    joining(
      'a',
      `pre_flight: () => ({ action: 'cache_hit', response: { text: 'cached' }, metadata: { _cache_hit: 'forged' } })`,
    ),
  )
  await host.add(joining('b', `pre_flight: () => ({ action: 'block' })`))
  expect(await run(host)).toMatchObject({
    action: 'cache_hit',
    response: { text: 'cached' },
    metadata: { _cache_hit: true },
    stop_chain: true,
  })
})

const failures: Record<string, [string, string]> = {
  'a wrong type': [`() => 7`, 'not an object'],
  'an unknown action': [`() => ({ action: 'explode' })`, `action 'explode' is unknown`],
  'a body that does not fit': [`() => ({ action: 'modify', body: { prompt: 1 } })`, 'refused'],
  'an answer of 13 MiB': [
    `() => ({ action: 'modify', body: { prompt: 'x'.repeat(13 * 1024 * 1024) } })`,
    // A second one of this size in a second is a flood.
    'too ',
  ],
  'too much metadata': [
    `() => ({ action: 'passthrough', metadata: { a: 'x'.repeat(100000) } })`,
    'too large',
  ],
  'an error': [`() => { throw new Error('broken') }`, 'broken'],
  'a thenable that never settles': [`() => ({ then() {} })`, 'Plugin a timed out'],
  'a spin': [`() => { for (;;); }`, 'Plugin a timed out'],
}
for (const [what, [handler, error]] of Object.entries(failures)) {
  it(`goes on after ${what} where the ring is open, and stops where it is closed`, async () => {
    await using host = await open()
    await host.add(joining('a', `pre_flight: ${handler}, ingress: ${handler}`))
    await host.add(joining('b', `pre_flight: () => ({ action: 'modify', body: { prompt: 'after' } })`))
    expect(await run(host)).toMatchObject({
      action: 'modify',
      body: { prompt: 'after' },
      error: expect.stringContaining(error),
    })
    expect(await run(host, 'ingress')).toMatchObject({
      action: 'block',
      status: 503,
      error_type: 'plugin_error',
      error: expect.stringContaining(error),
      stop_chain: true,
    })
  })
}

it('leaves a plugin out for a minute after ten errors in a row, then tries it with one call', async () => {
  let now = Date.parse('2026-01-01T00:00:00Z')
  await using host = await open({ now: () => new Date(now) })
  await host.add(joining('a', `pre_flight(ctx) { if (ctx.body.prompt === 'hi') throw new Error('broken') }`))
  for (let round = 0; round < 12; round++) await run(host)
  const stats = () => host.server.rings.stats().rings.pre_flight?.a
  expect(stats()).toMatchObject({ invocations: 10, errors: 10, quarantined_until: now + 60_000 })
  now += 60_001
  await run(host)
  expect(stats()).toMatchObject({ invocations: 11, quarantined_until: now + 60_000 })
  await run(host)
  expect(stats()).toMatchObject({ invocations: 11 })
  now += 60_001
  await host.server.rings.run('pre_flight', { body: { prompt: 'good' } })
  expect(stats()).toMatchObject({ invocations: 12, consecutive_errors: 0, quarantined_until: 0 })
})

it('keeps the last hundred traces', async () => {
  await using host = await open()
  for (let round = 0; round < 103; round++) await run(host)
  const { body } = await host.api('GET', '/rings/stats')
  expect(body.traces).toHaveLength(100)
})

it('refuses unknown rings and bodies that do not fit', async () => {
  await using host = await open()
  const body = { prompt: 'hi' }
  expect(await host.api('POST', '/rings/nowhere', { body })).toMatchObject({ status: 404 })
  expect(await host.api('POST', '/rings/pre_flight', { body: 3 })).toMatchObject({ status: 400 })
  expect(await host.api('POST', '/rings/__proto__', { body })).toMatchObject({ status: 404 })
})
