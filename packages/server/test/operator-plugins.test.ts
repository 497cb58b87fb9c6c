import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeDataDir, manifest, startServer } from './harness.ts'

const configSchema = { type: 'object', properties: { word: { type: 'string' }, apiKey: { type: 'string' } } }
const source = `module.exports = {
  onStartup() { console.log('started') },
  onSessionCreated() { console.log('word ' + this.config.word) },
}`

/** A catalog with plugins of these names. */
async function catalogOf(...names: string[]): Promise<string> {
  const catalog = await makeDataDir()
  for (const name of names) {
    await mkdir(join(catalog, name))
    await writeFile(join(catalog, name, 'manifest.json'), manifest({ name, configSchema }))
    await writeFile(join(catalog, name, 'plugin.js'), source)
  }
  return catalog
}

const messages = (host: { log: readonly string[] }) => host.log.map((line) => JSON.parse(line).msg as string)

it('installs, approves, configures and starts what the operator lists, and nothing else', async () => {
  const catalog = await catalogOf('first-one', 'second', 'third')
  const env = {
    PLUGINS_ENABLED: 'TRUE',
    PLUGINS_ALLOWLIST: ' first-one, ,second,missing,../third, first-one ',
    PLUGIN_FIRST_ONE_CONFIG: JSON.stringify({ word: 'hello', apiKey: 'very-secret-key' }),
    PLUGIN_SECOND_CONFIG: '{"word": very-secret-key',
  }
  await using host = await startServer({ catalog, env })
  const { plugins } = (await host.api('GET', '/plugins')).body
  expect(plugins.map(({ id, status }: { id: string; status: string }) => [id, status])).toEqual([
    ['first-one', 'active'],
    ['second', 'active'],
  ])
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await host.delivery('first-one', 'done')
  const { logs } = (await host.api('GET', '/plugins/first-one/logs')).body
  expect(logs).toMatchObject([{ message: 'word hello' }])
  const written = host.log.join('')
  expect(messages(host).filter((text) => text === 'Plugin loaded')).toHaveLength(2)
  expect(host.log.find((line) => line.includes('Plugin error'))).toContain('"plugin":"missing"')
  expect(written).toContain('PLUGIN_SECOND_CONFIG is not a JSON object')
  expect(written).toContain("'../third' is not the name of a plugin")
  expect(written).not.toContain('very-secret-key')

  const third = await host.api('POST', '/plugins/install', { name: 'third' })
  expect(third.status).toBe(201)
  await host.api('PUT', '/plugins/third/grants', { permissions: { 'read:sessions': true } })
  const enabled = await host.api('POST', '/plugins/third/enable')
  expect(enabled).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
  expect(enabled.body.message).toContain('PLUGINS_ALLOWLIST')
})

it('follows the list at the next start, keeps what was denied, and lets the console decide without the variables', async () => {
  const catalog = await catalogOf('first', 'second')
  await using before = await startServer({
    catalog,
    env: { PLUGINS_ENABLED: 'true', PLUGINS_ALLOWLIST: 'first,second' },
  })
  await before.api('PUT', '/plugins/first/grants', { permissions: { 'read:sessions': false } })
  await before.server.close()
  const statusOf = async (env: Record<string, string>) => {
    await using host = await startServer({ catalog, dataDir: before.dataDir, env })
    const { plugins } = (await host.api('GET', '/plugins')).body
    const [first] = plugins
    expect(first.permissions).toMatchObject([{ name: 'read:sessions', decision: 'denied' }])
    const started = host.log
      .filter((line) => line.includes('"msg":"started"'))
      .map((line) => JSON.parse(line).plugin)
    const running = (await (await fetch(`${host.url}/metrics`)).text()).match(
      /mortise_plugins_running (\d+)/,
    )?.[1]
    await host.server.close()
    return { started: started.sort(), running }
  }
  expect(await statusOf({ PLUGINS_ENABLED: 'true', PLUGINS_ALLOWLIST: 'second' })).toEqual({
    started: ['second'],
    running: '1',
  })
  expect(await statusOf({ PLUGINS_ENABLED: 'false', PLUGINS_ALLOWLIST: 'second' })).toEqual({
    started: [],
    running: '0',
  })
  expect(await statusOf({ PLUGINS_ENABLED: 'true' })).toEqual({ started: [], running: '0' })
  expect(await statusOf({})).toEqual({ started: ['first', 'second'], running: '2' })
})
