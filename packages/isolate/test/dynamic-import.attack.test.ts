import { expect, it } from 'vitest'
import { openPool, specOf } from './harness.ts'

const files = {
  'lib.mjs': `export const shout = (word) => word.toUpperCase(); export default 'lib'`,
  'old.js': `exports.half = (n) => n / 2`,
  'data.json': '{"word":"hello"}',
  'counted.mjs': `globalThis.runs = (globalThis.runs ?? 0) + 1; export const runs = globalThis.runs`,
  'late.mjs': `export const late = await new Promise((done) => setTimeout(() => done('late'), 20))`,
  'nested/index.mjs': `export const deep = async () => (await import('../lib.mjs')).default + (await import('./other.mjs')).default`,
  'nested/other.mjs': `export default ' and other'`,
  'broken.mjs': `export const = 1`,
  'throws.mjs': `throw new RangeError('no use')`,
  'throws-late.mjs': `await null\nthrow new RangeError('no use later')`,
  'spins.mjs': `for (;;);`,
  'bomb.mjs': `const kept = []; for (;;) kept.push(new Array(10000).fill(1))`,
}

/** Calls that both module formats make. */
const methods = `{
  async onFiles() {
    const [lib, old, data, virtual] = await Promise.all([
      import('./lib.mjs'), import('./old.js'), import('./data.json', { with: { type: 'json' } }), import('mortise:test'),
    ])
    return [lib.shout('a'), lib.default, old.half(4), old.default.half(2), data.default.word, virtual.answer]
  },
  async onTwice() { return [(await import('./counted.mjs')).runs, (await import('./counted.mjs')).runs] },
  async onLate() { return (await import('./late.mjs')).late },
  async onNested() { return (await import('./nested/index.mjs')).deep() },
  onComputed(name) { return import('./' + name).then(Object.keys) },
  onText() { return ['import("x")', /import("y")/.source, \`import(\${1})\`].join(' ') },
  async onTry(specifier) {
    try { return Object.keys(await import(specifier)) } catch (error) { return [error.name, error.code, error.message] }
  },
}`
const formats = {
  CommonJS: `module.exports = ${methods}`,
  'ECMAScript modules': `export default ${methods}`,
}

for (const [format, source] of Object.entries(formats)) {
  const open = async () => {
    const pool = openPool()
    const plugin = await pool.load(specOf('', { files: { 'index.js': source, ...files } }))
    return { plugin, [Symbol.asyncDispose]: () => pool.close() }
  }

  it(`imports files of the package and modules of the dialect when they are needed, from ${format}`, async () => {
    await using room = await open()
    const { plugin } = room
    expect(await plugin.call('onFiles', [])).toEqual(['A', 'lib', 2, 1, 'hello', 42])
    expect(await plugin.call('onTwice', [])).toEqual([1, 1])
    expect(await plugin.call('onLate', [])).toBe('late')
    expect(await plugin.call('onNested', [])).toBe('lib and other')
    expect(await plugin.call('onComputed', ['lib.mjs'])).toEqual(['default', 'shout'])
    expect(await plugin.call('onText', [])).toBe('import("x") import("y") import(1)')
  })

  it(`imports nothing else, and says so by code, from ${format}`, async () => {
    await using room = await open()
    const { plugin } = room
    for (const specifier of ['./none.js', '../index.js', '../../../etc/passwd', './lib.mjs/../../x.mjs']) {
      expect(await plugin.call('onTry', [specifier])).toMatchObject([
        'Error',
        'ERR_MODULE_NOT_FOUND',
        /the package has no such file/,
      ])
    }
    for (const specifier of [
      'node:fs',
      'fs',
      'file:///etc/passwd',
      'https://example.com/x.js',
      'data:text/javascript,1',
      '/etc/passwd',
      'mortise:x',
      '',
    ]) {
      expect(await plugin.call('onTry', [specifier])).toMatchObject([
        'Error',
        'ERR_MODULE_NOT_FOUND',
        /plugins run without Node modules/,
      ])
    }
    expect(await plugin.call('onTry', ['./broken.mjs'])).toMatchObject([
      'SyntaxError',
      null,
      /Unexpected token/,
    ])
    expect(await plugin.call('onTry', ['./throws.mjs'])).toMatchObject(['RangeError', null, 'no use'])
    expect(await plugin.call('onTry', ['./throws-late.mjs'])).toMatchObject([
      'RangeError',
      null,
      'no use later',
    ])
    // What failed takes nothing with it.
    expect(await plugin.call('onFiles', [])).toHaveLength(6)
  })

  it(`stops what an imported file does beyond its limits, from ${format}`, async () => {
    await using room = await open()
    const { plugin } = room
    await expect(plugin.call('onTry', ['./spins.mjs'])).rejects.toMatchObject({ code: 'PLUGIN_TIMEOUT' })
    await expect(plugin.call('onTry', ['./bomb.mjs'])).rejects.toMatchObject({
      code: /PLUGIN_(MEMORY|CRASHED|TIMEOUT)/,
    })
    expect(await plugin.call('onTwice', [])).toEqual([1, 1])
  })
}

it('leaves no global behind and takes no specifier that is not text for one', async () => {
  await using pool = openPool()
  const source = `module.exports = {
    onNames() { return Object.getOwnPropertyNames(globalThis) },
    async onLook() { await import('./lib.mjs'); return this.onNames() },
    async onOdd() {
      const bad = [Symbol('x'), { toString() { throw new RangeError('mine') } }, Object.create(null)]
      return Promise.all(bad.map((one) => import(one).catch((error) => error.name)))
    },
  }`
  const plugin = await pool.load(specOf('', { files: { 'index.js': source, ...files } }))
  const before = await plugin.call('onNames', [])
  expect(await plugin.call('onLook', [])).toEqual(before)
  expect(await plugin.call('onOdd', [])).toEqual(['TypeError', 'RangeError', 'TypeError'])
})

it('asks for the module through builtins that the plugin cannot replace', async () => {
  await using pool = openPool()
  const source = `
    const seen = []
    JSON.stringify = (value) => { seen.push(value); return '{"from":"index.js","specifier":"./old.js"}' }
    Promise.prototype.then = new Proxy(Promise.prototype.then, { apply: (f, self, args) => Reflect.apply(f, self, args) })
    module.exports = { async onLook() { return Object.keys(await import('./lib.mjs')).join() + seen.length } }`
  const plugin = await pool.load(specOf('', { files: { 'index.js': source, ...files } }))
  expect(await plugin.call('onLook', [])).toBe('default,shout0')
})

it('keeps lines and columns of a file that imports', async () => {
  await using pool = openPool()
  const lines = [
    '',
    'export default {',
    `  async onFail() { await import('./lib.mjs'); throw new Error('here') },`,
    '}',
  ]
  const plugin = await pool.load(specOf('', { files: { 'index.js': lines.join('\n'), ...files } }))
  const column = lines[2]!.indexOf('new Error') + 1
  await expect(plugin.call('onFail', [])).rejects.toMatchObject({
    data: { stack: expect.stringContaining(`plugin/index.js:3:${column}`) },
  })
})
