// Runs in a page that a plugin answers at the console's own host name, and tries to be the console.
const outcomes = {}
const attempts = {
  origin: () => self.origin,
  'document.cookie': () => document.cookie,
  'set a cookie': () => {
    // biome-ignore lint/suspicious/noDocumentCookie: it is what is tried
    document.cookie = 'mortise_session=fixed; path=/'
    return 'set'
  },
  localStorage: () => JSON.stringify(localStorage),
  sessionStorage: () => JSON.stringify(sessionStorage),
  indexedDB: () =>
    new Promise((resolve, reject) => {
      const request = indexedDB.open('x')
      request.onsuccess = () => resolve('open')
      request.onerror = () => reject(request.error)
    }),
  caches: async () => JSON.stringify(await caches.keys()),
  'service worker': async () => (await navigator.serviceWorker.register('worker.js')).scope,
  'service worker at the root': async () =>
    (await navigator.serviceWorker.register('worker.js', { scope: '/' })).scope,
  'shared worker': () =>
    new Promise((resolve, reject) => {
      const worker = new SharedWorker('worker.js')
      worker.onerror = () => reject(new Error('error'))
      worker.port.onmessage = () => resolve('started')
      setTimeout(() => reject(new Error('silent')), 1000)
    }),
  'fetch of the API': async () => `status ${(await fetch('/api/v1/me')).status}`,
  'fetch of the API with cookies': async () =>
    `status ${(await fetch('/api/v1/plugins', { credentials: 'include' })).status}`,
  'POST to the API': async () =>
    `status ${(await fetch('/api/v1/events', { method: 'POST', credentials: 'include', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body: '{"event_type":"session.created"}' })).status}`,
  'XHR of the API': () =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest()
      request.open('GET', '/api/v1/me')
      request.onload = () => resolve(`status ${request.status}`)
      request.onerror = () => reject(new Error('error'))
      request.send()
    }),
  'console in a frame': () =>
    new Promise((resolve, reject) => {
      const frame = document.createElement('iframe')
      frame.src = '/'
      frame.onload = () => {
        try {
          resolve(`read ${frame.contentDocument.title}`)
        } catch (error) {
          reject(error)
        }
      }
      document.body.append(frame)
      setTimeout(() => reject(new Error('silent')), 1000)
    }),
  'feed of events': () =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://${location.host}/api/v1/events/stream`)
      socket.onopen = () => resolve('open')
      socket.onerror = () => reject(new Error('error'))
    }),
  opener: () => (window.opener ? window.opener.document.title : Promise.reject(new Error('none'))),
  popup: () => (window.open('/') ? 'opened' : Promise.reject(new Error('none'))),
  'own endpoint with the session': async () => await (await fetch('who', { credentials: 'include' })).text(),
  'another server': async () => `status ${(await fetch('__CANARY__/fetch', { mode: 'no-cors' })).type}`,
  'image of another server': () =>
    new Promise((resolve, reject) => {
      const image = new Image()
      image.onload = () => resolve('loaded')
      image.onerror = () => reject(new Error('error'))
      image.src = '__CANARY__/image.png'
    }),
  'form to the API': () => {
    const form = document.createElement('form')
    form.method = 'post'
    form.action = '/api/v1/auth/sign-out'
    document.body.append(form)
    form.submit()
    return new Promise((resolve) => setTimeout(() => resolve('submitted'), 500))
  },
}
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    const silence = new Promise((_resolve, reject) => setTimeout(() => reject(new Error('silent')), 2000))
    outcomes[name] = String(await Promise.race([attempt(), silence]))
  } catch (error) {
    outcomes[name] = `refused: ${error?.name ?? error}`
  }
}
window.outcomes = outcomes
document.title = 'done'
