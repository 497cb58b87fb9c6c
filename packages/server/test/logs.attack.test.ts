import { expect, it } from 'vitest'
import { createLogger, PluginLogs } from '../src/log.ts'
import { redactForms } from '../src/redact.ts'
import { manifest, openReceiver, startServer, token } from './harness.ts'

function capture(secrets: readonly string[] = []) {
  const lines: string[] = []
  const logger = createLogger('debug', () => secrets, { write: (line) => lines.push(line) })
  return { logger, lines, records: () => lines.map((line) => JSON.parse(line)) }
}

it('writes one JSON object a line, whatever a message holds', () => {
  const { logger, records, lines } = capture()
  for (const text of ['a\nb', '"}\n{"level":60', '\u2028', '\ud800', '\0', 'x'.repeat(100_000)])
    logger.info({ text }, text)
  expect(records().map(({ level }) => level)).toEqual(new Array(6).fill(30))
  for (const line of lines) expect(line.indexOf('\n')).toBe(line.length - 1)
})

it('covers credentials by name at any depth, in errors too', () => {
  const { logger, lines } = capture()
  const hidden = 'hidden-value-1'
  logger.info({
    a: { b: [{ headers: { Authorization: hidden, 'set-cookie': [hidden], 'X-Api-Key': hidden } }] },
  })
  logger.warn({
    config: { accessToken: hidden, clientSecret: { deep: hidden }, PASSWORD: hidden, api_key: hidden },
  })
  const cause = Object.assign(new Error('inner'), { password: hidden })
  logger.error({
    err: Object.assign(new Error('outer', { cause }), { token: hidden, request: { cookie: hidden } }),
  })
  expect(lines.join('')).not.toContain(hidden)
  expect(lines).toHaveLength(3)
})

it.each([
  ['Authorization: Bearer abc.def-ghi_jkl', 'abc.def'],
  ['basic dXNlcjpwYXNzd29yZA==', 'dXNlcjpwYXNz'],
  ['https://user:hunter2@example.com/path', 'hunter2'],
  ['GET /hook?token=hunter2&x=1', 'hunter2'],
  ['GET /hook?x=1&access_token=hunter2', 'hunter2'],
  ['https://e.com/?X-Amz-Signature=hunter2#x', 'hunter2'],
  ['signed with whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'MfKQ9r8G'],
])('covers a credential by its form: %s', (text, secret) => {
  const { logger, lines } = capture()
  logger.info({ url: text, err: new Error(text) }, text)
  expect(lines.join('')).toContain('***REDACTED***')
  expect(lines.join('')).not.toContain(secret)
})

it('leaves what is no credential as it is', () => {
  for (const text of [
    'tokens: 12',
    'https://example.com:8080/a?b=c',
    'a secret plan',
    'basic rights',
    'key=value',
  ]) {
    expect(redactForms(text)).toBe(text)
  }
})

it('looks for forms in time that grows with the text', () => {
  for (const part of ['?', 'a', '://', '&token', 'Bearer ', ':', '?a', 'whsec_']) {
    const started = performance.now()
    redactForms(part.repeat(200_000))
    expect(performance.now() - started).toBeLessThan(5000)
  }
})

it('covers the secrets of a plugin in keys and escaped, and cannot be made to break a line', () => {
  const { logger, lines, records } = capture()
  const logs = new PluginLogs(logger)
  const secret = 'pä"ss\\wörd'
  logs.setSecrets('probe', [secret, '"level"', '":"', 'plugin'])
  logs.write(
    'probe',
    'info',
    `is ${secret} or ${encodeURIComponent(secret)}`,
    { [secret]: { deep: [secret] } },
    new Date(0),
  )
  expect(lines.join('')).not.toContain('wörd')
  expect(lines.join('')).not.toContain('w%C3%B6rd')
  expect(records()).toMatchObject([{ level: 30, plugin: 'probe' }])
  expect(JSON.stringify(logs.read('probe'))).not.toContain('wörd')
})

it('writes no credential of the backend, of requests, of webhooks or of what plugins print', async () => {
  await using receiver = await openReceiver((index) => (index === 0 ? 500 : 200))
  await using host = await startServer({ allowPrivateHosts: [receiver.host], webhookWaitMs: 20 })
  const hidden = 'hidden-value-2'
  await host.api('POST', '/webhooks', {
    name: 'w',
    url: `${receiver.url}/hook?token=${hidden}`,
    secret: `whsec_${hidden}${hidden}`,
    event_types: ['session.created'],
  })
  await host.add({
    'manifest.json': manifest(),
    'plugin.js': `module.exports = { onSessionCreated() {
      console.log('calling', { headers: { authorization: '${hidden}' }, url: 'https://u:${hidden}@example.com/' })
      console.error(new Error('?api_key=${hidden}'))
      throw new Error('Bearer ${hidden}')
    } }`,
  })
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await receiver.count(2)
  await host.delivery('probe', 'dead')
  const wrong = { authorization: `Bearer ${hidden}`, cookie: `mortise_session=${hidden}` }
  await host.api('GET', `/plugins/none?token=${hidden}`, undefined, wrong)
  await host.api('POST', '/auth/sign-in', { token: hidden })
  const { logs } = (await host.api('GET', '/plugins/probe/logs')).body
  expect(JSON.stringify(logs)).toContain('calling')
  expect(JSON.stringify(logs)).not.toContain(hidden)
  const written = host.log.join('')
  expect(written).toContain('calling')
  for (const secret of [hidden, token]) expect(written).not.toContain(secret)
  for (const line of host.log) expect(() => JSON.parse(line)).not.toThrow()
})
