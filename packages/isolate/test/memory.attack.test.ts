import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openPool, patience, specOf } from './harness.ts'

const bombs: Record<string, string> = {
  'growing array': `const all = []; for (;;) all.push(new Array(1000).fill(1))`,
  'doubling string': `let text = 'x'; for (;;) { text += text; text.charCodeAt(5); JSON.stringify(text) }`,
  'doubling string, flattened into pieces': `let text = 'x'.repeat(1 << 20); const all = []; for (;;) { all.push(text.split('').join('-')) }`,
  'array buffers': `const all = []; for (;;) all.push(new ArrayBuffer(8 << 20))`,
  'filled typed arrays': `const all = []; for (;;) all.push(new Uint8Array(4 << 20).fill(7))`,
  'growing Map': `const map = new Map(); for (let i = 0; ; i++) map.set(i, { i })`,
  'growing Set of strings': `const set = new Set(); for (let i = 0; ; i++) set.add('key number ' + i)`,
  'nested objects': `let inner = {}; for (;;) inner = { inner, more: { inner } }`,
  'sparse array made dense': `const list = []; list.length = 2 ** 27; list.fill({})`,
  'one huge array': `new Array(2 ** 26).fill().map((_, i) => ({ i }))`,
  'concatenated arrays': `let list = [1, 2, 3]; for (;;) list = list.concat(list)`,
  'regular expression captures': `const text = 'a'.repeat(1 << 20); const all = []; for (;;) all.push([...text.matchAll(/a/g)])`,
  'big integers': `let n = 2n; for (;;) n = n * n`,
  closures: `const all = []; for (;;) { const held = new Array(100).fill(0); all.push(() => held) }`,
  promises: `const all = []; for (;;) all.push(new Promise(() => {}).then(() => {}))`,
  'resizable buffer': `const all = []; for (;;) { const buffer = new ArrayBuffer(1, { maxByteLength: 256 << 20 }); buffer.resize(256 << 20); new Uint8Array(buffer).fill(1); all.push(buffer) }`,
  'errors with deep stacks': `const all = []; const deep = (n) => { if (n) return deep(n - 1); all.push(new Error('x').stack) }; Error.stackTraceLimit = 1e6; for (;;) deep(2000)`,
  'microtasks that queue two each': `const twice = () => { Promise.resolve().then(twice); Promise.resolve().then(twice) }; twice(); return new Promise(() => {})`,
}

const stopped = ['PLUGIN_MEMORY', 'PLUGIN_TIMEOUT', 'PLUGIN_CRASHED']

for (const [name, source] of Object.entries(bombs)) {
  it(`costs only its own plugin: ${name}`, async () => {
    await using pool = openPool({ limits: { memoryMb: 32, cpuMsPerSlice: 1_500, callTimeoutMs: 20_000 } })
    const neighbor = await pool.load(specOf('module.exports = { onAsk: (n) => n * 2 }', { id: 'neighbor' }))
    const bomb = await pool.load(
      specOf(
        `let exploded = false; module.exports = { onBoom() { exploded = true; ${source} }, onAsk: () => exploded }`,
        {
          id: 'bomb',
        },
      ),
    )
    const { code, data } = await bomb.call('onBoom', []).then(
      () => ({ code: 'FINISHED', data: undefined }),
      (thrown: { code: string; data: unknown }) => thrown,
    )
    // The engine refuses an allocation that is too large by itself: a plain RangeError, or TypeError where the method is gone.
    if (code === 'PLUGIN_THREW')
      expect(data).toMatchObject({ name: expect.stringMatching(/^(Range|Type)Error$/) })
    else expect(stopped).toContain(code)
    // A call in flight when the process goes rejects as retryable, so it is tried again.
    await expect
      .poll(() => neighbor.call('onAsk', [21]).catch(({ code }: { code: string }) => code), patience)
      .toBe(42)
    expect(neighbor.crashes).toBe(0)
    expect(bomb.crashes).toBe(code === 'PLUGIN_THREW' ? 0 : 1)
    await expect
      .poll(() => bomb.call('onAsk', []).catch((thrown: { code: string }) => thrown.code), patience)
      .toBe(code === 'PLUGIN_THREW')
  })
}

const loadBombs: Record<string, Record<string, string>> = {
  'CommonJS that allocates': { 'index.js': bombs['growing array']! },
  'ECMAScript that allocates': { 'index.js': `${bombs['growing array']}\nexport default {}` },
  'ECMAScript in a builtin without end': {
    'index.js': `const half = 'a'.repeat(1 << 12)\nexport default 'a'.repeat(1 << 24).indexOf(half + 'b' + half)`,
  },
  'CommonJS imported from ECMAScript': {
    'index.js': `import x from './bomb.js'\nexport default x`,
    'bomb.js': bombs.closures!,
  },
}

for (const [name, files] of Object.entries(loadBombs)) {
  it(`costs only its own plugin while loading: ${name}`, async () => {
    await using pool = openPool({ limits: { loadTimeoutMs: 1_000 } })
    const neighbor = await pool.load(specOf('module.exports = { onAsk: (n) => n * 2 }', { id: 'neighbor' }))
    const { pid } = pool.children[0]!
    await expect(pool.load(specOf('', { id: 'bomb', files }))).rejects.toMatchObject({
      code: expect.stringMatching(/^PLUGIN_(MEMORY|TIMEOUT|CRASHED)$/),
    })
    // What does not stop with its isolate takes the process with it, a moment later.
    await expect.poll(() => idleShare(pid), patience).toBeGreaterThan(0.5)
    await expect
      .poll(() => neighbor.call('onAsk', [21]).catch(({ code }: { code: string }) => code), patience)
      .toBe(42)
    expect(neighbor.crashes).toBe(0)
    expect(pool.children.flatMap(({ plugins }) => plugins)).toEqual(['neighbor'])
  })
}

/** Share of a short while in which the process used no CPU; all of it when there is no such process. */
async function idleShare(pid: number): Promise<number> {
  const before = usedMs(pid)
  await delay(200)
  return 1 - (usedMs(pid) - before) / 200
}

function usedMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return 0
  }
}

it('counts memory kept over many small calls', async () => {
  await using pool = openPool()
  const plugin = await pool.load(
    specOf(
      'const all = []; module.exports = { onGrow() { all.push(new Uint8Array(4 << 20).fill(1)); return all.length } }',
    ),
  )
  let calls = 0
  const failure = await (async () => {
    for (; calls < 64; calls++) await plugin.call('onGrow', [])
  })().catch((thrown: { code: string }) => thrown.code)
  expect(['PLUGIN_THREW', 'PLUGIN_MEMORY']).toContain(failure)
  expect(calls).toBeLessThan(40)
})
