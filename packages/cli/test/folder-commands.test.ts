import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pluginFolder } from './plugin-folder.ts'
import { runMortise } from './run-mortise.ts'

test('validate answers for a complete plugin, and names file and pointer for one that is not', async () => {
  await using good = await pluginFolder()
  expect(await runMortise(['validate', good.dir])).toMatchObject({ code: 0, stderr: '' })

  await using bad = await pluginFolder({ type: 'gadget', version: '1' })
  const { code, stdout } = await runMortise(['validate', bad.dir, '--json'])
  expect(code).toBe(1)
  const pointers = (JSON.parse(stdout) as { issues: { pointer: string }[] }).issues.map(
    ({ pointer }) => pointer,
  )
  expect(pointers).toEqual(expect.arrayContaining(['/type', '/version']))

  await using missing = await pluginFolder({}, {})
  expect((await runMortise(['validate', missing.dir])).stdout).toContain('manifest.json#/entrypoints/ui')
})

test('validate says what a built UI shares, and refuses one that lacks a package', async () => {
  const remote = (assets: object) => ({
    'ui.js': 'const a = 1, b = 2\nexport { a as init, b as get }',
    'mf-manifest.json': JSON.stringify({
      shared: [{ name: 'react', version: '18.3.1', requiredVersion: '^18.0.0', assets }],
    }),
  })
  const entry = { entrypoints: { ui: 'ui.js' } }
  await using own = await pluginFolder(entry, remote({ js: { sync: ['react.js'], async: [] } }))
  expect((await runMortise(['validate', own.dir])).stdout).toContain('brings its own React 18.3.1')
  await using lacking = await pluginFolder(entry, remote({}))
  const { code, stdout } = await runMortise(['validate', lacking.dir])
  expect(code).toBe(1)
  expect(stdout).toContain('manifest.json#/entrypoints/ui Cannot run: it asks for React ^18.0.0')
})

test('package writes name-version.mortise where --out says', async () => {
  await using plugin = await pluginFolder()
  const { code, stdout } = await runMortise([
    'package',
    plugin.dir,
    '--out',
    join(plugin.dir, 'out'),
    '--json',
  ])
  expect(code).toBe(0)
  expect(await readdir(join(plugin.dir, 'out'))).toEqual(['notebook-1.0.0.mortise'])
  expect(JSON.parse(stdout)).toMatchObject({ name: 'notebook', version: '1.0.0' })
})

test('build makes the entry that the manifest names', async () => {
  await using plugin = await pluginFolder(
    { entrypoints: { ui: 'dist/ui.js' } },
    {
      'src/plugin.ts': 'export default { widgets: {} }',
      'package.json': '{"name":"notebook","type":"module"}',
    },
  )
  const { code, stdout, stderr } = await runMortise(['build', plugin.dir])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('Built notebook 1.0.0')
  expect(existsSync(join(plugin.dir, 'dist/ui.js'))).toBe(true)
})

test('a folder without a manifest is code 1, a command that does not exist code 2, and no stack is shown', async () => {
  await using empty = await pluginFolder()
  const none = await runMortise(['package', join(empty.dir, 'nothing')])
  expect(none.code).toBe(1)
  expect(none.stderr).toMatch(/^MANIFEST_NOT_FOUND: /)
  const unknown = await runMortise(['frobnicate'])
  expect(unknown.code).toBe(2)
  expect(none.stderr + unknown.stderr).not.toMatch(/\n\s+at /)
})

test('a server that is not there is said in one sentence, with what to do', async () => {
  const env = { MORTISE_URL: 'http://127.0.0.1:9', MORTISE_ADMIN_TOKEN: 'unused-token' }
  const { code, stderr } = await runMortise(['plugin', 'list'], { env })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^SERVER_UNREACHABLE: Nothing answers at http:\/\/127\.0\.0\.1:9\.\n.*npm start/)
})
