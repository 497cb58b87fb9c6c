import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ContactList, ContactRecord } from '@mortise/contract'
import { expect, it } from 'vitest'
import { manifest, readFeed, startServer, type TestServer } from './harness.ts'

const hosts = ['api.example.com', '*.cdn.example']
const extension = (name: string) => ({
  'manifest.json': manifest({
    name,
    type: 'extension',
    entrypoints: { ui: 'ui.js' },
    contributes: { widgets: [{ id: 'main', title: 'Main', slot: 'dashboard.main' }] },
    network: { allowedHosts: hosts },
  }),
  'ui.js': 'export default {}',
})

async function add(host: TestServer, name = 'probe'): Promise<void> {
  await host.add(extension(name), { network: hosts })
}

/** Where the browser that shows the plugin's sandbox sends its reports. */
async function reportAddress(host: TestServer, name = 'probe'): Promise<string> {
  const { headers } = await fetch(`${host.url}/sandbox/${name}/1.0.0/worker.html`)
  const policy = headers.get('content-security-policy-report-only') ?? ''
  return `${host.url}${/report-uri (\S+)$/.exec(policy)?.[1]}`
}

function report(address: string, blocked: string, headers: Record<string, string> = {}): Promise<Response> {
  const body = JSON.stringify({ 'csp-report': { 'blocked-uri': blocked, disposition: 'report' } })
  return fetch(address, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/csp-report', origin: 'null', ...headers },
  })
}

async function contactsOf(host: TestServer, name = 'probe'): Promise<ContactList> {
  return (await host.api('GET', `/plugins/${name}/contacts`)).body
}

const counts = ({ contacts }: ContactList) =>
  contacts.map(({ host, side, reached, refused }: ContactRecord) => [host, side, reached, refused])

it('counts what browsers report, and keeps nothing of an address but its host', async () => {
  await using host = await startServer()
  await add(host)
  const address = await reportAddress(host)
  expect((await report(address, 'https://api.example.com/v1?token=secret')).status).toBe(204)
  await report(address, 'wss://api.example.com/live')
  await report(address, 'https://eu.cdn.example/x')
  await report(address, 'https://api.example.com:8443/')
  await report(address, 'http://api.example.com/')
  await report(address, 'https://evil.example/?token=secret')
  for (const nothing of ['inline', 'eval', 'blob', 'data', 'javascript:1', '']) await report(address, nothing)
  const list = await contactsOf(host)
  expect(counts(list).sort()).toEqual([
    ['api.example.com', 'page', 2, 1],
    ['api.example.com:8443', 'page', 0, 1],
    ['eu.cdn.example', 'page', 1, 0],
    ['evil.example', 'page', 0, 1],
  ])
  expect(JSON.stringify(list)).not.toContain('secret')
  expect(host.log.join('')).not.toContain('token=secret')
})

it('takes no report for another plugin, with an address that was changed or made up', async () => {
  await using host = await startServer()
  await add(host)
  await add(host, 'victim')
  const own = await reportAddress(host)
  const [, sealed = ''] = own.split('/sandbox-reports/')
  const flip = (at: number) =>
    `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`
  const forged = [
    'victim',
    `${sealed}AAAA`,
    sealed.slice(0, -4),
    ...Array.from({ length: sealed.length - 8 }, (_, index) => flip(index + 3)),
    'v1.',
    '..%2Fvictim',
    '%00',
  ]
  for (const token of forged) {
    const { status } = await report(`${host.url}/sandbox-reports/${token}`, 'https://api.example.com/')
    expect(status, token).toBe(404)
  }
  await report(own, 'https://api.example.com/')
  expect(counts(await contactsOf(host, 'victim'))).toEqual([])
  expect(counts(await contactsOf(host))).toEqual([['api.example.com', 'page', 1, 0]])
})

it('takes nothing but reports, of a size that browsers send', async () => {
  await using host = await startServer()
  await add(host)
  const address = await reportAddress(host)
  const post = (body: string, type: string) =>
    fetch(address, { method: 'POST', body, headers: { 'content-type': type } })
  expect((await post('x'.repeat(100_001), 'application/csp-report')).status).toBe(413)
  expect((await post('{"csp-report":', 'application/csp-report')).status).toBe(204)
  expect((await post('[]', 'application/csp-report')).status).toBe(204)
  expect(
    (await post('{"csp-report":{"__proto__":{"blocked-uri":"https://x"}}}', 'application/csp-report')).status,
  ).toBe(204)
  expect((await post('<x>', 'text/html')).status).toBeGreaterThanOrEqual(400)
  expect(await contactsOf(host)).toEqual({ contacts: [], uncounted: 0 })
})

