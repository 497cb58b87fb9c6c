import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { EmailOverview } from '@mortise/contract'
import { SMTPServer } from 'smtp-server'
import { expect, it, vi } from 'vitest'
import { makeDataDir, manifest, startServer, type TestServer } from './harness.ts'

vi.setConfig({ testTimeout: 60_000 })

const plugin = (body: string, changes: Record<string, unknown> = {}) => ({
  'manifest.json': manifest({ permissions: ['read:sessions', 'email'], ...changes }),
  'plugin.js': `
    const { email, storage } = streamspace
    const code = (work) => work.then(({ state }) => state, (error) => error.code)
    module.exports = { async onSessionCreated() { const seen = []; ${body}; await storage.set('seen', seen) } }`,
})
const allow = (host: TestServer, ...recipients: string[]) =>
  host.api('PUT', '/plugins/probe/email/recipients', { recipients })
const outbox = async (host: TestServer): Promise<EmailOverview> =>
  (await host.api('GET', '/plugins/probe/email')).body
async function run(host: TestServer): Promise<unknown> {
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await host.delivery('probe', 'done')
  const { body } = await host.api('POST', '/calls', { plugin: 'probe', calls: [['storage.get', ['seen']]] })
  return body.results[0].value
}

interface Received {
  readonly from: string
  readonly to: readonly string[]
  readonly raw: string
}

