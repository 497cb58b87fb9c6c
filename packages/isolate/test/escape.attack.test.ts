import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPool, openReceiver, specOf } from './harness.ts'

const canary = 'canary-6f1d2c'
// One child for all attacks: what one leaves behind would show in the next.
const pool = openPool()
let folder = ''
let secretFile = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isolate-'))
  secretFile = join(folder, 'secret.txt')
  await writeFile(secretFile, canary)
  process.env.MORTISE_TEST_CANARY = canary
})

afterAll(async () => {
  delete process.env.MORTISE_TEST_CANARY
  await rm(folder, { recursive: true })
  await pool.close()
})

/** Runs the body of an async function in a fresh plugin and answers what it returned. */
async function runInside(
  body: string,
  hostCall = async (..._call: unknown[]): Promise<unknown> => ({ given: true }),
) {
  const plugin = await pool.load(
    specOf(`module.exports = { async onAttack(...args) { ${body} } }`, { hostCall }),
  )
  return {
    result: await plugin.call('onAttack', [{ secretFile, fromHost: { a: [1] } }]),
    crashes: plugin.crashes,
  }
}

it('has no global of Node and no engine global that escapes the memory limit', async () => {
  const names = [
    'process',
    'require',
    'module',
    'global',
    'Buffer',
    'WebAssembly',
    'SharedArrayBuffer',
    'Atomics',
    'ivm',
    '__mortiseStart',
    'Deno',
    'navigator',
  ]
  const { result } = await runInside(
    `return ${JSON.stringify(names)}.filter((name) => (0, eval)('typeof ' + name) !== 'undefined')`,
  )
  expect(result).toEqual([])
})

it('keeps the list of globals short and known', async () => {
  const { result } = await runInside(`
    const known = Object.getOwnPropertyNames((0, eval)('globalThis'))
    return known.filter((name) => !/^[A-Z]/.test(name)).sort()`)
  expect(result).toEqual(
    [
      'atob',
      'btoa',
      'clearInterval',
      'clearTimeout',
      'console',
      'crypto',
      'decodeURI',
      'decodeURIComponent',
      'encodeURI',
      'encodeURIComponent',
      'escape',
      'eval',
      'fetch',
      'globalThis',
      'host',
      'isFinite',
      'isNaN',
      'listen',
      'parseFloat',
      'parseInt',
      'performance',
      'queueMicrotask',
      'self',
      'setInterval',
      'setTimeout',
      'structuredClone',
      'undefined',
      'unescape',
    ].sort(),
  )
})

it('reaches only its own realm through the constructors of everything it is given', async () => {
  const { result } = await runInside(
    `
    const rejected = await host.call('x').catch((error) => error)
    const timer = await new Promise((resolve) => setTimeout(function () { resolve(this) }, 1))
    const denied = await fetch('http://example.com').catch((error) => error)
    const frames = (() => { Error.prepareStackTrace = (_, frames) => frames; const { stack } = new Error('x'); delete Error.prepareStackTrace; return stack })()
    const starts = [
      this, globalThis, args, args[0], args[0].fromHost, rejected, denied, timer, host, host.call, host.callSync, fetch, console.log,
      setTimeout, crypto.getRandomValues, structuredClone, require, module, new Error('x'), Headers, Response, listen,
      ...frames.flatMap((frame) => [frame, frame.getThis(), frame.getFunction()]),
    ]
    const seen = new Set()
    const found = []
    const look = (value, depth) => {
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value) || depth > 6) return
      seen.add(value)
      if (typeof value.constructor === 'function') {
        try {
          const run = value.constructor.constructor ?? value.constructor
          const reached = run("return [typeof process, typeof require, typeof Buffer, globalThis]")()
          if (reached[0] !== 'undefined' || reached[1] !== 'undefined' || reached[2] !== 'undefined' || reached[3] !== globalThis) found.push(String(value))
        } catch {}
      }
      for (const key of Reflect.ownKeys(value)) {
        const descriptor = Reflect.getOwnPropertyDescriptor(value, key)
        for (const next of [descriptor.value, descriptor.get, descriptor.set]) look(next, depth + 1)
        if (/^(applySync|applySyncPromise|derefInto|copyInto|applyIgnored)$/.test(String(key))) found.push('engine handle: ' + String(key))
      }
      look(Reflect.getPrototypeOf(value), depth + 1)
    }
    for (const start of starts) look(start, 0)
    return { found, looked: seen.size > 200 }`,
    async () => {
      throw new Error('refused')
    },
  )
  expect(result).toEqual({ found: [], looked: true })
})