it('what a plugin tries in vain does not crowd out what it reached, and is counted where it has no room', async () => {
  await using host = await startServer()
  await add(host)
  const address = await reportAddress(host)
  await Promise.all(
    Array.from({ length: 80 }, (_, index) => report(address, `https://x${index}.evil.example/`)),
  )
  await report(
    address,
    `https://${'x'.repeat(60)}.${'y'.repeat(60)}.${'z'.repeat(60)}.${'w'.repeat(60)}.cdn.example.${'v'.repeat(60)}/`,
  )
  await report(address, 'https://api.example.com/')
  const list = await contactsOf(host)
  expect(list.contacts).toHaveLength(51)
  expect(list.uncounted).toBe(31)
  expect(counts(list)).toContainEqual(['api.example.com', 'page', 1, 0])
})

it('tells administrators who want to know as it happens, and nobody else', async () => {
  await using host = await startServer({
    identify: ({ headers }) =>
      headers.authorization === 'Bearer person-ada' ? { id: 'ada', name: 'Ada' } : undefined,
  })
  await add(host)
  const followers = [
    readFeed(host.url, '0&contacts=true'),
    readFeed(host.url, '0'),
    readFeed(host.url, '0&contacts=true&plugin=probe'),
    readFeed(host.url, '0&contacts=true', { authorization: 'Bearer person-ada' }),
  ]
  await Promise.all(followers.map((each) => each.find(({ type }) => type === 'hello')))
  const address = await reportAddress(host)
  await report(address, 'https://api.example.com/v1?token=secret')
  await report(address, 'https://api.example.com/v2')
  await report(address, 'https://evil.example/')
  await followers[0]!.find(({ type }) => type === 'contacts')
  const told = followers.map(({ frames }) =>
    frames.flatMap((frame) => (frame.type === 'contacts' ? frame.contacts : [])),
  )
  const lastAt = expect.stringMatching(/Z$/)
  const page = { plugin: 'probe', side: 'page', sentBytes: 0, receivedBytes: 0, lastAt }
  expect(told).toEqual([
    [
      { ...page, host: 'api.example.com', reached: 2, refused: 0 },
      { ...page, host: 'evil.example', reached: 0, refused: 1 },
    ],
    [],
    [],
    [],
  ])
  for (const follower of followers) follower[Symbol.dispose]()
})

it('says that reports were left unread where there are more than it reads', async () => {
  await using host = await startServer({ reportsPerSecond: 1 })
  await add(host)
  const address = await reportAddress(host)
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => report(address, 'https://api.example.com/')),
  )
  const refused = answers.filter(({ status }) => status === 429).length
  expect(refused).toBeGreaterThan(0)
  const { uncounted, contacts } = await contactsOf(host)
  expect(uncounted).toBe(refused)
  expect(contacts[0]?.reached).toBe(answers.length - refused)
})

it('keeps what it counted, and report addresses too, past a restart; forgets both with the plugin', async () => {
  const first = await startServer()
  await add(first)
  const address = await reportAddress(first)
  await report(address, 'https://api.example.com/')
  await first.server.close()
  await using second = await startServer({ dataDir: first.dataDir })
  expect(counts(await contactsOf(second))).toEqual([['api.example.com', 'page', 1, 0]])
  const moved = address.replace(first.url, second.url)
  expect((await report(moved, 'https://api.example.com/2')).status).toBe(204)
  expect(counts(await contactsOf(second))).toEqual([['api.example.com', 'page', 2, 0]])
  await second.api('DELETE', '/plugins/probe')
  expect((await report(moved, 'https://api.example.com/3')).status).toBe(404)
  await add(second)
  expect(counts(await contactsOf(second))).toEqual([])
})

it('counts what the server asked for in the name of a plugin, redirects and bytes included', async () => {
  const receiver = createServer((request, response) => {
    if (request.url === '/away') response.writeHead(302, { location: 'http://evil.example/' }).end()
    else response.end('12345')
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const at = `127.0.0.1:${(receiver.address() as AddressInfo).port}`
  const source = `
    module.exports = {
      async onSessionCreated() {
        await fetch('http://${at}/', { method: 'POST', body: 'abc' })
        await fetch('http://${at}/away').catch(() => {})
        await fetch('http://other.example/').catch(() => {})
      },
    }`
  await using host = await startServer({ allowPrivateHosts: [at] })
  await host.add(
    { 'manifest.json': manifest({ network: { allowedHosts: [at] } }), 'plugin.js': source },
    { network: [at] },
  )
  await host.call('sessions.create', { user: 'ada', template: 'firefox' })
  await host.delivery('probe', 'done')
  const { contacts } = await contactsOf(host)
  const shown = contacts.map(({ firstAt, lastAt, ...rest }) => rest)
  const refused = { side: 'server', reached: 0, refused: 1, sentBytes: 0, receivedBytes: 0 }
  expect(shown.sort((a, b) => a.host.localeCompare(b.host))).toEqual([
    { host: at, side: 'server', reached: 2, refused: 0, sentBytes: 3, receivedBytes: 5 },
    { host: 'evil.example', ...refused },
    { host: 'other.example', ...refused },
  ])
  receiver.close()
})
