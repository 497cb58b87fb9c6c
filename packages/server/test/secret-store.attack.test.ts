import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, vi } from 'vitest'
import { createVault } from '../src/secrets/vault.ts'
import { makeDataDir, manifest, startServer, type TestServer } from './harness.ts'

vi.setConfig({ testTimeout: 60_000 })

const value = 'sk-live-"0123456789"\\end'
const declared = {
  permissions: ['read:sessions', 'secrets'],
  secrets: [{ name: 'API_KEY' }, { name: 'OTHER' }],
}
const onCreated = (body: string) => `module.exports = { async onSessionCreated() { ${body} } }`
const show = `
  const key = await streamspace.secrets.get('API_KEY')
  await streamspace.storage.set('length', key.length)
  console.log('key', { deep: [key] })
  streamspace.log.error('the key is ' + key)
  throw new Error('failed with ' + key)`
const create = (host: TestServer) => host.call('sessions.create', { user: 'ada', template: 'firefox' })
const stored = async (host: TestServer, plugin: string, key: string) => {
  const { body } = await host.api('POST', '/calls', { plugin, calls: [['storage.get', [key]]] })
  return body.results[0].value
}
const setSecrets = (host: TestServer, secrets: unknown) =>
  host.api('PUT', '/plugins/probe/secrets', { secrets })

async function everythingIn(folder: string): Promise<string> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  )
  const texts = await Promise.all(
    names.map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')),
  )
  return texts.join('\n')
}

it('hands a secret to server code, and shows it nowhere else', async () => {
  const dataDir = await makeDataDir()
  let log: readonly string[]
  {
    await using host = await startServer({ dataDir })
    await host.add({ 'manifest.json': manifest(declared), 'plugin.js': onCreated(show) })
    const { status, body } = await setSecrets(host, { API_KEY: value })
    expect(status).toBe(200)
    expect(body.secrets).toEqual([
      { name: 'API_KEY', title: 'API_KEY', declared: true, isSet: true, setAt: expect.any(String) },
      { name: 'OTHER', title: 'OTHER', declared: true, isSet: false },
    ])
    await create(host)
    await host.delivery('probe', 'dead')
    expect(await stored(host, 'probe', 'length')).toBe(value.length)
    const paths = [
      '/plugins',
      '/plugins/probe',
      '/plugins/probe/logs',
      '/plugins/probe/deliveries',
      '/events',
    ]
    const answers = await Promise.all(paths.map((path) => host.api('GET', path)))
    const shown = JSON.stringify(answers.map((answer) => answer.body))
    expect(shown).toContain('the key is ***REDACTED***')
    expect(shown).not.toContain('0123456789')
    log = host.log
  }
  expect(log.join('')).toContain('the key is ***REDACTED***')
  expect(log.join('')).not.toContain('0123456789')
  expect(await everythingIn(dataDir)).not.toContain('0123456789')
  expect((await stat(join(dataDir, 'secret-key'))).mode & 0o077).toBe(0)
  await rm(dataDir, { recursive: true })
})

it('seals secret values of a configuration at rest, and gives them back after a restart', async () => {
  const dataDir = await makeDataDir()
  const configSchema = {
    type: 'object',
    properties: {
      pin: { type: 'string', writeOnly: true },
      nested: { type: 'object', properties: { clientSecret: { type: 'string' } } },
      plain: { type: 'string' },
    },
  }
  const config = {
    pin: 'pin-0123456789',
    nested: { clientSecret: 'cs-0123456789' },
    plain: 'seen in the file',
  }
  const reader = onCreated(`await streamspace.storage.set('config', this.config)`)
  {
    await using host = await startServer({ dataDir })
    await host.add({ 'manifest.json': manifest({ configSchema }), 'plugin.js': reader }, { config })
    const { body } = await host.api('GET', '/plugins/probe')
    expect(body.config.pin).toBe('***REDACTED***')
  }
  const files = await everythingIn(dataDir)
  expect(files).toContain('seen in the file')
  expect(files).not.toContain('0123456789')
  await using host = await startServer({ dataDir })
  await create(host)
  await host.delivery('probe', 'done')
  expect(await stored(host, 'probe', 'config')).toEqual(config)
  await rm(dataDir, { recursive: true })
})