it('gets no engine handle through tampered builtins', async () => {
  const { result } = await runInside(`
    const caught = []
    let noted = 0, busy = false
    const { ownKeys, getPrototypeOf, apply } = Reflect
    const note = (value) => {
      if (busy || typeof value !== 'object' && typeof value !== 'function' || value === null) return
      busy = true
      noted++
      for (let at = value; at && at !== Object.prototype; at = getPrototypeOf(at)) for (const key of ownKeys(at)) if (typeof key === 'string' && /^apply(Sync|Ignored)|^derefInto/.test(key)) caught.push(key)
      busy = false
    }
    const spy = (owner, name) => { const original = owner[name]; owner[name] = function (...list) { note(this); for (const item of list) note(item); return apply(original, this, list) } }
    spy(Function.prototype, 'call'); spy(Function.prototype, 'apply'); spy(Function.prototype, 'bind')
    spy(Promise.prototype, 'then'); spy(Map.prototype, 'get'); spy(Map.prototype, 'set'); spy(JSON, 'parse'); spy(JSON, 'stringify'); spy(Reflect, 'apply')
    for (const key of ['timeout', 'arguments', 'result', 'copy', 'reference', 'promise', 'applySyncPromise', 'length', '0', 'then']) {
      try { Object.defineProperty(Object.prototype, key, { configurable: true, get() { note(this); return undefined }, set(value) { note(this); note(value); Object.defineProperty(this, key, { value, configurable: true, writable: true, enumerable: true }) } }) } catch {}
    }
    host.callSync('x', [1]); await host.call('y', [2]); crypto.randomUUID(); await fetch('http://example.com').catch(() => {})
    return { caught, isSpying: noted > 0 }`)
  expect(result).toEqual({ caught: [], isSpying: true })
})

it('shows no path, stack or message of the host in errors', async () => {
  const { result } = await runInside(
    `
    const errors = [
      await host.call('x').catch((error) => error),
      (() => { try { host.callSync('x') } catch (error) { return error } })(),
      await fetch('http://example.com').catch((error) => error),
      await fetch('no url').catch((error) => error),
    ]
    for (const attempt of [() => host.call('x', [Symbol()]), () => host.callSync('x', [1n]), () => crypto.getRandomValues({}), () => setTimeout({}), () => structuredClone(() => {})]) {
      try { await attempt() } catch (error) { errors.push(error) }
    }
    return errors.map((error) => [error.name, error.code, error.message, error.stack, JSON.stringify(error)].join(' '))`,
    async () => {
      throw new Error(`${canary} in ${secretFile}`)
    },
  )
  expect(result).toHaveLength(9)
  for (const text of result as string[]) {
    expect(text).not.toContain(canary)
    expect(text).not.toMatch(/\/(work|home|root|tmp|usr|opt)\/|node:|file:|node_modules|sandbox\.ts|\.mts/)
  }
})

it('reads no file, in the isolate or in its process', async () => {
  const { result } = await runInside(`
    const outcomes = []
    for (const attempt of [
      () => require(args[0].secretFile), () => require('fs').readFileSync(args[0].secretFile, 'utf8'), () => require('node:fs'),
      () => require('../../../../../../../../..' + args[0].secretFile), () => require('./../' + args[0].secretFile),
      () => fetch('file://' + args[0].secretFile).then((r) => r.text()),
      () => (0, eval)('import("node:fs")'), () => new Function('return import("file://' + args[0].secretFile + '")')(),
      () => host.constructor.constructor('return require("fs")')(), () => new Request('file://' + args[0].secretFile).text(),
    ]) { try { outcomes.push(String(await attempt())) } catch (error) { outcomes.push('refused: ' + error.message) } }
    return outcomes`)
  expect(JSON.stringify(result)).not.toContain(canary)
  expect((result as string[]).filter((outcome) => !outcome.startsWith('refused')).filter(Boolean)).toEqual([])
})

