import { createSocket, type Socket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Canary, canaryServer, launchBrowser, type RunningConsole, testBrowser } from '@mortise/testing'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Client, createClient, expectReports, openConsole, start, startFrame } from '../src/index.ts'

let console_: RunningConsole
let client: Client
let browser: Browser
let canary: Canary
let stun: Socket
let stunPackets = 0

// Frames that try to leave: this is what keeps them.
expectReports(/^frame-src blocked /)

beforeAll(async () => {
  ;[console_, browser, canary] = await Promise.all([start(), launchBrowser(), canaryServer()])
  client = createClient(console_)
  stun = createSocket('udp4')
  stun.on('message', () => {
    stunPackets += 1
  })
  await new Promise<void>((resolve) => stun.bind(0, '127.0.0.1', resolve))
})

afterAll(async () => {
  stun?.close()
  await Promise.all([browser?.close(), console_?.stop(), canary?.close()])
})

beforeEach(() => {
  canary.clear()
  stunPackets = 0
})

function attackSource(name: string): string {
  return readFileSync(join(import.meta.dirname, 'attacks', name), 'utf8')
    .replaceAll('__CANARY__', canary.url)
    .replaceAll('__HOST__', console_.url)
    .replaceAll('__STUN_PORT__', String(stun.address().port))
}

function manifest(name: string, surface: 'worker' | 'frame', widgets = ['probe']) {
  return {
    name,
    version: '1.0.0',
    displayName: name,
    description: 'Tries to get out.',
    type: 'extension',
    author: 'Mallory',
    permissions: ['read:sessions'],
    surface,
    entrypoints: { ui: 'attack.js' },
    contributes: { widgets: widgets.map((id) => ({ id, title: `${name} ${id}`, slot: 'dashboard.main' })) },
  }
}

async function runAttack(name: string, surface: 'worker' | 'frame', file: string) {
  await client.install({ manifest: manifest(name, surface), files: { 'attack.js': attackSource(file) } })
  const { context, page, problems } = await openConsole(browser, console_)
  if (surface === 'frame') await startFrame(page, `${name} probe`)
  const { data } = await client.logLine(name, (message) => message === 'outcomes')
  const title = await page.title()
  const cookies = await context.cookies()
  await context.close()
  await client.uninstall(name)
  return { outcomes: data as Record<string, string>, problems, title, cookies }
}

describe('a worker plugin', () => {
  test('reaches no server by any channel of a worker', async () => {
    const { outcomes, problems } = await runAttack('worker-escape', 'worker', 'worker-channels.js')
    expect(Object.keys(outcomes).length).toBeGreaterThan(20)
    expect(canary.requests, JSON.stringify(outcomes, null, 1)).toEqual([])
    expect(canary.connections).toBe(0)
    expect(outcomes['fetch of the host API']).not.toContain('status')
    expect(outcomes.eval).toMatch(/refused/)
    expect(outcomes.cookies ?? 'refused').not.toContain('mortise_session')
    expect(problems.errors).toEqual([])
  })
})

describe('a frame plugin', () => {
  test('reaches no server by any channel of a page', async () => {
    const { outcomes, problems, title, cookies } = await runAttack(
      'frame-escape',
      'frame',
      'frame-channels.js',
    )
    expect(Object.keys(outcomes).length).toBeGreaterThan(50)
    expect(canary.requests, JSON.stringify(outcomes, null, 1)).toEqual([])
    expect(canary.connections, JSON.stringify(outcomes, null, 1)).toBe(0)
    // No policy that Firefox knows covers WebRTC: that is why it took a person's word to get here.
    expect(stunPackets > 0, 'packets by WebRTC').toBe(testBrowser() === 'firefox')
    expect(title).not.toBe('')
    expect(outcomes['parent document']).toMatch(/refused/)
    expect(outcomes['fetch of the host API']).not.toContain('status')
    expect(outcomes.cookies).toMatch(/refused/)
    expect(cookies.some(({ name }) => name === 'mortise_session')).toBe(true)
    expect(problems.errors).toEqual([])
  }, 120_000)

  test('cannot leave for another address, and the host page stays where it is', async () => {
    // One plugin for each way: a plugin that left twice is quarantined, and its other frames go with it.
    const ways = ['location', 'meta refresh', 'link click', 'download', 'host page']
    const leavers = ways.map((way, index) => ({
      way,
      name: `frame-leaver-${index}`,
      widget: `leave-${index}`,
    }))
    for (const { name, widget } of leavers) {
      await client.install({
        manifest: manifest(name, 'frame', [widget]),
        files: { 'attack.js': attackSource('frame-channels.js') },
      })
    }
    const { context, page } = await openConsole(browser, console_)
    for (const { name, widget } of leavers) await startFrame(page, `${name} ${widget}`)
    await Promise.all(
      leavers.map(({ name, way }) => client.logLine(name, (message) => message === `leaving by ${way}`)),
    )
    // The navigations start 200 ms after the last line; what would follow takes a few more.
    await page.waitForTimeout(1500)
    expect(canary.requests).toEqual([])
    expect(canary.connections).toBe(0)
    expect(new URL(page.url()).origin).toBe(new URL(console_.url).origin)
    expect(await page.getByRole('heading', { name: 'Dashboard', level: 1 }).isVisible()).toBe(true)
    for (const frame of page.frames()) {
      if (frame === page.mainFrame()) continue
      expect(frame.url(), 'no frame shows the host page').not.toBe(`${console_.url}/`)
    }
    await context.close()
    for (const { name } of leavers) await client.uninstall(name)
  }, 120_000)
})

describe('the same attacks on a page without a sandbox', () => {
  let server: Server

  test('do reach the canary: the tests above can fail', async () => {
    const source = attackSource('frame-channels.js')
    server = createServer((request, response) => {
      if (request.url === '/attack.js') {
        response.writeHead(200, { 'content-type': 'text/javascript' }).end(source)
        return
      }
      response.writeHead(200, { 'content-type': 'text/html' })
      if (request.url === '/idle') response.end('<!doctype html><title>idle</title>')
      else
        response.end(
          '<!doctype html><title>open</title><script type="module">import plugin from "/attack.js"; const root = document.createElement("div"); document.body.append(root); plugin.widgets.probe({ root, log: { info() {} } })</script>',
        )
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const page = await browser.newPage()
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await page.goto(`${origin}/`)
    await canary.waitFor(({ url }) => url === '/fetch')
    await canary.waitFor(({ url }) => url === '/image.png')
    await canary.waitFor(({ webSocket }) => webSocket)
    await page.goto(`${origin}/idle`)
    await page.evaluate("import('/attack.js').then(({ attempts }) => attempts.WebRTC())")
    await expect.poll(() => stunPackets, { timeout: 20_000 }).toBeGreaterThan(0)
    await page.close()
    server.close()
  })
})
