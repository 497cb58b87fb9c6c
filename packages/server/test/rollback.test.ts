import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeDataDir, manifest, packFiles, startServer, type TestServer } from './harness.ts'

const entry = (text: string) =>
  `export default { widgets: { main({ root }) { root.textContent = '${text}' } } }`

function release(version: string, fields: object = {}, files: Record<string, string> = {}) {
  return packFiles({
    'manifest.json': manifest({
      version,
      entrypoints: { ui: 'ui.js' },
      contributes: { widgets: [{ id: 'main', title: 'Main', slot: 'dashboard.main' }] },
      ...fields,
    }),
    'ui.js': entry(version),
    ...files,
  })
}

const configSchema = { type: 'object', properties: { name: { type: 'string' } }, additionalProperties: false }

async function installTwo(host: TestServer, second: object = {}) {
  await host.upload(release('1.0.0', { permissions: ['read:sessions'] }))
  await host.api('PUT', '/plugins/probe/grants', { permissions: { 'read:sessions': true } })
  await host.api('POST', '/plugins/probe/enable')
  return host.upload(release('1.1.0', { permissions: ['read:sessions'], ...second }))
}

it('keeps the version before, serves it, and goes back to it and forth again', async () => {
  await using host = await startServer()
  const updated = await installTwo(host)
  expect(updated.body).toMatchObject({
    version: '1.1.0',
    status: 'active',
    previousVersion: '1.0.0',
    ui: {
      entryUrl: expect.stringContaining('/1.1.0/ui.js'),
      previous: {
        version: '1.0.0',
        permissions: ['read:sessions'],
        entryUrl: expect.stringContaining('/1.0.0/ui.js'),
        sandboxUrl: expect.stringContaining('/1.0.0/worker.html'),
      },
    },
  })
  const { entryUrl, sandboxUrl } = updated.body.ui.previous
  expect(await (await fetch(entryUrl)).text()).toContain('1.0.0')
  const sandbox = await fetch(sandboxUrl)
  expect(sandbox.status).toBe(200)
  expect(sandbox.headers.get('content-security-policy')).toContain('/plugin-files/probe/1.0.0/')

  const back = await host.api('POST', '/plugins/probe/rollback')
  expect(back).toMatchObject({
    status: 200,
    body: { version: '1.0.0', status: 'active', enabled: true, previousVersion: '1.1.0' },
  })
  const forth = await host.api('POST', '/plugins/probe/rollback')
  expect(forth.body).toMatchObject({ version: '1.1.0', status: 'active', previousVersion: '1.0.0' })
  const { body } = await host.api('GET', '/events?limit=1')
  expect(body.events[0].event).toMatchObject({
    event_type: 'plugin.updated',
    data: { plugin: 'probe', version: '1.1.0', rolledBackFrom: '1.0.0' },
  })
})

it('has nothing to go back to before the first update', async () => {
  await using host = await startServer()
  await host.upload(release('1.0.0'))
  expect(await host.api('POST', '/plugins/probe/rollback')).toMatchObject({
    status: 409,
    body: { code: 'PLUGIN_NO_PREVIOUS', message: expect.stringContaining('probe 1.0.0') },
  })
  expect((await host.api('POST', '/plugins/other/rollback')).body.code).toBe('PLUGIN_NOT_FOUND')
  expect((await host.api('GET', '/plugins/probe')).body.previousVersion).toBeUndefined()
})

it('keeps one version, also over a restart, and takes the older one away', async () => {
  const dataDir = await makeDataDir()
  {
    await using host = await startServer({ dataDir })
    await installTwo(host)
    await host.upload(release('1.2.0', { permissions: ['read:sessions'] }))
    expect((await readdir(join(dataDir, 'plugins/probe'))).sort()).toEqual(['1.1.0', '1.2.0'])
  }
  await using host = await startServer({ dataDir })
  expect((await readdir(join(dataDir, 'plugins/probe'))).sort()).toEqual(['1.1.0', '1.2.0'])
  expect((await host.api('POST', '/plugins/probe/rollback')).body).toMatchObject({ version: '1.1.0' })
  await host.api('DELETE', '/plugins/probe')
  expect(await readdir(join(dataDir, 'plugins'))).toEqual([])
})

it('takes the version before from a package that is sent again', async () => {
  await using host = await startServer()
  await installTwo(host)
  const again = await host.upload(release('1.0.0', { displayName: 'Again', permissions: [] }))
  expect(again.body).toMatchObject({ version: '1.0.0', displayName: 'Again', previousVersion: '1.1.0' })
  expect((await host.api('POST', '/plugins/probe/rollback')).body).toMatchObject({ version: '1.1.0' })
})

