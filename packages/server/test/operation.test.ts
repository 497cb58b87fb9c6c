import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createServer, readSettings } from '../src/index.ts'
import { makeDataDir, manifest, startServer } from './harness.ts'
import { testHost } from './test-host.ts'

it('answers health, readiness, metrics and its own description', async () => {
  await using host = await startServer()
  await host.add({ 'manifest.json': manifest(), 'plugin.js': 'module.exports = { onSessionCreated() {} }' })
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await host.delivery('probe', 'done')
  const text = async (path: string) => (await fetch(`${host.url}${path}`)).text()
  expect(await text('/healthz')).toBe('{"status":"ok"}')
  expect(await text('/readyz')).toBe('{"ready":true}')
  expect(await text('/metrics')).toContain('mortise_deliveries_total{plugin="probe",result="ok"} 1')
  const { body } = await host.api('GET', '/openapi.json')
  expect(body.openapi).toBe('3.1.0')
  expect(body.paths['/api/v1/events'].post.requestBody.content['application/json'].schema).toMatchObject({
    required: ['event_type'],
  })
  expect(body['x-mortise-methods']).toContainEqual(
    expect.objectContaining({ name: 'sessions.hibernate', permission: 'write:sessions' }),
  )
})

it('makes a token once and keeps it where only the operator can read it', async () => {
  const dataDir = await makeDataDir()
  const settings = {
    port: 0,
    dataDir,
    adminToken: undefined,
    allowPrivateHosts: [],
    logLevel: 'silent' as const,
  }
  const tokens: string[] = []
  for (let start = 0; start < 2; start++) {
    const server = await createServer(testHost, settings)
    await server.listen()
    tokens.push(new URL(server.signInUrl).hash.slice(1))
    const answer = await fetch(`${server.url}/api/v1/me`, {
      headers: { authorization: `Bearer ${tokens[start]}` },
    })
    expect(answer.status).toBe(200)
    await server.close()
    await server.close()
  }
  expect(tokens[0]).toBe(tokens[1])
  const file = join(dataDir, 'admin-token')
  expect((await readFile(file, 'utf8')).trim()).toBe(tokens[0])
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

it('says so when the port is taken', async () => {
  await using host = await startServer()
  const port = Number(new URL(host.url).port)
  const dataDir = await makeDataDir()
  const second = await createServer(testHost, { ...readSettings({}), port, dataDir, logLevel: 'silent' })
  await expect(second.listen()).rejects.toThrow(`Port ${port} is taken by another program`)
  await second.close()
})

it('says so when another server has the data folder', async () => {
  await using host = await startServer()
  const settings = { ...readSettings({}), port: 0, dataDir: host.dataDir, logLevel: 'silent' as const }
  await expect(createServer(testHost, settings)).rejects.toThrow(
    `Another server is running on the data folder ${host.dataDir}.`,
  )
  expect((await host.api('POST', '/events', { event_type: 'a.b' })).status).toBe(202)
})

it('keeps the error of a plugin that does not load, and the other plugins running', async () => {
  await using host = await startServer()
  const broken = await host.add({
    'manifest.json': manifest({ name: 'broken' }),
    'plugin.js': 'module.exports = {',
  })
  expect(broken).toMatchObject({ status: 'failed', lastError: { code: 'PLUGIN_LOAD_FAILED' } })
  const fine = await host.add({
    'manifest.json': manifest({ name: 'fine' }),
    'plugin.js': 'module.exports = {}',
  })
  expect(fine.status).toBe('active')
  const { events } = (await host.api('GET', '/events')).body
  expect(events.map(({ event }: { event: { event_type: string } }) => event.event_type)).toContain(
    'plugin.failed',
  )
})

it('runs onUnload when a plugin is disabled', async () => {
  await using host = await startServer()
  await host.add({
    'manifest.json': manifest(),
    'plugin.js': `module.exports = { async onUnload({ logger }) { logger.info('goodbye') } }`,
  })
  await host.api('POST', '/plugins/probe/disable')
  const { logs } = (await host.api('GET', '/plugins/probe/logs')).body
  expect(logs).toMatchObject([{ level: 'INFO', plugin: 'probe', message: 'goodbye' }])
})
