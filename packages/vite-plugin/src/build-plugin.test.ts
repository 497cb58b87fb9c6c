import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { manifestWith, pluginFolder } from '../test/plugin-folder.ts'
import { buildPlugin, packPlugin, readManifest } from './index.ts'

const worker = `
  import { Text, widget } from '@mortise/react'
  import { definePlugin } from '@mortise/sdk'
  export default definePlugin({ widgets: { hello: widget(() => <Text>Hello</Text>) } })
`

test('puts the remote where the manifest says and keeps the smallest plugin under 11 kB', async () => {
  await using folder = await pluginFolder({
    'manifest.json': manifestWith({ entrypoints: { ui: 'out/hello.js' } }),
    'src/plugin.tsx': worker,
  })
  const before = process.cwd()
  await buildPlugin(folder.dir)
  expect(process.cwd()).toBe(before)
  const files = unzipSync((await packPlugin(folder.dir)).bytes)
  const built = Object.entries(files).filter(([path]) => path.startsWith('out/'))
  expect(built.map(([path]) => path)).toContain('out/hello.js')
  const bytes = built.reduce((sum, [, content]) => sum + gzipSync(content, { level: 9 }).length, 0)
  expect(bytes).toBeLessThan(11_000)
})

test('waits for files that take long to read before it decides what is shared', async () => {
  await using folder = await pluginFolder({
    'manifest.json': manifestWith(),
    'src/plugin.tsx': `
      import { widget } from '@mortise/react'
      import { Hello } from './hello.tsx'
      export default { widgets: { hello: widget(Hello) } }
    `,
    'src/hello.tsx': `
      import { Text } from '@mortise/react'
      export const Hello = () => <Text>Hello</Text>
    `,
    'vite.config.js': `
      import { mortise } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))}
      const slow = {
        name: 'slow',
        enforce: 'pre',
        async resolveId(id) { if (id.includes('hello')) await new Promise((done) => setTimeout(done, 100)) },
      }
      export default { plugins: [slow, mortise()] }
    `,
  })
  await buildPlugin(folder.dir)
  const files = Object.values(unzipSync((await packPlugin(folder.dir)).bytes))
  expect(files.map((bytes) => new TextDecoder().decode(bytes)).join()).toContain('Hello')
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