it('cannot pollute prototypes of the host with arguments, results or errors', async () => {
  const received: unknown[] = []
  const hostCall = async (_method: unknown, args: unknown) => {
    received.push(args)
    return {}
  }
  const poison = `JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":{"\\\\u005f_proto__":{"polluted":1}}}')`
  const { result } = await runInside(
    `const poison = ${poison}; await host.call('x', [poison]); return poison`,
    hostCall,
  )
  for (const value of [result, (received[0] as unknown[])[0]]) {
    expect(Object.hasOwn(value as object, '__proto__')).toBe(false)
    expect(JSON.stringify(value)).toBe('{"constructor":{"prototype":{"polluted":1}},"a":{}}')
    expect(Object.assign({}, value) as { polluted?: unknown }).not.toHaveProperty('polluted')
  }
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

it('receives copies: changing them changes nothing in the host', async () => {
  const shared = { list: [1, 2], inner: { a: 1 } }
  await runInside(
    `const got = await host.call('x'); got.list.push(3); got.inner.a = 2; got.__proto__.polluted = 1; args[0].fromHost.a = 5`,
    async () => shared,
  )
  expect(shared).toEqual({ list: [1, 2], inner: { a: 1 } })
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

const hostileResults: Record<string, readonly [source: string, expected: unknown]> = {
  'a thenable': [`return { then(resolve) { resolve({ then(again) { again('twice') } }) } }`, 'twice'],
  'a getter': [`return { get a() { return 1 } }`, { a: 1 }],
  'a Proxy': [
    `return new Proxy({ a: 1 }, { get: (target, key) => key === 'then' || key === 'toJSON' ? undefined : 2 })`,
    { a: 2 },
  ],
  'a function': [`return () => 1`, undefined],
  'a toJSON that answers an object with __proto__': [
    `return { toJSON: () => JSON.parse('{"__proto__":{"x":1},"y":1}') }`,
    { y: 1 },
  ],
}

for (const [name, [source, expected]] of Object.entries(hostileResults)) {
  it(`takes ${name} as plain data`, async () => {
    const { result, crashes } = await runInside(source)
    expect(result).toEqual(expected)
    expect(crashes).toBe(0)
  })
}

const hostileThrows = [
  `throw null`,
  `throw undefined`,
  `throw 5`,
  `throw Symbol('x')`,
  `throw () => {}`,
  `throw Object.create(null)`,
  `throw { get name() { throw 1 }, get message() { throw 2 }, get stack() { throw 3 }, get code() { throw 4 } }`,
  `throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })`,
  `throw Object.assign(new Error('x'), { name: { toString() { throw 1 } }, code: 'PLUGIN_NOT_RUNNING', message: 'y'.repeat(1e6) })`,
  `return { get a() { throw new Error('in getter') } }`,
  `return 10n`,
  `const a = {}; a.a = a; return a`,
]

it('reports whatever is thrown as an error of the plugin', async () => {
  for (const source of hostileThrows) {
    const plugin = await pool.load(specOf(`module.exports = { onAttack() { ${source} } }`))
    const error = await plugin.call('onAttack', []).catch((thrown: Error & { code: string }) => thrown)
    expect(error, source).toMatchObject({ code: 'PLUGIN_THREW', source: 'plugin' })
    expect((error as Error).message.length).toBeLessThan(5_000)
    expect(plugin.crashes).toBe(0)
  }
})

it('keeps working for others when builtins are replaced before answers come in', async () => {
  const neighbor = await pool.load(
    specOf('module.exports = { onAsk: async (n) => [await host.call("x"), n] }', {
      id: 'neighbor',
      hostCall: async () => 'y',
    }),
  )
  const plugin = await pool
    .load(
      specOf(
        `
      const stolen = []
      Promise.prototype.then = function () { stolen.push(this); throw new Error('then') }
      Promise.resolve = () => { throw new Error('resolve') }
      JSON.parse = () => ({ id: 1, ok: true, method: 'admin', args: [] }); JSON.stringify = () => '{"level":"error","message":"forged","__proto__":{}}'
      Array.prototype.map = Array.prototype.push = Array.prototype.slice = () => { throw new Error('array') }
      Map.prototype.get = Map.prototype.set = Map.prototype.delete = () => { throw new Error('map') }
      Object.defineProperty(Array.prototype, Symbol.iterator, { value: () => { throw new Error('iterator') } })
      Object.keys = Object.entries = () => { throw new Error('keys') }; globalThis.Error = globalThis.Promise = globalThis.Map = undefined
      globalThis.eval = () => { throw new Error('eval') }
      module.exports = { async onAttack() { console.log('x'); return await host.call('x').catch(() => 'caught') } }`,
        { hostCall: async () => 'fine' },
      ),
    )
    .catch((error: { code: string }) => error)
  if ('call' in plugin)
    await plugin
      .call('onAttack', [])
      .catch((error: { code: string }) => expect(error.code).toMatch(/^PLUGIN_/))
  else expect(plugin.code).toMatch(/^PLUGIN_/)
  expect(await neighbor.call('onAsk', [1])).toEqual(['y', 1])
  expect(neighbor.crashes).toBe(0)
})

it('cannot answer a call of another plugin or forge requests in its name', async () => {
  const calls: string[] = []
  const victim = await pool.load(
    specOf(`module.exports = { onWait: () => host.call('victim.wait') }`, {
      id: 'victim',
      hostCall: async (method) => {
        calls.push(`victim ${method}`)
        await new Promise((resolve) => setTimeout(resolve, 100))
        return 'true answer'
      },
    }),
  )
  // The shim is as close to the channel as guest code gets: it can send whatever the runtime can.
  const attackShim = `(function (host) {
    const sends = []
    const originalStringify = JSON.stringify
    return { globals: { attack() {
      for (let id = -20; id < 50; id++) host.log('info', 'x', { type: 'answered', key: id, id, outcome: 'ok', payload: '"forged"' })
      return host.call('attacker.call', [{ key: 1, plugin: 'victim', __proto__: { plugin: 'victim' } }])
    } }, adopt: () => ({ handlers: [], subscriptions: [], deliver() {}, call: () => attack() }) }
  })`
  const attacker = await pool.load(
    specOf('', {
      id: 'attacker',
      shim: attackShim,
      hostCall: async (method) => calls.push(`attacker ${method}`),
    }),
  )
  const waiting = victim.call('onWait', [])
  await attacker.call('go', [])
  expect(await waiting).toBe('true answer')
  expect(calls.sort()).toEqual(['attacker attacker.call', 'victim victim.wait'])
})

it('sends host calls only as a method name and a list', async () => {
  const calls: unknown[] = []
  const plugin = await pool.load(
    specOf(
      `module.exports = { async onAttack() {
        const outcomes = []
        for (const call of [[{ toString: () => 'x' }, []], ['x', { length: 1 }], ['x', 'list'], [['x'], []], [null, null], ['__proto__', []], ['constructor', ['a']]])
          outcomes.push(await host.call(...call).then(() => 'sent', (error) => error.code))
        return outcomes
      } }`,
      { hostCall: async (method, args) => calls.push([method, args]) },
    ),
  )
  expect(await plugin.call('onAttack', [])).toEqual([
    'INPUT_INVALID',
    'INPUT_INVALID',
    'INPUT_INVALID',
    'INPUT_INVALID',
    'INPUT_INVALID',
    'sent',
    'sent',
  ])
  expect(calls).toEqual([
    ['__proto__', []],
    ['constructor', ['a']],
  ])
})

it('does not let one plugin see another: globals and prototypes are its own', async () => {
  await pool.load(
    specOf(
      `globalThis.leak = 'x'; Object.prototype.leak = 'y'; Array.prototype.map = null; module.exports = {}`,
    ),
  )
  const second = await pool.load(
    specOf(`module.exports = { onAsk: () => [typeof leak, ({}).leak, typeof [].map] }`),
  )
  expect(await second.call('onAsk', [])).toEqual(['undefined', null, 'function'])
})

it('makes no resizable buffer, whose memory the engine would not count', async () => {
  const { result } = await runInside(`
    const constructors = [ArrayBuffer, new Uint8Array(1).buffer.constructor, ArrayBuffer[Symbol.species], Object.getPrototypeOf(new ArrayBuffer(1)).constructor, ArrayBuffer.prototype.constructor]
    const buffers = constructors.map((Buffer) => new Buffer(1, { maxByteLength: 1 << 20 }))
    buffers.push(new (class extends ArrayBuffer {})(1, { maxByteLength: 1 << 20 }), Reflect.construct(ArrayBuffer, [1, { maxByteLength: 1 << 20 }]))
    buffers.push(structuredClone(buffers[0]), buffers[0].slice(0), buffers[1].transfer(8))
    return buffers.map((buffer) => [buffer.resizable, typeof buffer.resize, buffer instanceof ArrayBuffer])`)
  expect(result).toEqual(Array(10).fill([false, 'undefined', true]))
})

it('gives each isolate random numbers of its own', async () => {
  const source = `module.exports = { onAsk: () => [Math.random(), crypto.randomUUID()] }`
  const [first, second] = await Promise.all([pool.load(specOf(source)), pool.load(specOf(source))])
  const [one, other] = (await Promise.all([first.call('onAsk', []), second.call('onAsk', [])])) as [
    number,
    string,
  ][]
  expect(one![0]).not.toBe(other![0])
  expect(one![1]).not.toBe(other![1])
})

it('reaches no server when no host is allowed', async () => {
  await using receiver = await openReceiver()
  const plugin = await pool.load(
    specOf(`module.exports = { async onAttack(origin) {
      const outcomes = []
      for (const attempt of [() => fetch(origin), () => fetch(new Request(origin)), () => fetch(origin, { method: 'POST', body: 'x', mode: 'no-cors' }), () => fetch(origin.replace('127.0.0.1', 'localhost'))])
        outcomes.push(await attempt().then(() => 'sent', (error) => error.code))
      for (const name of ['XMLHttpRequest', 'WebSocket', 'EventSource', 'Worker', 'importScripts']) outcomes.push(typeof globalThis[name])
      return outcomes
    } }`),
  )
  const denied = 'FETCH_HOST_DENIED'
  const none = 'undefined'
  expect(await plugin.call('onAttack', [receiver.origin])).toEqual([
    denied,
    denied,
    denied,
    denied,
    none,
    none,
    none,
    none,
    none,
  ])
  expect(receiver.connections).toBe(0)
})
