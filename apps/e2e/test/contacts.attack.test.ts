/** A plugin that would rather not be seen. The browser tells on it; the test looks at what the console shows. */
import { type Canary, canaryServer, launchChromium, type RunningConsole } from '@mortise/testing'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, openConsole, start } from '../src/index.ts'

let console_: RunningConsole
let client: Client
let browser: Browser
let canary: Canary

/** Granted hosts, by what asks for them. The name resolution of the browser sends all of them to the canary. */
const shared = {
  'fetch.example.com': "fetch('https://fetch.example.com/a?secret', { mode: 'no-cors' })",
  'xhr.example.com': "const x = new XMLHttpRequest(); x.open('GET', 'https://xhr.example.com/'); x.send()",
  'socket.example.com': "new WebSocket('wss://socket.example.com/')",
  'events.example.com': "new EventSource('https://events.example.com/')",
  'keep.example.com':
    "fetch('https://keep.example.com/', { method: 'POST', body: 'x', keepalive: true, mode: 'no-cors' })",
}
const workerOnly = {
  'child.example.com':
    'new Worker(URL.createObjectURL(new Blob([\'fetch("https://child.example.com/", { mode: "no-cors" })\'])))',
}
const frameOnly = {
  'beacon.example.com': "navigator.sendBeacon('https://beacon.example.com/', 'x')",
  // A document inside its document, which runs a file of the plugin.
  'nested.example.com':
    "const f = document.createElement('iframe'); f.srcdoc = '<script type=module crossorigin src=' + new URL('nested.js', import.meta.url) + '></' + 'script>'; document.body.append(f)",
}
const refused = ['evil.example', 'worse.example']

/** Tries to keep the browser from telling, contacts every host, then tells what it knows of its own reports. */
const source = (ways: Readonly<Record<string, string>>) => `
  let policy = ''
  addEventListener('securitypolicyviolation', (event) => { event.stopImmediatePropagation(); event.preventDefault(); policy = event.originalPolicy.includes('report-uri') ? event.originalPolicy : policy }, true)
  globalThis.SecurityPolicyViolationEvent = undefined
  globalThis.ReportingObserver = undefined
  const quietly = async (way) => { try { await way() } catch {} }
  export default { widgets: { async main({ root, log }) {
    ${Object.values(ways)
      .map((way) => `await quietly(async () => { ${way} })`)
      .join('\n')}
    for (const host of ${JSON.stringify(refused)}) await quietly(() => fetch('https://' + host + '/'))
    await new Promise((resolve) => setTimeout(resolve, 500))
    const [, own] = /report-uri (\\S+)/.exec(policy) ?? []
    const body = JSON.stringify({ 'csp-report': { 'blocked-uri': 'https://forged.example.com/' } })
    for (const base of [location.origin, '__HOST__', location.ancestorOrigins?.[0]]) {
      await quietly(() => fetch(base + own, { method: 'POST', body, mode: 'no-cors' }))
      await quietly(() => navigator.sendBeacon(base + own, body))
    }
    root.textContent = 'done'
    log.info('done', { knowsItsOwn: own !== undefined })
  } } }`

beforeAll(async () => {
  ;[console_, canary] = await Promise.all([start(), canaryServer()])
  // Unknown names are left to fail, as they would anywhere.
  const rules = `MAP *.example.com:443 127.0.0.1:${canary.port}, MAP *.example ~NOTFOUND`
  browser = await launchChromium([`--host-resolver-rules=${rules}`])
  client = createClient(console_)
})

afterAll(async () => {
  await Promise.all([browser?.close(), console_?.stop(), canary?.close()])
})

async function contactsOf(id: string): Promise<Record<string, [number, number]>> {
  const { body } = await client.request('GET', `/plugins/${id}/contacts`)
  const { contacts } = body as { contacts: { host: string; reached: number; refused: number }[] }
  return Object.fromEntries(contacts.map(({ host, reached, refused }) => [host, [reached, refused]]))
}

test.each(['worker', 'frame'] as const)(
  'a %s cannot keep the browser from telling which hosts it contacts, nor say it of another plugin',
  { timeout: 60_000 },
  async (surface) => {
    const ways = { ...shared, ...(surface === 'frame' ? frameOnly : workerOnly) }
    const name = `quiet-${surface}`
    const hosts = [...Object.keys(ways), 'never.example.com', 'forged.example.com']
    await client.install({
      manifest: {
        name,
        version: '1.0.0',
        displayName: `Quiet ${surface}`,
        description: 'Contacts hosts.',
        type: 'extension',
        author: 'Mallory',
        permissions: [],
        surface,
        network: { allowedHosts: hosts },
        entrypoints: { ui: 'quiet.js' },
        contributes: { widgets: [{ id: 'main', title: name, slot: 'dashboard.main' }] },
      },
      files: {
        'quiet.js': source(ways).replaceAll('__HOST__', console_.url),
        'nested.js': "fetch('https://nested.example.com/', { mode: 'no-cors' })",
      },
      hosts,
    })
    const { page, context, problems } = await openConsole(browser, console_)
    const { data } = await client.logLine(name, (message) => message === 'done')
    expect(canary.connections, 'the hosts were contacted').toBeGreaterThan(3)
    await expect
      .poll(() => contactsOf(name), { timeout: 10_000 })
      .toMatchObject({
        ...Object.fromEntries(Object.keys(ways).map((host) => [host, [1, 0]])),
        ...Object.fromEntries(refused.map((host) => [host, [0, 1]])),
      })
    // What it says by itself does not arrive, even where it knows where to.
    expect(data).toEqual({ knowsItsOwn: true })
    expect(await contactsOf(name)).not.toHaveProperty('forged.example.com')

    // Without leaving the page, whose record it is.
    await page.getByRole('link', { name: 'Plugins' }).click()
    await page.getByRole('row', { name: new RegExp(`Quiet ${surface}`) }).click()
    await page.getByRole('tab', { name: 'Usage' }).click()
    const record = page.getByRole('table', { name: 'Record' })
    const entry = (host: RegExp, outcome: string) =>
      record.getByRole('row', { name: host }).filter({ hasText: 'its page' }).getByText(outcome).waitFor()
    await entry(/fetch\.example\.com/, 'OK')
    await entry(/evil\.example/, 'FETCH_HOST_DENIED')
    await page.getByRole('button', { name: 'Verify the record' }).click()
    await page.getByText('Every record is in its place and unchanged').waitFor()
    const table = page.getByRole('table', { name: 'Hosts contacted' })
    await table.getByRole('row', { name: /fetch\.example\.com/ }).waitFor()
    await table.getByRole('row', { name: /evil\.example/ }).waitFor()
    await page
      .getByText(`Quiet ${surface} has not contacted forged.example.com and never.example.com`)
      .waitFor()
    expect(problems).toEqual({ errors: [], policy: [] })
    await context.close()
    await client.uninstall(name)
  },
)
