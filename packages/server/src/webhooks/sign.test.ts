import { Webhook } from 'standardwebhooks'
import { describe, expect, it, test } from 'vitest'
import { printPython } from './print-event.ts'
import {
  makeSecret,
  makeSigningKey,
  publicKeyOf,
  signBody,
  signStandard,
  signStandardAsymmetric,
} from './sign.ts'
import { verifySignature, verifyStandardWebhook } from './verify.ts'

const event = {
  event_id: '550e8400-e29b-41d4-a716-446655440000',
  event_type: 'task.finished',
  timestamp: '2026-01-08T01:00:00+00:00',
  user_id: 1,
  username: 'admin',
  server_id: 5,
  server_name: 'web-01',
  target_type: 'task',
  target_id: 'task-123',
  action: 'task_finished',
  meta: { exit_code: 0, duration: 5.2, command: 'uptime' },
  ip: '192.168.1.100',
  user_agent: null,
  severity: 'info',
}

describe('the golden vectors', () => {
  it('prints and signs an event as Python does', () => {
    const body = printPython(event)
    expect(Buffer.byteLength(body)).toBe(403)
    expect(signBody('your-webhook-secret', body)).toBe(
      'sha256=559bafacb58f046900c305db4448d8c5d0e07730035b67e9deb195f431d575cf',
    )
  })

  it('signs the compact form', () => {
    expect(signBody('your-webhook-secret', JSON.stringify(event))).toBe(
      'sha256=d3fb5dbc7565241a9890cc87f5d767a6d776f7b3a857df182a3365d6c609e89f',
    )
  })

  it('escapes what is not ASCII', () => {
    const body = printPython({ event_id: 'e1', meta: { m: 'žluťoučký' } })
    expect(body).toBe(String.raw`{"event_id": "e1", "meta": {"m": "\u017elu\u0165ou\u010dk\u00fd"}}`)
    expect(signBody('s', body)).toBe(
      'sha256=e1e7289c3c132690823c95d203e7d6fe5a48e0b6cad00446bb0dc1b94440f5a7',
    )
  })

  it('signs a Standard Webhooks message', () => {
    const message = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestamp: 1614265330,
      body: '{"test": 2432232314}',
    }
    expect(signStandard('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', message)).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    )
  })
})

// Right sides are what Python 3.12 prints.
test.each([
  [1e-5, '1e-05'],
  [1.5e-7, '1.5e-07'],
  [1e-10, '1e-10'],
  [0.0001, '0.0001'],
  [-0.00012, '-0.00012'],
  [1e21, '1e+21'],
  [12345678901234567000, '12345678901234567000'],
  [[], '[]'],
  [{}, '{}'],
  [[true, false, null], '[true, false, null]'],
  ['\u007f\u0001"\\/\n', String.raw`"\u007f\u0001\"\\/\n"`],
  ['😀\ud800', String.raw`"\ud83d\ude00\ud800"`],
])('prints %j as %s', (value, printed) => {
  expect(printPython(value)).toBe(printed)
})

describe('a receiver', () => {
  const secret = makeSecret()
  const now = new Date('2026-01-08T01:00:00Z')
  const timestamp = now.getTime() / 1000
  const body = '{"test": 1}'

  it('takes signatures over exactly the bytes that were sent', () => {
    const header = signBody(secret, body)
    expect(verifySignature(Buffer.from(body), header, secret)).toBe(true)
    expect(verifySignature(body, header, ['other', secret])).toBe(true)
    expect(verifySignature('{"test":1}', header, secret)).toBe(false)
    expect(verifySignature(body, header.slice(7), secret)).toBe(false)
    expect(verifySignature(body, undefined, secret)).toBe(false)
  })

  it('takes one valid signature among several, of either kind', () => {
    const key = makeSigningKey()
    const message = { id: 'e1', timestamp, body }
    const headers = {
      'webhook-id': 'e1',
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1,AAAA ${signStandard(secret, message)} ${signStandardAsymmetric(key, message)}`,
    }
    expect(verifyStandardWebhook(body, headers, secret, { now })).toBe(true)
    expect(verifyStandardWebhook(body, headers, publicKeyOf(key), { now })).toBe(true)
    expect(verifyStandardWebhook(body, headers, makeSecret(), { now })).toBe(false)
    expect(verifyStandardWebhook(body, headers, publicKeyOf(makeSigningKey()), { now })).toBe(false)
    expect(verifyStandardWebhook(`${body} `, headers, publicKeyOf(key), { now })).toBe(false)
  })

  it.each([
    [300, true],
    [-300, true],
    [301, false],
    [-301, false],
  ])('that is %i s apart says %s', (seconds, accepted) => {
    const message = { id: 'e1', timestamp, body }
    const headers = {
      'webhook-id': 'e1',
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signStandard(secret, message),
    }
    const later = new Date(now.getTime() + seconds * 1000)
    expect(verifyStandardWebhook(body, headers, secret, { now: later })).toBe(accepted)
  })

  it('with the official library agrees', () => {
    const date = new Date(Math.floor(Date.now() / 1000) * 1000)
    const message = { id: 'e1', timestamp: date.getTime() / 1000, body }
    expect(signStandard(secret, message)).toBe(new Webhook(secret).sign('e1', date, body))
    expect(signStandard('plain text', message)).toBe(
      new Webhook('plain text', { format: 'raw' }).sign('e1', date, body),
    )
  })
})
