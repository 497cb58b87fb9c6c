import { expect, it } from 'vitest'
import { openPool, specOf } from '../test/harness.ts'
import { wrapperStart } from './guest/commonjs.ts'
import { SourceMaps } from './source-maps.ts'

/** `throw` stands at line 1, column 29 of the file; the author wrote it at line 3, column 5 of `src/plugin.ts`. */
const source = 'module.exports = { onAsk() { throw new Error("no") } }'
const map = {
  version: 3,
  sources: ['src/plugin.ts'],
  names: [],
  // Generated column 0 → 1:1, then column 29 → 3:5.
  mappings: 'AAAA,6BAEI',
}
const inline = (value: unknown) =>
  `//# sourceMappingURL=data:application/json;base64,${Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64')}`

async function stackOf(file: string, readMap?: (path: string) => string | undefined): Promise<string> {
  await using pool = openPool()
  const plugin = await pool.load(specOf(file, { ...(readMap ? { readMap } : {}) }))
  const thrown = await plugin.call('onAsk', []).then(
    () => undefined,
    (error: unknown) => error,
  )
  return (thrown as { data: { stack: string } }).data.stack
}

it('shows the author’s file and line, from a map inside the file or beside it', async () => {
  expect(await stackOf(source)).toContain('plugin/index.js:1:')
  const shown = await stackOf(`${source}\n${inline(map)}`)
  expect(shown).toContain('plugin/src/plugin.ts:3:5')
  const asked: string[] = []
  const beside = await stackOf(`${source}\n//# sourceMappingURL=index.js.map`, (path) => {
    asked.push(path)
    return JSON.stringify(map)
  })
  expect(beside).toContain('plugin/src/plugin.ts:3:5')
  expect(asked).toEqual(['index.js.map'])
})

it('shows them in logs too', async () => {
  await using pool = openPool()
  const logged = source.replace('throw new Error("no")', 'console.error(new Error("no"))')
  const plugin = await pool.load(specOf(`${logged}\n${inline(map)}`))
  await plugin.call('onAsk', [])
  await expect
    .poll(() => pool.logs.map(({ message }) => message).join())
    .toContain('plugin/src/plugin.ts:3:5')
})

const place = `    at onAsk (plugin/index.js:1:${wrapperStart().length + 30})`
const apply = (footer: string, readMap?: (path: string) => string | undefined) =>
  new SourceMaps({ plugin: 'plugin', files: { 'index.js': `${source}\n${footer}` }, readMap }).apply(place)

it.each([
  ['no JSON', inline('{')],
  ['null', inline('null')],
  ['an old version', inline({ ...map, version: 2 })],
  ['mappings that are none', inline({ ...map, mappings: '!!!!' })],
  ['numbers for names', inline({ ...map, sources: [7] })],
  ['no sources', inline({ ...map, sources: [] })],
  ['a map that is too long', inline({ ...map, mappings: `${';'.repeat(3 * 1024 * 1024)}` })],
  ['no map', ''],
  ['another scheme', '//# sourceMappingURL=https://evil.example/index.js.map'],
  ['a file that is not there', '//# sourceMappingURL=../../../etc/passwd.map'],
])('leaves the place as it is for %s', (_name, footer) => {
  expect(apply(footer)).toBe(place)
})

it('cleans and shortens names that a map gives', () => {
  const name = `<img src=x>\n\u001b[31m${'a'.repeat(1000)}.ts`
  const shown = apply(inline({ ...map, sources: [name] }))
  expect(shown).toMatch(/^ {4}at onAsk \(plugin\/[\w./@-]{1,200}:3:5\)$/)
})

it('takes no time for text made to be slow', () => {
  const maps = new SourceMaps({ plugin: 'plugin', files: { 'index.js': source } })
  const text = `plugin/${'a/'.repeat(4000)}:1:`
  expect(maps.apply(text)).toBe(text)
})