it('seals at its start what an older server left open', async () => {
  const dataDir = await makeDataDir()
  const open = (work: (database: DatabaseSync) => void) => {
    const database = new DatabaseSync(join(dataDir, 'mortise.db'))
    work(database)
    database.close()
  }
  const reader = onCreated(`await streamspace.storage.set('config', this.config)`)
  {
    await using host = await startServer({ dataDir })
    await host.add({ 'manifest.json': manifest(), 'plugin.js': reader })
  }
  const config = { apiKey: 'sk-0123456789', plain: 'seen' }
  open((database) => database.prepare('update mortise_plugin set config = ?').run(JSON.stringify(config)))
  {
    await using host = await startServer({ dataDir })
    await create(host)
    await host.delivery('probe', 'done')
    expect(await stored(host, 'probe', 'config')).toEqual(config)
  }
  open((database) =>
    expect(database.prepare('select config from mortise_plugin').get()).toEqual({
      config: JSON.stringify({ apiKey: null, plain: 'seen' }),
    }),
  )
  await rm(dataDir, { recursive: true })
})

it('needs the permission, and takes it back while the plugin runs', async () => {
  await using host = await startServer()
  const ask = onCreated(`console.log(await streamspace.secrets.get('API_KEY').catch((error) => error.code))`)
  await host.add({ 'manifest.json': manifest(declared), 'plugin.js': ask })
  await setSecrets(host, { API_KEY: value })
  await host.api('PUT', '/plugins/probe/grants', { permissions: { secrets: false } })
  await create(host)
  await host.delivery('probe', 'done')
  const { body } = await host.api('GET', '/plugins/probe/logs')
  expect(body.logs.at(-1).message).toBe('PERMISSION_DENIED')
})

it('gives a browser nothing, whoever asks in whichever name', async () => {
  await using host = await startServer()
  await host.add({ 'manifest.json': manifest(declared), 'plugin.js': onCreated('') })
  await setSecrets(host, { API_KEY: value })
  for (const plugin of ['probe', undefined]) {
    const { body } = await host.api('POST', '/calls', { plugin, calls: [['secrets.get', ['API_KEY']]] })
    expect(body.results[0].error.code).toBe('METHOD_UNKNOWN')
  }
})

it('keeps secrets of one plugin from another', async () => {
  await using host = await startServer()
  await host.add({ 'manifest.json': manifest(declared), 'plugin.js': onCreated('') })
  await setSecrets(host, { API_KEY: value })
  const thief = onCreated(`
    const seen = []
    for (const name of ['API_KEY', 'probe own API_KEY', '../probe/API_KEY', '__proto__', 'constructor'])
      seen.push(await streamspace.secrets.get(name).catch((error) => error.code))
    await streamspace.storage.set('seen', seen)`)
  await host.add({ 'manifest.json': manifest({ ...declared, name: 'thief' }), 'plugin.js': thief })
  await create(host)
  await host.delivery('thief', 'done')
  expect(await stored(host, 'thief', 'seen')).toEqual([
    null,
    'INPUT_INVALID',
    'INPUT_INVALID',
    'INPUT_INVALID',
    null,
  ])
})

it('refuses bad input without repeating it', async () => {
  await using host = await startServer()
  await host.add({ 'manifest.json': manifest(declared), 'plugin.js': onCreated('') })
  const bodies = [
    { secrets: { API_KEY: 123456789 } },
    { secrets: { API_KEY: ['123456789'] } },
    { secrets: { API_KEY: '123456789'.repeat(3000) } },
    { secrets: '123456789' },
    '"123456789"',
    { secrets: { NOT_DECLARED: '123456789' } },
    { secrets: { API_KEY: '123456789', NOT_DECLARED: '123456789' } },
  ]
  for (const body of bodies) {
    const answer = await host.api('PUT', '/plugins/probe/secrets', body)
    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.body)).not.toContain('123456789')
  }
  expect(host.log.join('')).not.toContain('123456789')
  expect((await host.api('GET', '/plugins/probe')).body.secrets[0].isSet).toBe(false)
})

