import { expect, it } from 'vitest'
import { openPool, specOf } from './harness.ts'

// Calls that come in while others are under way: out of the plugin, into it, and both at once.

/** A promise with the means to settle it. */
const gate = () => Promise.withResolvers<unknown>()
const neighborOf = (pool: ReturnType<typeof openPool>) =>
  pool.load(specOf('module.exports = { onAsk: (n) => n * 2 }', { id: 'neighbor' }))

it('blocks nobody else while a plugin waits in a synchronous host call', async () => {
  await using pool = openPool({ children: 1 })
  const asked = gate()
  const answer = gate()
  const neighbor = await neighborOf(pool)
  const plugin = await pool.load(
    specOf(`module.exports = { onAsk: () => ['got', host.callSync('slow', [1])] }`, {
      async hostCall() {
        asked.resolve(undefined)
        return answer.promise
      },
    }),
  )
  expect(pool.children).toHaveLength(1)
  const waiting = plugin.call('onAsk', [])
  await asked.promise
  // In the same process, and before the answer is there.
  for (let round = 0; round < 20; round++) expect(await neighbor.call('onAsk', [round])).toBe(round * 2)
  answer.resolve('late')
  expect(await waiting).toEqual(['got', 'late'])
  expect([plugin.crashes, neighbor.crashes]).toEqual([0, 0])
})

it('keeps answers apart when host calls are made from within the making of others', async () => {
  await using pool = openPool()
  const seen: unknown[] = []
  const plugin = await pool.load(
    specOf(
      `module.exports = {
        async onAttack() {
          const inner = []
          const sly = (name) => ({ toJSON() { inner.push(host.callSync('inner', [name])); return name } })
          const outer = host.callSync('outer', [sly('a'), { get b() { inner.push(host.callSync('inner', ['b'])); return 'b' } }])
          const later = await host.call('outer', [sly('c')])
          const nested = await Promise.all([1, 2, 3].map(async (n) => [n, host.callSync('inner', [n]), await host.call('outer', [n])]))
          const { parse } = JSON
          JSON.parse = (text) => { JSON.parse = parse; inner.push(host.callSync('inner', ['parse'])); return parse(text) }
          host.callSync('outer', ['d'])
          return { inner, outer, later, nested, get last() { return host.callSync('inner', ['last']) } }
        },
      }`,
      {
        async hostCall(method, args) {
          seen.push([method, ...args])
          return `${method} ${JSON.stringify(args)}`
        },
      },
    ),
  )
  const { inner, outer, later, nested, last } = (await plugin.call('onAttack', [])) as Record<string, unknown>
  expect(inner).toEqual(expect.arrayContaining(['inner ["a"]', 'inner ["b"]', 'inner ["c"]']))
  expect([outer, later, last]).toEqual(['outer ["a",{"b":"b"}]', 'outer ["c"]', 'inner ["last"]'])
  expect(nested).toEqual([1, 2, 3].map((n) => [n, `inner [${n}]`, `outer [${n}]`]))
  expect(seen).toContainEqual(['outer', 'd'])
  expect(plugin.crashes).toBe(0)
})

it('answers what is asked beside a call that waits, and gives it up where the plugin is blocked', async () => {
  await using pool = openPool()
  const answers: unknown[] = []
  const plugin = await pool.load(
    specOf(
      `module.exports = {
        onWait: () => host.call('back', ['async']),
        onBlock: () => host.callSync('back', ['sync']),
        onAsk: (n) => n,
      }`,
      {
        shim: `(function (host) {
          return { globals: { host: { call: host.call, callSync: host.callSync } }, adopt: (plugin) => ({
            handlers: [], subscriptions: [], deliver() {},
            call: (name, args) => plugin[name](...args),
            filter: (type, value) => ['filtered', value],
          }) }
        })`,
        // The host asks the plugin while the plugin waits for the host.
        async hostCall(_method, [kind]) {
          const asked = plugin.filter('x', kind, 400)
          answers.push(await asked.catch(({ code }: { code: string }) => code))
          return kind
        },
      },
    ),
  )
  expect(await plugin.call('onWait', [])).toBe('async')
  expect(await plugin.call('onBlock', [])).toBe('sync')
  expect(answers).toEqual([['filtered', 'async'], 'PLUGIN_TIMEOUT'])
  expect(await plugin.call('onAsk', [7])).toBe(7)
  expect(plugin.crashes).toBe(0)
})

it('ends a call that waits for itself, without a strike and without its neighbors', async () => {
  await using pool = openPool({ limits: { callTimeoutMs: 800 } })
  const neighbor = await neighborOf(pool)
  const inner: Promise<unknown>[] = []
  const plugin = await pool.load(
    specOf(
      `module.exports = { onLoop: () => host.call('again'), onLoopSync: () => host.callSync('again'), onAsk: (n) => n }`,
      {
        hostCall() {
          // Queued behind the very call that waits for it.
          const again = plugin.call('onAsk', [1])
          inner.push(again.catch(() => {}))
          return again
        },
      },
    ),
  )
  for (const name of ['onLoop', 'onLoopSync']) {
    await expect(plugin.call(name, [])).rejects.toMatchObject({ code: 'PLUGIN_TIMEOUT', source: 'server' })
    expect(await neighbor.call('onAsk', [2])).toBe(4)
  }
  await Promise.all(inner)
  expect(await plugin.call('onAsk', [3])).toBe(3)
  expect(plugin.crashes).toBe(0)
})

it('takes thenables for data wherever a plugin hands something over', async () => {
  await using pool = openPool()
  // As exports, as what is thrown, as a rejection's reason, and as what a host call brings back.
  const brought = '{"then":"no function"}'
  const then = `then(resolve, reject) { globalThis.taken = (globalThis.taken ?? 0) + 1; resolve('swapped') }`
  const plugin = await pool.load(
    specOf(
      `module.exports = {
        ${then},
        onThrow() { throw { ${then}, message: 'thrown' } },
        onReject: () => Promise.reject({ ${then}, message: 'rejected' }),
        async onHost() { const got = await host.call('x'); return [typeof got.then, got.then, await host.call('x')] },
        onAsk: () => globalThis.taken ?? 0,
      }`,
      { hostCall: async () => JSON.parse(brought) as unknown },
    ),
  )
  expect(await plugin.call('onAsk', [])).toBe(0)
  for (const [name, message] of [
    ['onThrow', 'thrown'],
    ['onReject', 'rejected'],
  ] as const) {
    const failure = await plugin.call(name, []).catch((thrown: { code: string; data: unknown }) => thrown)
    expect(failure).toMatchObject({ code: 'PLUGIN_THREW', data: { message } })
  }
  expect(await plugin.call('onHost', [])).toEqual(['string', 'no function', JSON.parse(brought)])
  expect(await plugin.call('onAsk', [])).toBe(0)
  expect(plugin.crashes).toBe(0)
})
