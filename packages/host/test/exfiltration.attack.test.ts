/** Every known way out of a sandbox, tried from inside one. The canary is what they aim at. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type Canary, canaryServer, testBrowser } from '@mortise/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { departures, frameOnly, shared } from './channels.ts'
import type { Stage } from './stage/page.ts'
import { useStage } from './stage/use-stage.ts'

declare const stage: Stage

const tools = useStage()
const udp = createSocket('udp4')
const datagrams: Buffer[] = []
let canary: Canary

beforeAll(async () => {
  canary = await canaryServer()
  udp.on('message', (datagram) => datagrams.push(datagram))
  udp.bind(0, '127.0.0.1')
  await once(udp, 'listening')
})
afterAll(async () => {
  udp.close()
  await canary?.close()
})

function attacker(channels: Readonly<Record<string, string>>): string {
  const { port } = udp.address() as AddressInfo
  const attempts = Object.entries(channels).map(
    ([name, body]) => `[${JSON.stringify(name)}, () => { ${body} }]`,
  )
  return `
    const to = ${JSON.stringify(canary.url)}
    const udpPort = ${port}
    const leaked = []
    const add = (name, attributes = {}) => {
      const element = document.createElement(name)
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
      document.body.append(element)
      return element
    }
    const attempts = [${attempts.join(',\n')}]
    export default {
      widgets: {
        async main({ root, log }) {
          for (const [name, attempt] of attempts) {
            try { await Promise.race([attempt(), new Promise((r) => setTimeout(r, 300))]) } catch {}
          }
          // Longer than a connection to this machine takes, for what was only begun.
          await new Promise((resolve) => setTimeout(resolve, 1500))
          log.info('tried', { count: attempts.length, leaked })
          root.textContent = 'done'
        },
      },
    }
  `
}

test.each(['worker', 'frame'] as const)('nothing leaves a %s', async (surface) => {
  const channels = surface === 'frame' ? { ...shared, ...frameOnly } : shared
  canary.clear()
  datagrams.length = 0
  const files = {
    'worker.js': `fetch('${canary.url}/own-worker', { mode: 'no-cors' })`,
    'static.js': `import '${canary.url}/static.js'`,
  }
  await tools.open([{ id: 'attacker', entry: attacker(channels), files, surface }], {
    mount: 60_000,
    load: 20_000,
  })
  const before = tools.server.requests.length
  expect(await tools.page.evaluate(() => stage.mountAll())).toMatchObject([{ status: 'running' }])
  const lines = await tools.page.evaluate(() => stage.logs.filter(({ message }) => message === 'tried'))
  expect(lines).toMatchObject([{ data: { count: Object.keys(channels).length, leaked: [] } }])
  expect(canary.requests).toEqual([])
  expect(canary.connections).toBe(0)
  // No policy that Firefox knows covers WebRTC: the engine starts no frame there unless a person says so.
  expect(datagrams.length > 0).toBe(surface === 'frame' && testBrowser() === 'firefox')
  const own = /^(attacker\.)?localhost:\d+ \/(sandbox|sandbox-assets|plugin-files)\//
  expect(tools.server.requests.slice(before).filter((request) => !own.test(request))).toEqual([])
  expect(new URL(tools.page.url()).origin).toBe(tools.server.origin)
  expect(tools.page.context().pages()).toHaveLength(1)
  expect(await tools.page.evaluate(() => [document.cookie, localStorage.length])).toEqual(['', 0])
})

test('a script in a srcdoc child of a frame has no more of WebRTC than the frame', async () => {
  datagrams.length = 0
  const script = 'webrtc.js'
  const entry = attacker({}).replace(
    "root.textContent = 'done'",
    `add('iframe', { srcdoc: '<script type="module" src="' + new URL('${script}', import.meta.url) + '"></scr' + 'ipt>' })`,
  )
  const { port } = udp.address() as AddressInfo
  const files = {
    [script]: `
      const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:${port}' }] })
      peer.createDataChannel('x')
      await peer.setLocalDescription(await peer.createOffer())`,
  }
  await tools.open([{ id: 'attacker', entry, files, surface: 'frame' }])
  // Chromium ends the child's process, and Playwright takes that for the end of the page: it has to say itself that
  // it lives.
  await tools.page.evaluate(() => {
    setInterval(() => fetch('/alive'), 100)
    void stage.mountAll()
  })
  const asked = (path: string) => tools.server.requests.filter((request) => request.endsWith(path)).length
  await expect.poll(() => asked(script)).toBe(1)
  const before = asked('/alive')
  await expect.poll(() => asked('/alive')).toBeGreaterThan(before + 15)
  expect(datagrams.length > 0).toBe(testBrowser() === 'firefox')
})

test.each(departures)(
  'a frame that navigates itself through %s reaches nothing and is stopped or kept where it is',
  async (_name, body, firefox) => {
    canary.clear()
    const entry = attacker({}).replace(
      "root.textContent = 'done'",
      `root.textContent = 'done'; setTimeout(() => { ${body} }, 100)`,
    )
    const victim = { id: 'victim', entry: 'export default {}', surface: 'frame', widgets: [] } as const
    await tools.open([{ id: 'attacker', entry, surface: 'frame' }, victim], { restarts: [] })
    await tools.page.evaluate(() => {
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        document.documentElement.dataset.refused = effectiveDirective
      })
    })
    await tools.page.evaluate(() => stage.mountAll(['running']))
    if (testBrowser() === 'firefox' && firefox === 'refuses') {
      await tools.page.waitForSelector('[data-refused="frame-src"]')
      expect(tools.page.frames().map((frame) => new URL(frame.url()).pathname)).toEqual([
        '/',
        '/sandbox/attacker/1.0.0/frame.html',
      ])
    } else {
      expect(await tools.page.evaluate(() => stage.settled(0, ['failed']))).toMatchObject({
        error: { code: 'PLUGIN_QUARANTINED', data: { code: 'BRIDGE_VIOLATION' } },
      })
      expect(await tools.page.locator('iframe').count()).toBe(0)
    }
    expect(canary.requests).toEqual([])
    expect(canary.connections).toBe(0)
  },
)
