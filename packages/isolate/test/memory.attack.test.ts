import { expect, it } from 'vitest'
import { openPool, specOf } from './harness.ts'

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

for (const [name, source] of Object.entries(bombs)) {
  it(`costs only its own plugin: ${name}`, async () => {
    await using pool = openPool({ limits: { cpuMsPerSlice: 3_000 } })
    const neighbor = await pool.load(
      specOf('let calls = 0; module.exports = { onAsk: (n) => n * 2 + (calls++ < 0) }', { id: 'neighbor' }),
    )
    const bomb = await pool.load(specOf(`module.exports = { onBoom() { ${source} } }`, { id: 'bomb' }))
    const error = await bomb.call('onBoom', []).catch((thrown: { code: string }) => thrown)
    expect(['PLUGIN_MEMORY', 'PLUGIN_TIMEOUT', 'PLUGIN_CRASHED', 'PLUGIN_THREW']).toContain(
      (error as { code: string }).code,
    )
    console.log(
      name,
      (error as { code: string }).code,
      bomb.crashes,
      pool.logs.filter((l) => l.plugin === undefined).length ? 'child died' : '',
      process.memoryUsage().rss >> 20,
    )
    expect(await neighbor.call('onAsk', [21])).toBe(42)
    expect(neighbor.crashes).toBe(0)
  }, 30_000)
}
