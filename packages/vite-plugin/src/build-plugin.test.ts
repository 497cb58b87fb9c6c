import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { inspectEntry } from '@mortise/contract'
import { unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { manifestWith, pluginFolder } from '../test/plugin-folder.ts'
import { buildPlugin, packPlugin, readManifest } from './index.ts'

const worker = `
  import { Text, widget } from '@mortise/react'
  import { definePlugin } from '@mortise/sdk'
  export default definePlugin({ widgets: { hello: widget(() => <Text>Hello</Text>) } })
`

test('puts the remote where the manifest says and keeps the smallest plugin under 2 kB', async () => {
  await using folder = await pluginFolder({
    'manifest.json': manifestWith({ entrypoints: { ui: 'out/hello.js' } }),
    'src/plugin.tsx': worker,
  })
  const before = process.cwd()
  await buildPlugin(folder.dir)
  expect(process.cwd()).toBe(before)
  const files = unzipSync((await packPlugin(folder.dir)).bytes)
  // The manifest beside it is for tools: no page loads it.
  const built = Object.entries(files).filter(([path]) => /^out\/.*\.js$/.test(path))
  expect(built.map(([path]) => path)).toContain('out/hello.js')
  const bytes = built.reduce((sum, [, content]) => sum + gzipSync(content, { level: 9 }).length, 0)
  expect(bytes).toBeLessThan(2000)
})

test('says in its manifest what it shares, and shares what its package.json allows', async () => {
  const build = async (dependencies: Record<string, string>, source: string) => {
    await using folder = await pluginFolder({
      'manifest.json': manifestWith(),
      'package.json': JSON.stringify({ name: 'hello', type: 'module', dependencies }),
      'src/plugin.tsx': source,
    })
    await buildPlugin(folder.dir)
    const read = (path: string) => readFile(join(folder.dir, 'dist', path), 'utf8')
    const { plan, format } = inspectEntry(await read('remoteEntry.js'), await read('mf-manifest.json'))
    const code = await Promise.all((await readdir(join(folder.dir, 'dist'))).map(read))
    return { ...plan, format, code: code.join('\n') }
  }
  const shared = await build({ react: '^19.0.0' }, worker)
  expect(shared).toMatchObject({
    format: 'container',
    shared: ['react/jsx-runtime', '@mortise/react', '@mortise/sdk'],
    isolated: [],
  })
  expect(shared.code).not.toContain('bundled-text')

  const own = await build({ react: '^18.2.0' }, worker)
  expect(own).toMatchObject({ shared: ['@mortise/sdk'], missing: [] })
  expect(own.isolated).toEqual(expect.arrayContaining(['react', 'react-dom/client', '@mortise/react']))
  expect(own.code).toContain('bundled-text')

  const none = await build({}, 'export default { widgets: {} }')
  expect(none).toMatchObject({ shared: [], isolated: [], missing: [] })
})

test.each<[string, string]>([
  [
    'a default, names and everything',
    "import React, { useState as use, default as R } from 'react'; import * as all from 'react'; keep(React, use, R, all)",
  ],
  ['a name that is no identifier', "import { 'a-b' as dashed } from 'react'; keep(dashed)"],
  ['an import for its effect', "import 'react'"],
  [
    'one over several lines',
    "import {\n  useState,\n  // a comment from 'nowhere'\n  useEffect,\n} from 'react'\nkeep(useState, useEffect)",
  ],
  ['a later import', "keep(import('react'))"],
  ['names passed on', "export { useState, useEffect as later } from 'react'; export * as all from 'react'"],
  ['CommonJS', "import a from './a.cjs'; keep(a)"],
])('takes %s from the host', async (_what, source) => {
  await using folder = await pluginFolder({
    'manifest.json': manifestWith(),
    'src/plugin.js': `const keep = (...all) => { globalThis.kept = all }\n${source}\nexport default { widgets: {} }`,
    'src/a.cjs': "module.exports = [require('react').useState, require('react')]",
  })
  await buildPlugin(folder.dir)
  const dist = join(folder.dir, 'dist')
  const code = (
    await Promise.all((await readdir(dist)).map((file) => readFile(join(dist, file), 'utf8')))
  ).join('\n')
  expect(code).not.toContain('bundled-react')
  const react = { useState: 'state', useEffect: 'effect', 'a-b': 'dashed', default: 'whole' }
  const { init, get } = await import(join(dist, 'remoteEntry.js'))
  await init({ react: { '19.0.0': { get: async () => () => react } } })
  expect((await get('./plugin'))()).toMatchObject({ default: { widgets: {} } })
  const { kept } = globalThis as { kept?: unknown[] }
  if (source.includes('keep(')) {
    const flat = (await Promise.all(kept ?? [])).flat()
    expect(flat.filter((value) => value === undefined)).toEqual([])
    expect(flat.length).toBeGreaterThan(0)
  }
})

test('takes the newest version that fits, and names what does not', async () => {
  await using folder = await pluginFolder({
    'manifest.json': manifestWith(),
    'package.json': JSON.stringify({ name: 'hello', type: 'module', dependencies: { react: '^19.0.0' } }),
    'src/plugin.js': "import { version } from 'react'; export default { widgets: {}, version }",
  })
  await buildPlugin(folder.dir)
  const entry = join(folder.dir, 'dist/remoteEntry.js')
  const scope = (...versions: string[]) => ({
    react: Object.fromEntries(versions.map((version) => [version, { lib: () => ({ version }) }])),
  })
  const load = async (given: object) => {
    const { init, get } = await import(`${entry}`)
    await init(given)
    return (await get('./plugin'))().default.version
  }
  await expect(load(scope('18.3.1'))).rejects.toMatchObject({
    code: 'REMOTE_INVALID',
    message: 'Hello needs react 19, the host has 18.3.1.',
  })
  await expect(load({})).rejects.toThrow('Hello needs react 19, the host has none.')
  expect(await load(scope('18.3.1', '19.9.0', '19.10.1', '20.0.0'))).toBe('19.10.1')
})

test('a source that passes on everything of a shared package is refused', async () => {
  await using folder = await pluginFolder({
    'manifest.json': manifestWith(),
    'src/plugin.js': "export * from 'react'; export default {}",
  })
  await expect(buildPlugin(folder.dir)).rejects.toMatchObject({
    code: 'PLUGIN_BUILD_FAILED',
    message: expect.stringContaining('name what is exported'),
  })
})

test('uses the vite.config of the plugin where there is one', async () => {
  await using folder = await pluginFolder({
    'manifest.json': manifestWith(),
    'src/elsewhere.tsx': worker,
    'vite.config.js': `
      import { mortise } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))}
      export default { plugins: [mortise({ entry: 'src/elsewhere.tsx' })] }
    `,
  })
  await buildPlugin(folder.dir)
  expect(await readFile(join(folder.dir, 'dist/remoteEntry.js'), 'utf8')).toContain('init')
})

test('builds equal packages from equal folders', async () => {
  const files = { 'manifest.json': manifestWith(), 'src/plugin.tsx': worker }
  await using one = await pluginFolder(files)
  await using two = await pluginFolder(files)
  await buildPlugin(one.dir)
  await buildPlugin(two.dir)
  expect((await packPlugin(one.dir)).bytes).toEqual((await packPlugin(two.dir)).bytes)
})

test('a stylesheet of a frame becomes an adopted sheet, and one of a worker is refused with the way out', async () => {
  const files = { 'src/plugin.ts': "import './a.css'\nexport default {}", 'src/a.css': '.a { color: red }' }
  await using frame = await pluginFolder({ ...files, 'manifest.json': manifestWith({ surface: 'frame' }) })
  await buildPlugin(frame.dir)
  const built = Object.entries(unzipSync((await packPlugin(frame.dir)).bytes))
  expect(built.filter(([path]) => path.endsWith('.css') && path.startsWith('dist/'))).toEqual([])
  expect(built.map(([, content]) => new TextDecoder().decode(content)).join()).toContain('adoptedStyleSheets')

  await using inWorker = await pluginFolder({ ...files, 'manifest.json': manifestWith() })
  await expect(buildPlugin(inWorker.dir)).rejects.toMatchObject({
    code: 'PLUGIN_BUILD_FAILED',
    message: expect.stringContaining('"surface": "frame"'),
  })
})

test('says which file is missing or wrong', async () => {
  await using none = await pluginFolder({})
  await expect(buildPlugin(none.dir)).rejects.toMatchObject({ code: 'MANIFEST_NOT_FOUND' })

  await using notJson = await pluginFolder({ 'manifest.json': '{ "name": ' })
  await expect(readManifest(notJson.dir)).rejects.toMatchObject({ code: 'MANIFEST_NOT_JSON' })

  await using noType = await pluginFolder({ 'manifest.json': manifestWith({ type: 'gadget' }) })
  await expect(buildPlugin(noType.dir)).rejects.toMatchObject({
    code: 'MANIFEST_INVALID',
    message: expect.stringContaining('manifest.json#/type'),
  })

  await using noEntry = await pluginFolder({ 'manifest.json': manifestWith({ entrypoints: {} }) })
  await expect(buildPlugin(noEntry.dir)).rejects.toMatchObject({
    message: expect.stringContaining('manifest.json#/entrypoints/ui'),
  })

  await using noSource = await pluginFolder({ 'manifest.json': manifestWith() })
  await expect(buildPlugin(noSource.dir)).rejects.toMatchObject({
    code: 'ENTRYPOINT_NOT_FOUND',
    message: expect.stringContaining('src/plugin.tsx'),
  })
})

test('a source that does not compile is named with its file', async () => {
  await using folder = await pluginFolder({
    'manifest.json': manifestWith(),
    'src/plugin.ts': 'export default {',
  })
  await expect(buildPlugin(folder.dir)).rejects.toMatchObject({
    code: 'PLUGIN_BUILD_FAILED',
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colors are what must not be in it.
    message: expect.stringMatching(/^[^\u001b]*did not build\.\n[^\u001b]*src\/plugin\.ts:1[^\u001b]*$/),
  })
})
