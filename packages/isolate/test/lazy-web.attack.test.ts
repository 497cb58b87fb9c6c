import { expect, it } from 'vitest'
import { openPool, specOf } from './harness.ts'

/** Spells the web's names so that their text does not announce them: they come to be when they are used. */
function disguise(source: string): string {
  return source.replace(
    /\b(URL|Headers|fetch|atob|crypto|AbortSignal|TextEncoder|structuredClone)\b/g,
    (name) => name.replace(/^./, (letter) => `\\u{${letter.charCodeAt(0).toString(16)}}`),
  )
}

async function inside(body: string): Promise<unknown> {
  await using pool = openPool()
  const plugin = await pool.load(specOf(disguise(`module.exports = { async onAsk() { ${body} } }`)))
  const result = await plugin.call('onAsk', [])
  // Whatever it did, the sandbox beside it works and its own still answers.
  const other = await pool.load(
    specOf('module.exports = { onAsk: () => new URL("/a", "http://b").href }', { id: 'other' }),
  )
  expect(await other.call('onAsk', [])).toBe('http://b/a')
  expect(plugin.crashes).toBe(0)
  return result
}

it('gives the web’s globals as if they had always been there', async () => {
  const result = await inside(`
    const before = Object.getOwnPropertyNames(globalThis).sort().join()
    const kinds = ['URL', 'Headers', 'AbortSignal', 'TextEncoder', 'structuredClone', 'fetch', 'atob'].map((name) => typeof globalThis[name])
    const same = URL === URL && URL === globalThis.URL
    const { writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(globalThis, 'URL')
    return { kinds, same, writable, enumerable, configurable, added: Object.getOwnPropertyNames(globalThis).sort().join() === before }`)
  expect(result).toEqual({
    kinds: Array(7).fill('function'),
    same: true,
    writable: true,
    enumerable: false,
    configurable: true,
    added: true,
  })
})

it('leaves a global that plugin code set or deleted alone', async () => {
  const result = await inside(`
    globalThis.fetch = () => 'mine'
    delete globalThis.atob
    URL = 'mine too'
    return [fetch(), typeof atob, URL, typeof Headers, new Headers({ a: 'b' }).get('a')]`)
  expect(result).toEqual(['mine', 'undefined', 'mine too', 'function', 'b'])
})

it('gives nothing away when the realm was poisoned before it came to be', async () => {
  const result = await inside(`
    const taken = new Set()
    const take = (value) => { if (typeof value === 'function' || (typeof value === 'object' && value)) taken.add(value) }
    const trap = (target, name) => {
      const original = target[name]
      target[name] = function (...args) { take(this); args.forEach(take); return Reflect.apply(original, this, args) }
    }
    for (const name of ['call', 'bind']) trap(Function.prototype, name)
    for (const name of ['set', 'get']) { trap(Map.prototype, name); trap(WeakMap.prototype, name) }
    trap(Promise.prototype, 'then')
    for (const name of ['send', 'random', 'hash', 'requestSync', 'webSource', 'powers', 'channel']) {
      Object.defineProperty(Object.prototype, name, { set: take, get() { take(this) }, configurable: true })
    }
    try { new URL('http://a/').searchParams; new Headers({ a: 'b' }); crypto.randomUUID(); await fetch('http://127.0.0.1/') } catch {}
    const found = []
    for (const value of taken) {
      for (const name of ['applySync', 'derefInto', 'applySyncPromise', 'dispose', 'compileScript']) {
        try { if (typeof value[name] === 'function') found.push(name) } catch {}
      }
      try { if (typeof value.constructor.constructor('return typeof process')() === 'object') found.push('process') } catch {}
      try { value('ended', 0, '{}'); value('dispose', 0) } catch {}
    }
    return { found, tried: taken.size > 0 }`)
  expect(result).toEqual({ found: [], tried: true })
})

it('stops a plugin that asks for the source again and again', async () => {
  await using pool = openPool()
  const plugin = await pool.load(
    specOf(
      disguise(`module.exports = { async onAsk() {
      const { parse } = JSON
      const sources = []
      // Evaluation fails each time, so that each use asks anew.
      Reflect.deleteProperty(globalThis, 'Array')
      for (;;) { try { new URL('http://a/') } catch { } sources.push(1) }
    } }`),
    ),
  )
  await expect(plugin.call('onAsk', [])).rejects.toMatchObject({
    code: expect.stringMatching(/^PLUGIN_(TIMEOUT|CRASHED|MEMORY)$/),
  })
})
