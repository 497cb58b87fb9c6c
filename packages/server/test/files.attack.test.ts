import { mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { makeDataDir, manifest, startServer, type TestServer } from './harness.ts'

vi.setConfig({ testTimeout: 60_000 })

const plugin = (name: string, body: string, permissions = ['read:sessions', 'files']) => ({
  'manifest.json': manifest({ name, permissions }),
  'plugin.js': `
    const { files, storage } = streamspace
    const code = (work) => work.then(() => 'ok', (error) => error.code)
    module.exports = { async onSessionCreated() { ${body} } }`,
})
/** Runs a body as a plugin and answers what it kept under `seen`. */
async function run(host: TestServer, name: string, body: string, permissions?: string[]): Promise<unknown> {
  await host.add(plugin(name, `const seen = []; ${body}; await storage.set('seen', seen)`, permissions))
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await host.delivery(name, 'done')
  const { body: answer } = await host.api('POST', '/calls', {
    plugin: name,
    calls: [['storage.get', ['seen']]],
  })
  return answer.results[0].value
}

it('keeps text and bytes, lists and deletes them', async () => {
  await using host = await startServer()
  const seen = await run(
    host,
    'probe',
    `
    await files.write('notes/today.txt', 'ü and more')
    const bytes = new Uint8Array(3_000_000)
    for (let index = 0; index < bytes.length; index++) bytes[index] = index * 7
    await files.write('raw.bin', bytes.subarray(1))
    const back = await files.readBytes('raw.bin')
    seen.push(await files.read('notes/today.txt'), back instanceof Uint8Array, back.length, back.every((byte, index) => byte === bytes[index + 1]))
    seen.push((await files.list()).map(({ path, size }) => path + ' ' + size), (await files.list('notes/')).length)
    seen.push(await code(files.read('raw.bin')), await files.read('gone').catch((error) => error.name))
    await files.write('notes/today.txt', '')
    seen.push(await files.read('notes/today.txt'))
    await files.delete('notes/today.txt')
    await files.delete('notes/today.txt')
    seen.push((await files.list()).map(({ path }) => path))
    `,
  )
  expect(seen).toEqual([
    'ü and more',
    true,
    2_999_999,
    true,
    ['notes/today.txt 11', 'raw.bin 2999999'],
    1,
    'INPUT_INVALID',
    'FileNotFoundError',
    '',
    ['raw.bin'],
  ])
  expect(await readdir(join(host.dataDir, 'files/probe'))).toEqual(['raw.bin'])
})

it('refuses every path that is no plain name inside the folder', async () => {
  await using host = await startServer()
  await writeFile(join(host.dataDir, 'canary'), 'untouched')
  const paths = [
    '../canary',
    '../../canary',
    '/etc/passwd',
    'a/../../canary',
    './canary',
    '.',
    '..',
    '...',
    'a/..',
    'a/.',
    'a//b',
    'a/',
    '',
    'a\\..\\..\\canary',
    'a\u0000b',
    'a\nb',
    '%2e%2e/canary',
    'file:///etc/passwd',
    'C:\\canary',
    'canary.',
    'ü',
    '\u202Ecanary',
    'x'.repeat(201),
    'a/b/c/d/e/f/g/h/i',
  ]
  const calls = ['read', 'readBytes', 'delete'].map((name) => `await code(files.${name}(path))`).join()
  const seen = await run(
    host,
    'probe',
    `
    for (const path of [...${JSON.stringify(paths)}, null, 7, ['a'], { toString: () => 'a' }, new Uint8Array([97])])
      seen.push(${calls}, await code(files.write(path, 'owned')), await code(files.write(path, new Uint8Array(4))))
    for (const data of [null, 7, ['a'], { length: 1 }, new ArrayBuffer(4)]) seen.push(await code(files.write('fine', data)))
    `,
  )
  expect(new Set(seen as string[])).toEqual(new Set(['INPUT_INVALID']))
  expect(await readFile(join(host.dataDir, 'canary'), 'utf8')).toBe('untouched')
  expect(await readdir(join(host.dataDir, 'files'))).toEqual([])
})

it('follows no link, whoever put it there', async () => {
  const dataDir = await makeDataDir()
  const outside = await makeDataDir()
  await writeFile(join(outside, 'canary'), 'untouched')
  await using host = await startServer({ dataDir })
  await mkdir(join(dataDir, 'files/probe'), { recursive: true })
  await symlink(outside, join(dataDir, 'files/probe/folder'))
  await symlink(join(outside, 'canary'), join(dataDir, 'files/probe/file'))
  const seen = await run(
    host,
    'probe',
    `
    seen.push(await files.list(), await code(files.read('file')), await code(files.read('folder/canary')))
    seen.push(await code(files.write('folder/canary', 'owned')), await code(files.write('folder/new/deep', 'owned')))
    seen.push(await code(files.delete('folder/canary')), await code(files.write('file', 'mine')), await files.read('file'))
    `,
  )
  expect(seen).toEqual([[], 'NOT_FOUND', 'NOT_FOUND', 'CONFLICT', 'CONFLICT', 'ok', 'ok', 'mine'])
  expect(await readdir(outside)).toEqual(['canary'])
  expect(await readFile(join(outside, 'canary'), 'utf8')).toBe('untouched')
  await host.api('DELETE', '/plugins/probe')
  expect(await readdir(outside)).toEqual(['canary'])
  await rm(outside, { recursive: true })
})

it('ends at its share, also when many writes come at once', async () => {
  await using host = await startServer()
  const folder = join(host.dataDir, 'files/probe')
  await mkdir(folder, { recursive: true })
  for (let index = 0; index < 5; index++) {
    await writeFile(join(folder, `old${index}`), '')
    await truncate(join(folder, `old${index}`), 9_700_000)
  }
  const seen = await run(
    host,
    'probe',
    `
    seen.push(await code(files.write('too-large', new Uint8Array(10_000_001))))
    const writes = Array.from({ length: 7 }, (_, index) => code(files.write('new' + index, new Uint8Array(500_000))))
    const all = await Promise.all(writes)
    seen.push(all.filter((one) => one === 'ok').length, all.filter((one) => one === 'STORAGE_FULL').length)
    await files.delete('old0')
    seen.push(await code(files.write('more', new Uint8Array(500_000))))
    `,
  )
  expect(seen).toEqual(['PAYLOAD_TOO_LARGE', 3, 4, 'ok'])
  expect(await readdir(join(host.dataDir, 'files'))).toEqual(['probe'])
})

it('counts files, not only bytes', async () => {
  await using host = await startServer({ callsPerSecond: 10_000 })
  await mkdir(join(host.dataDir, 'files/probe/many'), { recursive: true })
  for (let index = 0; index < 999; index++)
    await writeFile(join(host.dataDir, `files/probe/many/${index}`), '')
  const seen = await run(
    host,
    'probe',
    `seen.push(await code(files.write('one', '')), await code(files.write('two', '')), await code(files.write('one', 'again')))`,
  )
  expect(seen).toEqual(['ok', 'STORAGE_FULL', 'ok'])
})

it('shows a reader the old file or the new one, never a part', async () => {
  await using host = await startServer({ callsPerSecond: 10_000 })
  const seen = await run(
    host,
    'probe',
    `
    const texts = ['a', 'b'].map((letter) => letter.repeat(300_000))
    await files.write('file', texts[0])
    const reads = []
    for (let round = 0; round < 20; round++) {
      reads.push(files.read('file').then((text) => texts.includes(text)))
      files.write('file', texts[round % 2])
    }
    seen.push((await Promise.all(reads)).every(Boolean))
    `,
  )
  expect(seen).toEqual([true])
})

it('keeps folders of plugins apart, and removes one with its plugin and after a crash', async () => {
  const dataDir = await makeDataDir()
  {
    await using host = await startServer({ dataDir })
    await run(host, 'victim', `await files.write('diary', 'private')`)
    const seen = await run(
      host,
      'thief',
      `seen.push(await code(files.read('diary')), await code(files.read('../victim/diary')), await files.list())`,
    )
    expect(seen).toEqual(['NOT_FOUND', 'INPUT_INVALID', []])
    expect(await run(host, 'poor', `seen.push(await code(files.list()))`, ['read:sessions'])).toEqual([
      'PERMISSION_DENIED',
    ])
    await host.api('DELETE', '/plugins/victim')
    expect(await readdir(join(dataDir, 'files'))).toEqual([])
  }
  await mkdir(join(dataDir, 'files/gone'), { recursive: true })
  await writeFile(join(dataDir, 'files/.unfinished'), 'half a fi')
  await using host = await startServer({ dataDir })
  expect(host.url).toContain('localhost')
  expect(await readdir(join(dataDir, 'files'))).toEqual([])
  await rm(dataDir, { recursive: true, force: true })
})