/** A real mail server that keeps what it gets, and refuses with a status where `refuse` says so. */
async function openMailServer(refuse: (index: number) => number | undefined = () => undefined) {
  const received: Received[] = []
  let count = 0
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      void text(stream).then((raw) => {
        const responseCode = refuse(count++)
        if (responseCode) return done(Object.assign(new Error('Refused by the test'), { responseCode }))
        const { mailFrom, rcptTo } = session.envelope
        const from = mailFrom ? mailFrom.address : ''
        received.push({ from, to: rcptTo.map(({ address }) => address), raw })
        done()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return {
    received,
    settings: { smtpUrl: `smtp://127.0.0.1:${port}`, from: 'mortise@host.example' },
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(resolve)),
  }
}

it('keeps email in the outbox where there is no mail server, for the administrator to see', async () => {
  await using host = await startServer()
  const message = {
    to: 'ada@example.com',
    cc: ['bob@example.com'],
    subject: 'Hello ü',
    text: 'Key sk-0123456789',
  }
  const files = plugin(`seen.push(await code(email.send(${JSON.stringify(message)})))`, {
    email: { recipients: ['*@example.com'] },
  })
  await host.add(files, { config: { apiKey: 'sk-0123456789' } })
  expect(await outbox(host)).toEqual({
    delivery: 'captured',
    wanted: ['*@example.com'],
    allowed: [],
    messages: [],
  })
  await allow(host, '*@example.com')
  expect(await run(host)).toEqual(['captured'])
  expect((await outbox(host)).messages).toEqual([
    {
      id: expect.any(String),
      state: 'captured',
      to: ['ada@example.com', 'bob@example.com'],
      subject: 'Hello ü',
      body: 'Key ***REDACTED***',
      attachments: [],
      error: null,
      createdAt: expect.any(String),
    },
  ])
  await host.api('DELETE', '/plugins/probe')
  await host.add(files)
  expect(await outbox(host)).toMatchObject({ allowed: [], messages: [] })
})

it('sends through a mail server as the host, with what the plugin gave as data only', async () => {
  await using mail = await openMailServer()
  await using host = await startServer({ email: mail.settings })
  const message = {
    to: ['Ada@Example.com'],
    bcc: 'boss@example.com',
    from: 'ceo@bank.example',
    subject: 'Grüße',
    text: '.\r\n.\r\nMAIL FROM:<evil@evil.example>\r\nRCPT TO:<victim@other.example>\r\n',
    html: '<b>Hi</b>',
    attachments: [
      { filename: 'a.txt', content: 'file:///etc/passwd' },
      { filename: 'b.bin', content: 'AAEC', encoding: 'base64', contentType: 'application/x-b' },
    ],
  }
  await host.add(
    plugin(`seen.push(await code(email.send(${JSON.stringify(message)})))`, {
      displayName: 'Probe" <ceo@bank.example>\r\nBcc: victim@other.example',
    }),
  )
  await allow(host, '*@example.com')
  expect(await run(host)).toEqual(['queued'])
  await expect.poll(() => mail.received.length, { timeout: 20_000 }).toBe(1)
  const [{ from, to, raw }] = mail.received as [Received]
  expect(from).toBe('mortise@host.example')
  expect(to).toEqual(['Ada@example.com', 'boss@example.com'])
  const [head = ''] = raw.split('\r\n\r\n', 1)
  const names = head
    .split('\r\n')
    .filter((line) => !/^\s/.test(line))
    .map((line) => line.split(':', 1)[0])
  expect(names).toEqual(
    expect.arrayContaining(['From', 'To', 'Subject', 'Message-ID', 'X-Mortise-Plugin', 'Auto-Submitted']),
  )
  expect(names).not.toContain('Bcc')
  expect(names.filter((name) => name === 'From')).toHaveLength(1)
  expect(head).toMatch(
    /^From: "Probe ceo bank\.example Bcc victim other\.example"\s+<mortise@host\.example>\r$/m,
  )
  expect(raw).not.toContain('root:')
  expect(raw).toContain(Buffer.from('file:///etc/passwd').toString('base64'))
  await expect.poll(async () => (await outbox(host)).messages[0]?.state, { timeout: 20_000 }).toBe('sent')
})

it('refuses every recipient that nobody allowed, in every field and form', async () => {
  await using host = await startServer()
  const recipients = [
    'eve@evil.example',
    'ada@example.com.evil.example',
    'ada@sub.example.com',
    'ada@evilexample.com',
    'bob@partner.example',
  ]
  const malformed = [
    'Ada <ada@example.com>',
    'ada@example.com, eve@evil.example',
    'ada@example.com\r\nBcc: eve@evil.example',
    'ada@example.com\neve@evil.example',
    '"eve@evil.example\\"@example.com',
    '<eve@evil.example>',
    'group: eve@evil.example;',
    'eve@evil.example(ada@example.com)',
    'eve@evil.example\u0000@example.com',
    'eve%evil.example@example.com@evil.example',
    '@example.com',
    'ada@',
    'ada',
    '*@example.com',
    'ädä@example.com',
    'ada@еxample.com',
    '-oQ/tmp ada@example.com',
    '',
  ]
  await host.add(
    plugin(`
      const base = { subject: 's', text: 't' }
      for (const to of ${JSON.stringify(recipients)}) {
        seen.push(await code(email.send({ ...base, to })))
        seen.push(await code(email.send({ ...base, to: 'ada@example.com', cc: to })))
        seen.push(await code(email.send({ ...base, to: 'ada@example.com', bcc: ['ada@example.com', to] })))
      }
      const bad = []
      for (const to of [...${JSON.stringify(malformed)}, null, 7, [], {}, [['ada@example.com']], { toString: () => 'ada@example.com' }])
        bad.push(await code(email.send({ ...base, to })), await code(email.send({ ...base, to: 'ada@example.com', replyTo: to ?? 7 })))
      seen.push([...new Set(bad)])
      seen.push(await code(email.send({ ...base, to: 'BOB@example.com' })), await code(email.send({ ...base, to: 'boss@partner.example' })))
    `),
  )
  await allow(host, '*@example.com', 'boss@partner.example')
  expect(await run(host)).toEqual([
    ...new Array(recipients.length * 3).fill('EMAIL_RECIPIENT_DENIED'),
    ['INPUT_INVALID'],
    'captured',
    'captured',
  ])
  expect((await outbox(host)).messages.map(({ to }) => to)).toEqual(
    expect.arrayContaining([['BOB@example.com'], ['boss@partner.example']]),
  )
})

it('refuses headers, files and addresses smuggled into a message', async () => {
  await using host = await startServer()
  const base = { to: 'ada@example.com', subject: 's', text: 't' }
  const messages = [
    { ...base, subject: 'a\r\nBcc: eve@evil.example' },
    { ...base, subject: 'a\nb' },
    { ...base, subject: 'a\u2028b' },
    { ...base, subject: 'x'.repeat(201) },
    { ...base, headers: { Bcc: 'eve@evil.example' } },
    { ...base, envelope: { to: 'eve@evil.example' } },
    { ...base, raw: 'To: eve@evil.example\r\n\r\n' },
    { ...base, list: { help: 'a' } },
    { ...base, text: { path: '/etc/passwd' } },
    { ...base, html: { href: 'http://127.0.0.1/' } },
    { ...base, attachments: [{ filename: 'a', path: '/etc/passwd' }] },
    { ...base, attachments: [{ filename: 'a', href: 'http://127.0.0.1/' }] },
    { ...base, attachments: [{ filename: 'a', content: { path: '/etc/passwd' } }] },
    { ...base, attachments: [{ filename: '../a', content: '' }] },
    { ...base, attachments: [{ filename: 'a\r\nX: y', content: '' }] },
    { ...base, attachments: [{ filename: 'a', content: '', contentType: 'text/html\r\nX: y' }] },
    { ...base, attachments: new Array(6).fill({ filename: 'a', content: '' }) },
    { ...base, attachDataUrls: true },
    { ...base, text: undefined },
    { to: base.to, text: 't' },
  ]
  await host.add(
    plugin(`for (const message of ${JSON.stringify(messages)}) seen.push(await code(email.send(message)))`),
  )
  await allow(host, '*')
  expect(await run(host)).toEqual(messages.map(() => 'INPUT_INVALID'))
  expect((await outbox(host)).messages).toEqual([])
})

it('lets a plugin write to a few people at a time, and says when to go on', async () => {
  await using host = await startServer()
  await host.add(
    plugin(`
      const send = (to) => email.send({ to, subject: 's', text: 't' })
      const many = Array.from({ length: 15 }, (_, index) => 'p' + index + '@example.com')
      seen.push(await code(send(many)))
      const late = await send(many).catch((error) => error)
      seen.push(late.code, late.data.retryAfter > 60)
      seen.push(await code(send(many.slice(0, 5))), await code(send(many[0])))
    `),
  )
  await allow(host, '*')
  expect(await run(host)).toEqual(['captured', 'RATE_LIMITED', true, 'captured', 'RATE_LIMITED'])
})

it('needs the permission beside allowed recipients', async () => {
  await using host = await startServer()
  await host.add(
    plugin(`seen.push(await code(email.send({ to: 'ada@example.com', subject: 's', text: 't' })))`),
  )
  await allow(host, '*')
  await host.api('PUT', '/plugins/probe/grants', { permissions: { email: false } })
  expect(await run(host)).toEqual(['PERMISSION_DENIED'])
})

it('tries again what may pass, gives up what may not, and goes on after a restart', async () => {
  const dataDir = await makeDataDir()
  const statuses = [451, undefined, 550]
  await using mail = await openMailServer((index) => statuses[index])
  let time = new Date('2026-11-21T06:00:00Z').getTime()
  const options = { dataDir, email: mail.settings, now: () => new Date(time) }
  const until = (host: TestServer, wanted: object[]) =>
    expect.poll(async () => (await outbox(host)).messages, { timeout: 20_000 }).toMatchObject(wanted)
  {
    await using host = await startServer(options)
    await host.add(
      plugin(`seen.push(await code(email.send({ to: 'ada@example.com', subject: 's', text: 't' })))`),
    )
    await allow(host, '*')
    await run(host)
    await until(host, [{ state: 'queued', error: expect.stringContaining('Refused by the test') }])
  }
  time += 120_000
  await using host = await startServer(options)
  await until(host, [{ state: 'sent', error: null }])
  time += 120_000
  await run(host)
  await until(host, [{ state: 'failed' }, { state: 'sent' }])
  expect(mail.received).toHaveLength(1)
})

it('takes recipients from an administrator only in forms that mean one thing', async () => {
  await using host = await startServer()
  await host.add(plugin(''))
  for (const recipient of [
    '',
    '*@*',
    '*.example.com',
    'example.com',
    '*@example.com, *',
    'a b@c.d',
    '*@',
    7,
  ]) {
    const { status } = await host.api('PUT', '/plugins/probe/email/recipients', { recipients: [recipient] })
    expect([recipient, status]).toEqual([recipient, 400])
  }
  expect((await allow(host, '*@Example.com', '*@example.com')).body.allowed).toEqual(['*@example.com'])
})