it('gives the old version what it was granted before, but nothing that was taken since', async () => {
  await using host = await startServer()
  const decide = (permissions: Record<string, boolean>) =>
    host.api('PUT', '/plugins/probe/grants', { permissions })
  await host.upload(release('1.0.0', { permissions: ['read:sessions', 'write:sessions'] }))
  await decide({ 'read:sessions': true, 'write:sessions': true })
  await host.upload(release('1.1.0', { permissions: ['read:sessions', 'read:users'] }))
  await decide({ 'read:sessions': false, 'read:users': true })
  const { body } = await host.api('POST', '/plugins/probe/rollback')
  expect(body.permissions.map(({ name, decision }: Record<string, string>) => [name, decision])).toEqual([
    ['read:sessions', 'denied'],
    ['write:sessions', 'granted'],
  ])
})

it('offers the old version no host and no permission that only the new one asks for', async () => {
  await using host = await startServer()
  const updated = await installTwo(host, {
    permissions: ['read:sessions', 'read:users'],
    network: { allowedHosts: ['hooks.example.com'] },
  })
  await host.api('PUT', '/plugins/probe/grants', {
    permissions: { 'read:users': true },
    hosts: { 'hooks.example.com': true },
  })
  await host.api('POST', '/plugins/probe/enable')
  const { ui } = (await host.api('GET', '/plugins/probe')).body
  const policy = async (url: string) => (await fetch(url)).headers.get('content-security-policy')
  expect(await policy(ui.sandboxUrl)).toContain('hooks.example.com')
  expect(await policy(ui.previous.sandboxUrl)).not.toContain('hooks.example.com')
  expect(ui.previous.permissions).toEqual(['read:sessions'])
  expect(updated.status).toBe(201)
})

it('goes back to the settings of the old version where the new ones do not fit it', async () => {
  await using host = await startServer()
  await host.upload(release('1.0.0', { configSchema }))
  await host.api('PUT', '/plugins/probe/config', { config: { name: 'one' } })
  const wider = { ...configSchema, properties: { ...configSchema.properties, size: { type: 'number' } } }
  await host.upload(release('1.1.0', { configSchema: wider }))
  await host.api('PUT', '/plugins/probe/config', { config: { name: 'two', size: 2 } })
  expect((await host.api('POST', '/plugins/probe/rollback')).body).toMatchObject({
    version: '1.0.0',
    config: { name: 'one' },
    configIssues: [],
  })
})

it('keeps secret values sealed, and puts them back with the old settings', async () => {
  const dataDir = await makeDataDir()
  await using host = await startServer({ dataDir })
  const schema = (more: object) => ({
    type: 'object',
    properties: { name: { type: 'string' }, key: { type: 'string', format: 'password' }, ...more },
    additionalProperties: false,
  })
  await host.upload(release('1.0.0', { configSchema: schema({}) }))
  await host.api('PUT', '/plugins/probe/config', { config: { name: 'one', key: 'open-sesame-7' } })
  await host.upload(release('1.1.0', { configSchema: schema({ size: { type: 'number' } }) }))
  await host.api('PUT', '/plugins/probe/config', { config: { name: 'two', key: 'open-sesame-8', size: 2 } })
  const { body } = await host.api('POST', '/plugins/probe/rollback')
  expect(body).toMatchObject({ version: '1.0.0', config: { name: 'one' }, configIssues: [] })
  expect(Object.keys(body.config).sort()).toEqual(['key', 'name'])
  for (const file of await readdir(dataDir)) {
    if (!/sqlite|\.db|wal/.test(file)) continue
    expect((await readFile(join(dataDir, file))).includes('open-sesame'), file).toBe(false)
  }
})

it('says before anything runs what a UI shares', async () => {
  await using host = await startServer()
  const plain = await host.upload(release('1.0.0'))
  expect(plain.body.ui.sharing).toEqual({
    isolated: [],
    shared: [],
    complete: true,
    sentence: 'Shares nothing with the sandbox: all it uses is its own and stays in its realm.',
  })
  const wish = {
    name: 'react',
    version: '18.3.1',
    requiredVersion: '^18.2.0',
    assets: { js: { sync: ['react.js'], async: [] } },
  }
  const container = 'const a = 1, b = 2; export { a as init, b as get }'
  const own = await host.upload(
    release('1.1.0', {}, { 'ui.js': container, 'mf-manifest.json': JSON.stringify({ shared: [wish] }) }),
  )
  expect(own.body.ui).toMatchObject({
    format: 'federation',
    sharing: {
      isolated: expect.arrayContaining(['react', 'react-dom', '@mortise/react']),
      complete: true,
      sentence: 'Shares nothing with the sandbox; brings its own React 18.3.1, isolated in its realm.',
    },
  })
  const lacking = await host.upload(
    release(
      '1.2.0',
      {},
      {
        'ui.js': container,
        'mf-manifest.json': JSON.stringify({ shared: [{ ...wish, assets: {} }] }),
      },
    ),
  )
  expect(lacking.body.ui.sharing).toMatchObject({
    complete: false,
    sentence: expect.stringMatching(
      /^Cannot run: it asks for React \^18\.2\.0 and brings no copy of its own/,
    ),
  })
})
