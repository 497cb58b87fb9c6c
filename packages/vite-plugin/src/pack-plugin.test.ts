import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { manifestWith, pluginFolder } from '../test/plugin-folder.ts'
import { packPlugin } from './index.ts'

const built = { 'manifest.json': manifestWith(), 'dist/remoteEntry.js': 'export {}' }

test('packs manifest, entries and assets, and leaves dependencies, tests and dot files out', async () => {
  await using folder = await pluginFolder({
    ...built,
    'dist/remoteEntry.js.map': '{}',
    'README.md': '# Hello',
    'assets/icon.svg': '<svg/>',
    '.env': 'SECRET=1',
    '.git/config': '[core]',
    'src/plugin.test.ts': 'test',
    'src/plugin.tsx': 'source',
    'test/attack.ts': 'test',
    'tsconfig.json': '{}',
    'old-1.0.0.mortise': 'zip',
  })
  const { name, version, bytes } = await packPlugin(folder.dir)
  expect({ name, version }).toEqual({ name: 'hello', version: '1.0.0' })
  expect(Object.keys(unzipSync(bytes))).toEqual([
    'README.md',
    'assets/icon.svg',
    'dist/remoteEntry.js',
    'dist/remoteEntry.js.map',
    'manifest.json',
    'package.json',
  ])
})

test('packs sources that the manifest runs as they are', async () => {
  await using folder = await pluginFolder({
    'manifest.json': manifestWith({ entrypoints: { main: 'src/main.js' }, contributes: {} }),
    'src/main.js': 'module.exports = {}',
    'src/lib/text.js': 'module.exports = {}',
  })
  const { bytes } = await packPlugin(folder.dir)
  expect(Object.keys(unzipSync(bytes))).toEqual(expect.arrayContaining(['src/main.js', 'src/lib/text.js']))
})

test('refuses a folder whose manifest names a file that is not there', async () => {
  await using folder = await pluginFolder({ 'manifest.json': manifestWith() })
  await expect(packPlugin(folder.dir)).rejects.toMatchObject({
    code: 'ENTRYPOINT_NOT_FOUND',
    message: expect.stringContaining('manifest.json#/entrypoints/ui'),
  })
})

test('refuses a symbolic link, which could carry a file of the machine into the package', async () => {
  await using folder = await pluginFolder(built)
  await symlink('/etc/hostname', join(folder.dir, 'notes.txt'))
  await expect(packPlugin(folder.dir)).rejects.toMatchObject({
    code: 'PACKAGE_INVALID',
    message: expect.stringContaining('notes.txt'),
  })
})
