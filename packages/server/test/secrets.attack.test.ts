import { expect, it } from 'vitest'
import { manifest, startServer, token } from './harness.ts'

const secrets = ['hunter2-hunter2', 'sk-live-0123456789', 'pass"word\\with-escapes']
const hook = 'https://hooks.example.com/services/T000/B000/XyZ123456'
const configSchema = {
  type: 'object',
  properties: {
    entry: { type: 'string', format: 'password' },
    apiKey: { type: 'string' },
    nested: { type: 'object', properties: { clientSecret: { type: 'string' } } },
    hook: { type: 'string' },
    plain: { type: 'string' },
  },
}
const source = `
  module.exports = {
    onSessionCreated() {
      console.log('my config', this.config)
      streamspace.log.warn('key ' + this.config.apiKey + ' hook ' + this.config.hook, { deep: [this.config] })
      throw new Error('with ' + this.config.entry + ' and ' + this.config.nested.clientSecret)
    },
  }`
const config = {
  entry: secrets[0],
  apiKey: secrets[1],
  nested: { clientSecret: secrets[2] },
  hook,
  plain: 'seen',
}

it('shows no secret in answers, events, deliveries or logs, though the plugin prints them all', async () => {
  await using host = await startServer()
  await host.add(
    { 'manifest.json': manifest({ configSchema }), 'plugin.js': source },
    { config, hosts: ['hooks.example.com'] },
  )
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await host.delivery('probe', 'dead')
  const answers = await Promise.all(
    ['/plugins', '/plugins/probe', '/plugins/probe/logs', '/plugins/probe/deliveries', '/events'].map(
      (path) => host.api('GET', path),
    ),
  )
  const shown = JSON.stringify(answers.map(({ body }) => body))
  expect(shown).toContain('my config')
  expect(answers[1]?.body.config).toEqual({
    entry: '***REDACTED***',
    apiKey: '***REDACTED***',
    nested: { clientSecret: '***REDACTED***' },
    hook,
    plain: 'seen',
  })
  const written = host.log.join('')
  expect(written).toContain('my config')
  for (const secret of [...secrets, ...secrets.map((text) => JSON.stringify(text).slice(1, -1))]) {
    expect(shown).not.toContain(secret)
    expect(written).not.toContain(secret)
  }
  expect(written).not.toContain('XyZ123456')
  expect(JSON.stringify(answers[2]?.body)).not.toContain('XyZ123456')
  expect(written + shown).not.toContain(token)
})

it('keeps a secret that comes back covered, and changes one that does not', async () => {
  await using host = await startServer()
  const reader = `
    module.exports = {
      async onSessionCreated() {
        await streamspace.storage.set('seen', [this.config.apiKey, this.config.entry].map((text) => text.length))
      },
    }`
  await host.add(
    { 'manifest.json': manifest({ configSchema }), 'plugin.js': reader },
    { config, hosts: ['hooks.example.com'] },
  )
  const { body } = await host.api('GET', '/plugins/probe')
  const changed = { ...body.config, entry: 'new', plain: 'other' }
  expect((await host.api('PUT', '/plugins/probe/config', { config: changed })).status).toBe(200)
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await host.delivery('probe', 'done')
  const seen = await host.api('POST', '/calls', { plugin: 'probe', calls: [['storage.get', ['seen']]] })
  expect(seen.body.results[0]).toEqual({ ok: true, value: [secrets[1]?.length, 3] })
})
