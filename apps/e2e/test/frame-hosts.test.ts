/** The console at a name of its own, as behind a reverse proxy, and frames where the operator put them. */
import { freePort, launchChromium, type RunningConsole } from '@mortise/testing'
import type { Browser } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { type Client, createClient, openConsole, start } from '../src/index.ts'

let console_: RunningConsole | undefined
let browser: Browser | undefined

afterEach(async () => {
  await Promise.all([browser?.close(), console_?.stop()])
})

/** Says where it is, what it can see there, and draws. */
const source = `
  export default { widgets: { async main({ root, log, api }) {
    root.textContent = 'Drawn by a frame'
    const seen = {}
    for (const path of ['/api/v1/plugins', '/', '/metrics']) seen[path] = await fetch(path).then((r) => r.status, () => 'refused')
    try { seen.parent = parent.document.title } catch { seen.parent = 'refused' }
    seen.sessions = (await api.sessions.list()).length > 0
    log.info('placed', { host: location.hostname, origin: self.origin, ...seen })
  } } }`

async function install(client: Client, name: string, surface: 'worker' | 'frame'): Promise<void> {
  await client.install({
    manifest: {
      name,
      version: '1.0.0',
      displayName: name,
      description: 'Says where it is.',
      type: 'extension',
      author: 'Test',
      permissions: ['read:sessions'],
      surface,
      entrypoints: { ui: 'placed.js' },
      contributes: { widgets: [{ id: 'main', title: name, slot: 'dashboard.main' }] },
    },
    files: { 'placed.js': source },
  })
}

test.each([
  ['a name for each plugin', 'http://{plugin}.plugins.test', 'chart.plugins.test', 'clock.plugins.test'],
  ['one name for all plugins', 'http://plugins.test', 'plugins.test', 'plugins.test'],
  ["the console's name, where there is no other", undefined, 'mortise.test', 'mortise.test'],
])('frames live at %s', { timeout: 120_000 }, async (_what, pattern, chart, clock) => {
  const port = await freePort()
  const publicUrl = `http://mortise.test:${port}`
  console_ = await start({
    MORTISE_PORT: String(port),
    MORTISE_PUBLIC_URL: publicUrl,
    ...(pattern && { MORTISE_FRAME_ORIGIN: `${pattern}:${port}` }),
  })
  // What a name server and a certificate do outside.
  browser = await launchChromium([
    '--host-resolver-rules=MAP *.test 127.0.0.1',
    `--unsafely-treat-insecure-origin-as-secure=${publicUrl}`,
  ])
  const client = createClient({ url: `http://localhost:${port}`, adminToken: console_.adminToken })
  await install(client, 'chart', 'frame')
  await install(client, 'clock', 'frame')
  await install(client, 'list', 'worker')
  const { page, problems } = await openConsole(browser, console_)
  expect(new URL(page.url()).origin).toBe(publicUrl)
  const placed = async (name: string) =>
    (await client.logLine(name, (message) => message === 'placed')).data as Record<string, unknown>
  const refused = {
    origin: 'null',
    '/api/v1/plugins': 'refused',
    '/': 'refused',
    '/metrics': 'refused',
    parent: 'refused',
  }
  expect(await placed('chart')).toEqual({ host: chart, ...refused, sessions: true })
  expect(await placed('clock')).toEqual({ host: clock, ...refused, sessions: true })
  const sandboxes = await page
    .locator('iframe')
    .evaluateAll((frames) => frames.map((frame) => (frame as HTMLIFrameElement).src))
  expect(sandboxes.map((src) => new URL(src).hostname).sort()).toEqual([chart, clock, 'mortise.test'].sort())
  expect(problems).toEqual({ errors: [], policy: [] })
  if (pattern?.includes('{plugin}')) {
    // A plugin's name answers for nothing but sandboxes, whoever asks.
    for (const path of ['/', '/api/v1/me', '/installed/chart']) {
      const response = await page.context().request.get(`http://localhost:${port}${path}`, {
        headers: { host: `chart.plugins.test:${port}`, authorization: `Bearer ${console_.adminToken}` },
        maxRedirects: 0,
      })
      expect({ path, status: response.status() }).toEqual({ path, status: 403 })
    }
  }
})
