import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, test } from 'vitest'
import { verifySignature, verifyStandardWebhook } from '../src/webhooks/verify.ts'
import { breakAfter } from '../src/webhooks/webhooks.ts'
import {
  makeDataDir,
  openReceiver,
  type Receiver,
  readFeed,
  startServer,
  type TestServer,
} from './harness.ts'
import { spawnServer } from './spawn-server.ts'

const secret = 'a-secret-of-the-tests'

async function addWebhook(host: TestServer, url: string, more: object = {}): Promise<number> {
  const { status, body } = await host.api('POST', '/api/webhooks', { name: 'Probe', url, ...more })
  if (status !== 201) throw new Error(body.error)
  return body.webhook_id
}

const publish = (host: TestServer, type = 'task.created', more: object = {}) =>
  host.api('POST', '/events', { event_type: type, ...more })

/** Waits until the log of an endpoint has so many attempts. */
async function attempts(host: TestServer, id: number, wanted: number): Promise<Record<string, unknown>[]> {
  for (;;) {
    const { body } = await host.api('GET', `/webhooks/${id}/deliveries`)
    if (body.count >= wanted) return body.deliveries
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('sending', () => {
  it('posts an event in the form of the contract, signed over the raw bytes', async () => {
    await using receiver = await openReceiver()
    await using host = await startServer({ allowPrivateHosts: [receiver.host] })
    await addWebhook(host, `${receiver.url}/hook?x=1`, { secret, event_types: ['task.*'] })
    await publish(host, 'template.created')
    await publish(host, 'task.created', { event_id: 'e1', meta: { m: 'žlutý', n: 1.5 } })
    const [request] = await receiver.count(1)
    expect(request).toMatchObject({
      method: 'POST',
      path: '/hook?x=1',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'ServerMonitor-Webhook/2.3.0',
        'x-sm-event-id': 'e1',
        'x-sm-event-type': 'task.created',
      },
    })
    expect(request!.body).toMatch(/^\{"event_id": "e1", "event_type": "task.created", "timestamp": "/)
    expect(request!.body).toContain(String.raw`"meta": {"m": "\u017elut\u00fd", "n": 1.5}, "ip": null`)
    expect(verifySignature(request!.body, request!.headers['x-sm-signature'], secret)).toBe(true)
    expect(request!.headers['webhook-id']).toBeUndefined()
    expect(receiver.requests).toHaveLength(1)
  })

  it('sends no signature without a secret', async () => {
    await using receiver = await openReceiver()
    await using host = await startServer({ allowPrivateHosts: [receiver.host] })
    await addWebhook(host, receiver.url)
    await publish(host)
    const requests = await receiver.count(1)
    const request = requests.find(({ headers }) => headers['x-sm-event-type'] === 'task.created')!
    expect(Object.keys(request.headers).filter((name) => name.includes('signature'))).toEqual([])
  })

  it('signs for Standard Webhooks with the secret and with a key of its own', async () => {
    await using receiver = await openReceiver()
    await using host = await startServer({ allowPrivateHosts: [receiver.host] })
    const id = await addWebhook(host, receiver.url, { secret, signature: 'standard-webhooks' })
    const { body: record } = await host.api('GET', `/webhooks/${id}`)
    await publish(host, 'task.created', { event_id: 'e1' })
    const { body, headers } = (await receiver.count(1)).find((each) => each.headers['webhook-id'] === 'e1')!
    expect(JSON.stringify(JSON.parse(body))).toBe(body)
    expect(verifyStandardWebhook(body, headers, secret)).toBe(true)
    expect(verifyStandardWebhook(body, headers, record.public_key)).toBe(true)
    expect(headers['x-sm-event-id']).toBeUndefined()
  })

  it('signs with the old and the new keys after a rotation', async () => {
    await using receiver = await openReceiver()
    await using host = await startServer({ allowPrivateHosts: [receiver.host] })
    const id = await addWebhook(host, receiver.url, {
      secret,
      signature: 'both',
      event_types: ['webhook.test'],
    })
    const { body: before } = await host.api('GET', `/webhooks/${id}`)
    const { body: rotated } = await host.api('POST', `/webhooks/${id}/rotate`, { grace_seconds: 60 })
    const { body: after } = await host.api('GET', `/webhooks/${id}`)
    expect(rotated.secret).toMatch(/^whsec_/)
    expect(after.public_key).not.toBe(before.public_key)
    await host.api('POST', `/webhooks/${id}/test`)
    const { body, headers } = (await receiver.count(1))[0]!
    for (const key of [secret, rotated.secret, before.public_key, after.public_key]) {
      expect(verifyStandardWebhook(body, headers, key)).toBe(true)
    }
    expect(verifySignature(body, headers['x-sm-signature'], rotated.secret)).toBe(true)
    expect(verifySignature(body, headers['x-sm-signature-previous'], secret)).toBe(true)

    await host.api('POST', `/webhooks/${id}/rotate`, { grace_seconds: 0 })
    await host.api('POST', `/webhooks/${id}/test`)
    const last = (await receiver.count(2))[1]!
    expect(verifyStandardWebhook(last.body, last.headers, rotated.secret)).toBe(false)
    expect(last.headers['x-sm-signature-previous']).toBeUndefined()
  })
})

describe('trying again', () => {
  it('repeats after a 500, with the same id, and stops at retry_max', async () => {
    await using receiver = await openReceiver(() => 500)
    await using host = await startServer({ allowPrivateHosts: [receiver.host], webhookWaitMs: 5 })
    const id = await addWebhook(host, receiver.url, { retry_max: 3, event_types: ['task.created'] })
    await publish(host, 'task.created', { event_id: 'e1' })
    const log = await attempts(host, id, 3)
    expect(log.map(({ status, attempt, status_code }) => [status, attempt, status_code])).toEqual([
      ['failed', 3, 500],
      ['retrying', 2, 500],
      ['retrying', 1, 500],
    ])
    expect(receiver.requests.map(({ headers }) => headers['x-sm-event-id'])).toEqual(['e1', 'e1', 'e1'])
  })

  it.each([400, 404, 410, 429, 302])('stops after a %i', async (status) => {
    await using receiver = await openReceiver(() => status)
    await using host = await startServer({ allowPrivateHosts: [receiver.host], webhookWaitMs: 1 })
    const id = await addWebhook(host, receiver.url, { event_types: ['task.created'] })
    using reader = readFeed(host.url)
    await publish(host)
    await reader.find((frame) => frame.type === 'event' && frame.event.event_type === 'webhook.failed')
    const log = await attempts(host, id, 1)
    expect(log).toMatchObject([{ status: 'failed', attempt: 1, status_code: status }])
    expect(receiver.requests).toHaveLength(1)
  })

  it('goes on after a restart with what was under way', async () => {
    const dataDir = await makeDataDir()
    await using receiver = await openReceiver((index) => (index === 0 ? 0 : 200))
    const options = { allowPrivateHosts: [receiver.host], dataDir }
    const first = await startServer(options)
    const id = await addWebhook(first, receiver.url, { event_types: ['task.created'], retry_max: 1 })
    await publish(first, 'task.created', { event_id: 'e1' })
    await receiver.count(1)
    await first.server.close()
    await using second = await startServer(options)
    const [, again] = await receiver.count(2)
    expect(again!.headers['x-sm-event-id']).toBe('e1')
    expect(await attempts(second, id, 1)).toMatchObject([{ status: 'success', attempt: 1 }])
    await second.server.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  it('goes on after the process was killed, with the same id and body', async () => {
    // The first request is never answered, so that the message is under way when the process dies.
    await using receiver = await openReceiver((index) => (index === 0 ? 0 : 200))
    const dataDir = await makeDataDir()
    {
      await using server = await spawnServer(dataDir, { env: { MORTISE_ALLOW_PRIVATE_HOSTS: receiver.host } })
      await server.send('POST', '/api/webhooks', {
        name: 'A',
        url: receiver.url,
        secret,
        event_types: ['task.created'],
      })
      await server.send('POST', '/api/v1/events', { event_type: 'task.created', event_id: 'e1' })
      await receiver.count(1)
    }
    await using host = await startServer({ dataDir, allowPrivateHosts: [receiver.host] })
    const [first, second] = await receiver.count(2)
    expect(second!.body).toBe(first!.body)
    expect(second!.headers['x-sm-event-id']).toBe('e1')
    expect(second!.headers['x-sm-signature']).toBe(first!.headers['x-sm-signature'])
    expect(await attempts(host, 1, 1)).toMatchObject([{ status: 'success', event_id: 'e1' }])
    await host.server.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  it('disables an endpoint whose messages all die, and lets one decide when it is enabled again', async () => {
    let status = 400
    await using receiver = await openReceiver(() => status)
    await using host = await startServer({ allowPrivateHosts: [receiver.host] })
    const id = await addWebhook(host, receiver.url, { event_types: ['task.created'] })
    using reader = readFeed(host.url)
    for (let index = 0; index < breakAfter; index++) await publish(host)
    await reader.find(
      (frame) =>
        frame.type === 'event' &&
        frame.event.event_type === 'webhook.failed' &&
        frame.event.meta.disabled === true,
    )
    const { body: cut } = await host.api('GET', `/webhooks/${id}`)
    expect(cut).toMatchObject({ enabled: false })
    expect(cut.disabled_reason).toContain('HTTP 400')
    await publish(host)

    await host.api('PUT', `/webhooks/${id}`, { enabled: true })
    await publish(host)
    await attempts(host, id, breakAfter + 1)
    const closed = async (): Promise<boolean> =>
      (await host.api('GET', `/webhooks/${id}`)).body.enabled === false
    while (!(await closed())) await new Promise((resolve) => setImmediate(resolve))

    status = 200
    await host.api('PUT', `/webhooks/${id}`, { enabled: true })
    await publish(host)
    const [newest] = await attempts(host, id, breakAfter + 2)
    expect(newest).toMatchObject({ status: 'success' })
    expect((await host.api('GET', `/webhooks/${id}`)).body).toMatchObject({
      enabled: true,
      disabled_reason: null,
    })
  })
})

describe('the interface of the contract', () => {
  it.each(['/api/webhooks', '/api/v1/webhooks'])('answers under %s', async (at) => {
    await using receiver = await openReceiver()
    await using host = await startServer({ allowPrivateHosts: [receiver.host] })
    const created = await host.api('POST', at, { name: 'A', url: receiver.url, secret })
    expect([created.status, created.body]).toEqual([201, { success: true, webhook_id: 1 }])
    const { body: list } = await host.api('GET', at)
    expect(list.webhooks).toMatchObject([
      {
        id: 1,
        name: 'A',
        url: receiver.url,
        secret: '***REDACTED***',
        event_types: [],
        retry_max: 3,
        timeout: 10,
        enabled: true,
        signature: 'server-monitor',
      },
    ])
    const tested = await host.api('POST', `${at}/1/test`)
    expect(tested.body).toMatchObject({ success: true, status_code: 200, error: null })
    const { body: sent } = receiver.requests.at(-1)!
    expect(JSON.parse(sent)).toMatchObject({
      event_type: 'webhook.test',
      target_type: 'webhook',
      target_id: '1',
      meta: {
        webhook_name: 'A',
        webhook_url: receiver.url,
        test_message: 'This is a test webhook delivery from Server Monitor',
      },
    })
    const { body: log } = await host.api('GET', `${at}/1/deliveries?limit=1&offset=0`)
    expect(Object.keys(log)).toEqual(['deliveries', 'count', 'limit', 'offset'])
    expect(Object.keys(log.deliveries[0])).toEqual([
      'id',
      'webhook_id',
      'event_id',
      'event_type',
      'status',
      'status_code',
      'response_body',
      'error',
      'attempt',
      'delivered_at',
    ])
    expect((await host.api('PUT', `${at}/1`, { enabled: false })).body).toEqual({ success: true })
    expect((await host.api('DELETE', `${at}/1`)).body).toEqual({ success: true })
    const gone = await host.api('GET', `${at}/1`)
    expect([gone.status, gone.body]).toEqual([404, { error: 'Webhook not found' }])
    const bare = await fetch(`${host.url}${at}`)
    expect([bare.status, await bare.text()]).toEqual([401, '{"error":"Authentication required"}'])
  })

  it.each([
    [{ name: 'A' }, 'name and url are required'],
    [{ url: 'https://example.com' }, 'name and url are required'],
    [{ name: 'A', url: 'ftp://example.com' }, "Invalid scheme 'ftp'. Only http and https are allowed."],
    [{ name: 'A', url: 'example.com' }, "Invalid scheme ''. Only http and https are allowed."],
    [{ name: 'A', url: 'https://' }, 'Missing hostname in URL'],
    [{ name: 'A', url: 'https:///path' }, 'Missing hostname in URL'],
    [
      { name: 'A', url: 'https://example.com', retry_max: 11 },
      'retry_max must be a whole number from 1 to 10',
    ],
    [{ name: 'A', url: 'https://example.com', timeout: 0 }, 'timeout must be a whole number from 1 to 60'],
    [
      { name: 'A', url: 'https://example.com', event_types: ['task'] },
      'event_types.0 is not an event type or a wildcard',
    ],
  ])('refuses %j', async (body, error) => {
    await using host = await startServer()
    const answer = await host.api('POST', '/api/webhooks', body)
    expect([answer.status, answer.body]).toEqual([400, { error }])
  })
})

const hostileHosts = [
  'localhost',
  'LOCALHOST',
  'localhost.',
  'localhost.localdomain',
  'app.localhost',
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '0.0.0.0',
  '0',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[fe80::1]',
  '[fc00::1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  'printer.local',
  'db.internal',
  'metadata.google.internal',
  'nas.lan',
  '①②⑦.⓪.⓪.①',
]

test('refuses every hostile host when it is entered', async () => {
  await using host = await startServer()
  for (const hostile of hostileHosts) {
    const answer = await host.api('POST', '/webhooks', { name: 'A', url: `http://${hostile}/x` })
    expect([hostile, answer.status, answer.body]).toEqual([
      hostile,
      400,
      { error: 'Internal/localhost URLs are not allowed' },
    ])
  }
  expect((await host.api('GET', '/webhooks')).body.webhooks).toEqual([])
})

test('a name that turns private after it was entered is refused when connecting, for good', async () => {
  await using receiver = await openReceiver()
  await using host = await startServer({
    resolveHost: async () => [{ address: '127.0.0.1', family: 4 }],
  })
  const id = await addWebhook(host, `http://rebound.example:${receiver.host.split(':')[1]}/x`)
  const { body } = await host.api('POST', `/webhooks/${id}/test`)
  expect(body).toMatchObject({ success: false, status_code: null })
  expect(body.error).toBe('rebound.example has an address that is not public')
  expect(receiver.requests).toEqual([])
})

test('a secret is in no answer and no log line', async () => {
  await using receiver = await openReceiver(() => 500)
  await using host = await startServer({ allowPrivateHosts: [receiver.host], webhookWaitMs: 1 })
  const id = await addWebhook(host, receiver.url, { secret, signature: 'both' })
  const answers = [
    await host.api('GET', '/webhooks'),
    await host.api('GET', `/webhooks/${id}`),
    await host.api('PUT', `/webhooks/${id}`, { secret: '***REDACTED***', name: 'Changed' }),
    await host.api('POST', `/webhooks/${id}/test`),
  ]
  await publish(host)
  await attempts(host, id, 4)
  answers.push(await host.api('GET', `/webhooks/${id}/deliveries`), await host.api('GET', '/events'))
  expect(JSON.stringify([answers, host.log])).not.toContain(secret)
  const last = receiver.requests.at(-1)!
  expect(verifySignature(last.body, last.headers['x-sm-signature'], secret)).toBe(true)
})

test('a secret that a receiver answers with is covered, and the rest cut at 1000 characters', async () => {
  const echo = createServer((_request, response) => response.end(`${secret} ${'x'.repeat(2000)}`))
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
  const at = `127.0.0.1:${(echo.address() as AddressInfo).port}`
  try {
    await using host = await startServer({ allowPrivateHosts: [at] })
    const id = await addWebhook(host, `http://${at}`, { secret, event_types: ['webhook.test'] })
    await host.api('POST', `/webhooks/${id}/test`)
    const [attempt] = await attempts(host, id, 1)
    expect(attempt!.response_body).toMatch(/^\*\*\*REDACTED\*\*\* x+$/)
    expect(attempt!.response_body).toHaveLength(1000)
  } finally {
    echo.closeAllConnections()
    await new Promise((resolve) => echo.close(resolve))
  }
})

describe('sending again', () => {
  const replay = (host: TestServer, id: number, body: unknown) =>
    host.api('POST', `/webhooks/${id}/deliveries/replay`, body)
  const ids = ({ requests }: Receiver) => requests.map(({ headers }) => headers['x-sm-event-id'])

  it('sends one, all that were given up, a range, and all since, under the ids they had', async () => {
    await using receiver = await openReceiver((index) => (index === 1 ? 410 : 200))
    await using host = await startServer({ allowPrivateHosts: [receiver.host] })
    const id = await addWebhook(host, receiver.url, { secret, event_types: ['task.*'] })
    for (const [index, event] of ['one', 'two', 'three'].entries()) {
      await publish(host, 'task.created', { event_id: event })
      await receiver.count(index + 1)
    }
    await publish(host, 'template.created', { event_id: 'not-covered' })
    await attempts(host, id, 3)
    const record = async () => (await host.api('GET', `/webhooks/${id}`)).body
    await expect.poll(record, { timeout: 10_000 }).toMatchObject({ waiting: 0, dead: 1 })

    expect(await replay(host, id, { event_ids: ['one'] })).toMatchObject({
      status: 202,
      body: { success: true, replayed: 1 },
    })
    await receiver.count(4)
    await attempts(host, id, 4)
    expect((await replay(host, id, { state: 'dead' })).body.replayed).toBe(1)
    await receiver.count(5)
    await expect.poll(record, { timeout: 10_000 }).toMatchObject({ waiting: 0, dead: 0 })
    expect((await replay(host, id, { since: 'two' })).body).toMatchObject({ replayed: 2 })
    await receiver.count(7)
    await expect.poll(record, { timeout: 10_000 }).toMatchObject({ waiting: 0 })
    const { events } = (await host.api('GET', '/events')).body
    const { cursor } = events.find(({ event }: { event: { event_id: string } }) => event.event_id === 'one')
    expect((await replay(host, id, { from: cursor, to: cursor })).body).toMatchObject({
      replayed: 1,
      from: cursor,
      to: cursor,
    })
    await receiver.count(8)
    expect(ids(receiver).slice(0, 5)).toEqual(['one', 'two', 'three', 'one', 'two'])
    expect(ids(receiver).slice(5, 7).sort()).toEqual(['three', 'two'])
    expect(ids(receiver)[7]).toBe('one')
    const [first, , , again] = receiver.requests
    expect(again!.body).toBe(first!.body)
    expect(verifySignature(again!.body, again!.headers['x-sm-signature'], secret)).toBe(true)
  })

  it('keeps what is sent again for a webhook that is off until it is on', async () => {
    await using receiver = await openReceiver()
    await using host = await startServer({ allowPrivateHosts: [receiver.host] })
    await publish(host, 'task.created', { event_id: 'before-it-was-there' })
    const id = await addWebhook(host, receiver.url, { enabled: false, event_types: ['task.*'] })
    expect((await replay(host, id, { from: '0' })).body.replayed).toBe(1)
    expect((await host.api('GET', `/webhooks/${id}`)).body.waiting).toBe(1)
    expect(receiver.requests).toHaveLength(0)
    await host.api('PUT', `/webhooks/${id}`, { enabled: true })
    await receiver.count(1)
    expect(ids(receiver)).toEqual(['before-it-was-there'])
  })

  it('sends nothing that is not in the log, not covered, or no answerable wish', async () => {
    await using receiver = await openReceiver()
    await using host = await startServer({ allowPrivateHosts: [receiver.host] })
    const id = await addWebhook(host, receiver.url, { event_types: ['task.*'] })
    await publish(host, 'template.created', { event_id: 'not-covered' })
    expect((await replay(host, id, { event_ids: ['not-covered'] })).body.replayed).toBe(0)
    const test = (await host.api('POST', `/webhooks/${id}/test`)).body.event_id
    for (const [body, status] of [
      [{ event_ids: [test] }, 404],
      [{ since: 'nobody' }, 404],
      [{}, 400],
      [{ event_ids: [] }, 400],
      [{ state: 'done' }, 400],
      [{ from: '-1' }, 400],
      [{ since: 'not-covered', to: '5' }, 400],
    ] as const) {
      expect([body, (await replay(host, id, body)).status]).toEqual([body, status])
    }
    expect((await replay(host, id + 1, { state: 'dead' })).status).toBe(404)
    expect(receiver.requests).toHaveLength(1)
  })
})
