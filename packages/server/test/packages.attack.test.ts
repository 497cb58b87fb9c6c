import { readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { readPackageFolder } from '../src/index.ts'
import { makeDataDir, manifest, packFiles, startServer, type TestServer } from './harness.ts'

const code = 'module.exports = {}'

/** Nothing of a refused package is in the database, on the disk or in the event log. */
async function expectNothingStored(host: TestServer): Promise<void> {
  expect((await host.api('GET', '/plugins')).body).toEqual({ plugins: [], total: 0 })
  expect(await readdir(join(host.dataDir, 'plugins'))).toEqual([])
  expect((await host.api('GET', '/events')).body).toEqual({ events: [] })
}

it.each([
  ['is not JSON', { 'manifest.json': '{"name": ', 'plugin.js': code }, 'MANIFEST_NOT_JSON', ''],
  [
    'lacks a field',
    { 'manifest.json': manifest({ author: undefined }), 'plugin.js': code },
    'MANIFEST_INVALID',
    '/author',
  ],
  [
    'has an unknown type',
    { 'manifest.json': manifest({ type: 'robot' }), 'plugin.js': code },
    'MANIFEST_INVALID',
    '/type',
  ],
  [
    'has a bad name',
    { 'manifest.json': manifest({ name: '../evil' }), 'plugin.js': code },
    'MANIFEST_INVALID',
    '/name',
  ],
  [
    'names a missing entry',
    { 'manifest.json': manifest({ entrypoints: { main: 'lib/main.js' } }), 'plugin.js': code },
    'ENTRYPOINT_NOT_FOUND',
    '/entrypoints/main',
  ],
  ['names no entry at all', { 'manifest.json': manifest() }, 'ENTRYPOINT_NOT_FOUND', '/entrypoints'],
  ['is not there', { 'plugin.js': code }, 'MANIFEST_NOT_FOUND', ''],
])('refuses a package whose manifest %s, with file and pointer', async (_what, files, errorCode, pointer) => {
  await using host = await startServer()
  const { status, body } = await host.upload(packFiles(files))
  expect(status).toBe(400)
  expect(body).toMatchObject({ code: errorCode, error: body.message })
  expect(body.issues[0]).toMatchObject({ file: 'manifest.json', pointer })
  expect(body.message).toContain(body.issues[0].message)
  await expectNothingStored(host)
})

it.each([
  ['leads out of the folder', '../../escaped.js'],
  ['is absolute', '/tmp/mortise-escaped.js'],
  ['has a drive letter', 'C:/escaped.js'],
  ['uses backslashes', '..\\escaped.js'],
])('refuses an archive with a path that %s', async (_what, path) => {
  await using host = await startServer()
  const { status, body } = await host.upload(
    packFiles({ 'manifest.json': manifest(), 'plugin.js': code, [path]: 'escaped' }),
  )
  expect({ status, code: body.code }).toEqual({ status: 400, code: 'PACKAGE_INVALID' })
  expect(await readdir(host.dataDir)).not.toContain('escaped.js')
  await expectNothingStored(host)
})

it('refuses an archive with a symbolic link', async () => {
  await using host = await startServer()
  const link = { os: 3, attrs: (0o120777 << 16) >>> 0 }
  const zip = zipSync({
    'manifest.json': strToU8(manifest()),
    'plugin.js': strToU8(code),
    'data.json': [strToU8('/etc/passwd'), link],
  })
  expect((await host.upload(zip)).body).toMatchObject({ code: 'PACKAGE_INVALID' })
  await expectNothingStored(host)
})

it('refuses a folder with a symbolic link', async () => {
  const folder = await makeDataDir()
  await writeFile(join(folder, 'manifest.json'), manifest())
  await writeFile(join(folder, 'plugin.js'), code)
  await symlink('/etc/passwd', join(folder, 'data.json'))
  await expect(readPackageFolder(folder)).rejects.toMatchObject({ code: 'PACKAGE_INVALID' })
})

it('refuses an archive that holds a path twice, also in other letter case', async () => {
  await using host = await startServer()
  const files = { 'manifest.json': manifest(), 'plugin.js': code, 'Plugin.js': 'other' }
  expect((await host.upload(packFiles(files))).body).toMatchObject({ code: 'PACKAGE_INVALID' })
  await expectNothingStored(host)
})

it('refuses an archive with more files than the limit', async () => {
  await using host = await startServer()
  const many = Object.fromEntries(Array.from({ length: 2001 }, (_, index) => [`f${index}.txt`, '']))
  const answer = await host.upload(packFiles({ 'manifest.json': manifest(), 'plugin.js': code, ...many }))
  expect(answer).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } })
  await expectNothingStored(host)
})

it('stops unpacking an archive that grows past the limit', async () => {
  await using host = await startServer()
  const zip = zipSync({
    'manifest.json': strToU8(manifest()),
    'plugin.js': strToU8(code),
    'bomb.bin': new Uint8Array(40_000_000),
  })
  expect(zip.length).toBeLessThan(1_000_000)
  expect(await host.upload(zip)).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } })
  await expectNothingStored(host)
})

it('refuses what is not an archive, and one that is cut off', async () => {
  await using host = await startServer()
  expect((await host.upload(strToU8('hello'))).body.code).toBe('PACKAGE_INVALID')
  const whole = packFiles({ 'manifest.json': manifest(), 'plugin.js': code })
  expect((await host.upload(whole.subarray(0, whole.length - 40))).body.code).toBe('PACKAGE_INVALID')
  await expectNothingStored(host)
})

it('takes an archive whose files lie in one folder', async () => {
  await using host = await startServer()
  const answer = await host.upload(packFiles({ 'probe/manifest.json': manifest(), 'probe/plugin.js': code }))
  expect(answer.status).toBe(201)
})

it('reads no plugin by name from outside the catalog', async () => {
  await using host = await startServer({ catalog: join(import.meta.dirname, '../../../examples') })
  for (const name of ['../packages/server', '..', '/etc', 'slack-notifications/../slack-notifications']) {
    const gone = { name, status: 404, code: 'PLUGIN_NOT_FOUND' }
    const install = await host.api('POST', '/plugins/install', { name })
    expect({ name, status: install.status, code: install.body.code }).toEqual(gone)
    const look = await host.api('GET', `/plugins/catalog/${encodeURIComponent(name)}/themes`)
    expect({ name, status: look.status, code: look.body.code }).toEqual(gone)
  }
  await expectNothingStored(host)
})