it('forgets a secret that is set to null, and all with the plugin', async () => {
  await using host = await startServer()
  await host.add({ 'manifest.json': manifest(declared), 'plugin.js': onCreated('') })
  const isSet = async () =>
    (await host.api('GET', '/plugins/probe')).body.secrets.map((one: { isSet: boolean }) => one.isSet)
  await setSecrets(host, { API_KEY: value, OTHER: value })
  expect(await isSet()).toEqual([true, true])
  await setSecrets(host, { OTHER: null })
  expect(await isSet()).toEqual([true, false])
  await host.api('DELETE', '/plugins/probe')
  await host.add({ 'manifest.json': manifest(declared), 'plugin.js': onCreated('') })
  expect(await isSet()).toEqual([false, false])
})

it('keeps a secret for the version that declares it, and gives it to no other', async () => {
  const dataDir = await makeDataDir()
  await using host = await startServer({ dataDir })
  const release = (version: string, secrets: object[]) => ({
    'manifest.json': manifest({ ...declared, version, secrets }),
    'plugin.js': onCreated(`
      const length = async (name) => (await streamspace.secrets.get(name))?.length ?? null
      await streamspace.storage.set('${version}', [await length('API_KEY'), await length('OTHER')])`),
  })
  const seen = async (version: string) => {
    await create(host)
    await host.delivery('probe', 'done')
    return stored(host, 'probe', version)
  }
  await host.add(release('1.0.0', declared.secrets))
  await setSecrets(host, { API_KEY: value, OTHER: 'another' })
  await host.add(release('1.1.0', [{ name: 'OTHER' }]))
  expect((await host.api('GET', '/plugins/probe')).body.secrets).toEqual([
    expect.objectContaining({ name: 'OTHER', declared: true, isSet: true }),
    expect.objectContaining({ name: 'API_KEY', declared: false, isSet: true }),
  ])
  expect(await seen('1.1.0')).toEqual([null, 7])
  expect((await setSecrets(host, { API_KEY: 'replaced' })).status).toBe(400)

  await host.api('POST', '/plugins/probe/rollback')
  expect(await seen('1.0.0')).toEqual([value.length, 7])
  expect(await everythingIn(dataDir)).not.toMatch(/sk-live|0123456789/)

  await host.api('POST', '/plugins/probe/rollback')
  expect((await setSecrets(host, { API_KEY: null })).body.secrets).toEqual([
    expect.objectContaining({ name: 'OTHER' }),
  ])
  expect((await setSecrets(host, { API_KEY: null })).status).toBe(400)
  await host.api('POST', '/plugins/probe/rollback')
  expect(await seen('1.0.0')).toEqual([null, 7])
  await rm(dataDir, { recursive: true })
})

it('does not start with another key, nor with sealed text moved to another plugin', async () => {
  const dataDir = await makeDataDir()
  {
    await using host = await startServer({ dataDir })
    await host.add({ 'manifest.json': manifest(declared), 'plugin.js': onCreated('') })
    await host.add({ 'manifest.json': manifest({ ...declared, name: 'thief' }), 'plugin.js': onCreated('') })
    await setSecrets(host, { API_KEY: value })
  }
  const key = await readFile(join(dataDir, 'secret-key'), 'utf8')
  await writeFile(join(dataDir, 'secret-key'), 'another key')
  await expect(startServer({ dataDir })).rejects.toMatchObject({ code: 'SECRETS_UNREADABLE' })
  await writeFile(join(dataDir, 'secret-key'), key)
  const database = new DatabaseSync(join(dataDir, 'mortise.db'))
  database.exec(`update mortise_secret set plugin = 'thief'`)
  database.close()
  await expect(startServer({ dataDir })).rejects.toMatchObject({ code: 'SECRETS_UNREADABLE' })
  await rm(dataDir, { recursive: true })
})

it('notices every changed character of sealed text', () => {
  const vault = createVault('a key of the tests')
  const sealed = vault.seal(value, 'here')
  expect(vault.open(sealed, 'here')).toBe(value)
  expect(vault.seal(value, 'here')).not.toBe(sealed)
  for (const wrong of ['', 'v1', 'v1.', 'v2.abc', sealed.slice(0, -2), ...changed(sealed)]) {
    expect(() => vault.open(wrong, 'here')).toThrow('cannot be opened')
  }
})

function changed(sealed: string): string[] {
  return [...sealed.slice(0, -1)].map(
    (character, index) =>
      `${sealed.slice(0, index)}${character === 'A' ? 'B' : 'A'}${sealed.slice(index + 1)}`,
  )
}
