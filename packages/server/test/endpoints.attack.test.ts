import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { codeOf, manifest, raw, signIn, startServer, type TestServer, token } from './harness.ts'

vi.setConfig({ testTimeout: 60_000 })

const permissions = ['serve:http', 'serve:public']
const open = { public: ['/*'] }
const plugin = (
  source: string,
  changes: Record<string, unknown> = {},
  files: Record<string, string> = {},
) => ({
  'manifest.json': manifest({ permissions, http: open, ...changes }),
  'index.js': source,
  ...files,
})
const ask = (host: TestServer, path: string, init: RequestInit = {}) =>
  fetch(`${host.url}/plugins/probe${path}`, {
    redirect: 'manual',
    ...init,
    headers: { authorization: `Bearer ${token}`, ...init.headers },
  })
const hostOf = (host: TestServer) => new URL(host.url).host
const echo = `module.exports = { onHttpRequest: (request) => ({ body: request }) }`

it('never shows a plugin cookies, tokens or what a proxy says about a person', async () => {
  await using host = await startServer()
  await host.add(plugin(echo))
  const cookie = await signIn(host)
  const secrets = {
    cookie: `${cookie}; other=c00kie`,
    authorization: `Bearer ${token}`,
    'proxy-authorization': 'Basic pr0xy',
    'x-forwarded-for': '9.9.9.9',
    'x-forwarded-user': 'ada-f0rwarded',
    'x-auth-request-access-token': 'auth-t0ken',
    'x-remote-user': 'rem0te',
    'x-csrf-token': 'csrf-t0ken',
    'X-Real-IP': '8.8.8.8',
  }
  const path = `/plugins/probe/?access_token=${token}&accessToken=${token}&ok=1`
  const { text, status } = await raw(host, path, { headers: { host: hostOf(host), ...secrets } })
  expect(status).toBe(200)
  expect(JSON.parse(text).query).toEqual({ ok: '1' })
  for (const secret of [
    token,
    cookie.split('=')[1]!,
    'c00kie',
    'pr0xy',
    'f0rwarded',
    't0ken',
    'rem0te',
    '9.9.9.9',
    '8.8.8.8',
  ]) {
    expect(text).not.toContain(secret)
  }
})

it('lets no answer set cookies or loosen the wall around it', async () => {
  await using host = await startServer()
  const hostile = {
    'set-cookie': 'mortise_session=stolen',
    'content-security-policy': 'default-src *',
    'content-security-policy-report-only': 'default-src *',
    'access-control-allow-credentials': 'true',
    'service-worker-allowed': '/',
    'clear-site-data': '"*"',
    'strict-transport-security': 'max-age=1',
    'x-frame-options': 'ALLOWALL',
    'x-content-type-options': 'off',
    'cross-origin-opener-policy': 'unsafe-none',
    'permissions-policy': 'camera=*',
    'transfer-encoding': 'chunked',
    'content-length': '1',
    connection: 'upgrade',
    refresh: '0;url=https://evil.example',
    link: '<https://evil.example>; rel=preconnect',
    'www-authenticate': 'Basic',
  }
  await host.add(
    plugin(
      `module.exports = { onHttpRequest: () => ({ headers: ${JSON.stringify(hostile)}, body: '<p>whole' }) }`,
    ),
  )
  const answer = await ask(host, '/')
  expect(await answer.text()).toBe('<p>whole')
  for (const name of [
    'set-cookie',
    'content-security-policy-report-only',
    'access-control-allow-credentials',
    'service-worker-allowed',
    'clear-site-data',
    'strict-transport-security',
    'refresh',
    'link',
    'www-authenticate',
  ]) {
    expect([name, answer.headers.get(name)]).toEqual([name, null])
  }
  expect(answer.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'.*sandbox allow-scripts allow-forms$/,
  )
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect(answer.headers.get('x-frame-options')).toBe('DENY')
  expect(answer.headers.get('permissions-policy')).toContain('camera=()')
})

const noAnswers: [name: string, expression: string][] = [
  ['a status that is none', `({ status: 99 })`],
  ['a status that is a switch', `({ status: 101 })`],
  ['a status that is no number', `({ status: { valueOf() { throw 1 } } })`],
  [
    'a hundred headers',
    `({ headers: Object.fromEntries(Array.from({ length: 100 }, (_, i) => ['vary' + i, 'x'])) })`,
  ],
  ['a header of 9 kB', `({ headers: { etag: 'x'.repeat(9000) } })`],
  ['a redirect to another site', `({ status: 302, headers: { location: 'https://evil.example/' } })`],
  ['a redirect into the console', `({ status: 302, headers: { location: '/api/v1/auth/sign-out' } })`],
  ['a redirect beside itself', `({ status: 302, headers: { location: '../other/' } })`],
  ['a redirect without a scheme', `({ status: 302, headers: { location: '//evil.example' } })`],
  ['a redirect to a script', `({ status: 302, headers: { location: 'javascript:alert(1)' } })`],
  ['a body that throws', `({ get body() { throw new Error('no') } })`],
  ['a body in a circle', `(() => { const a = {}; a.a = a; return { body: a } })()`],
  ['a body with a secret inside the error', `(() => { throw new Error('hunter2') })()`],
  ['a number', `7`],
  ['a function', `() => 7`],
  ['a rejected promise', `Promise.reject(null)`],
  [
    'a header with a line break',
    `(Headers.prototype.entries = function* () { yield ['etag', 'x\\r\\nset-cookie: a=b'] }, { headers: {} })`,
  ],
]

it('answers 502 for what is no answer, and shows nothing of it', async () => {
  await using host = await startServer()
  const handlers = noAnswers.map(([, expression], index) => `'/${index}': () => (${expression})`)
  await host.add(plugin(`module.exports = { routes: { ${handlers.join(',\n')} } }`))
  for (const [index, [name]] of noAnswers.entries()) {
    const answer = await ask(host, `/${index}`)
    const text = await answer.text()
    expect([name, answer.status]).toEqual([name, 502])
    expect(JSON.parse(text).code).toMatch(/^PLUGIN_(THREW|ANSWER_INVALID)$/)
    expect(text).not.toMatch(/hunter2|index\.js|evil|set-cookie/)
    expect(answer.headers.get('set-cookie')).toBeNull()
  }
  expect((await host.api('GET', '/plugins/probe')).body.strikes).toBe(0)
})

it('follows a redirect to itself and to hosts it was granted', async () => {
  await using host = await startServer()
  await host.add(
    plugin(
      `module.exports = { onHttpRequest: ({ query }) => ({ status: 303, headers: { location: query.to } }) }`,
      { configSchema: { type: 'object', properties: { idp: { type: 'string', format: 'uri' } } } },
    ),
    { config: { idp: 'https://login.example/' }, hosts: ['login.example'] },
  )
  const to = async (target: string) => {
    const answer = await ask(host, `/?to=${encodeURIComponent(target)}`)
    return answer.headers.get('location')
  }
  expect(await to('done?x=1')).toBe(`${host.url}/plugins/probe/done?x=1`)
  expect(await to('https://login.example/oauth')).toBe('https://login.example/oauth')
  expect(await to('http://login.example/')).toBeNull()
  expect(await to('https://login.example@evil.example/')).toBeNull()
  expect(await to('https://user:pass@login.example/')).toBeNull()
})

it('refuses an answer of 13 MiB, and goes on', async () => {
  await using host = await startServer()
  await host.add(
    plugin(`module.exports = { onHttpRequest: ({ query }) => ({ body: new Uint8Array(Number(query.n)) }) }`),
  )
  const size = async (mib: number) => {
    const answer = await ask(host, `/?n=${mib * 1024 * 1024}`)
    const bytes = await answer.arrayBuffer()
    return [
      answer.status,
      bytes.byteLength > 1000 ? bytes.byteLength : JSON.parse(Buffer.from(bytes).toString()).code,
    ]
  }
  expect(await size(13)).toEqual([502, 'PLUGIN_ANSWER_INVALID'])
  expect(await size(10)).toEqual([200, 10 * 1024 * 1024])
  for (let round = 0; round < 5; round++) expect((await size(13))[0]).toBe(502)
  expect((await host.api('GET', '/plugins/probe')).body).toMatchObject({ strikes: 0, status: 'active' })
})

it('refuses a body past 1 MiB before the plugin sees it', async () => {
  await using host = await startServer()
  await host.add(
    plugin(
      `module.exports = { onHttpRequest: (request) => { console.log('asked'); return { body: String(request.body.length) } } }`,
    ),
  )
  expect(await (await ask(host, '/', { method: 'POST', body: 'x'.repeat(1024 * 1024) })).text()).toBe(
    String(1024 * 1024),
  )
  const answer = await ask(host, '/', { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) })
  expect([answer.status, await codeOf(answer)]).toEqual([413, 'PAYLOAD_TOO_LARGE'])
  const { body } = await host.api('GET', '/plugins/probe/logs')
  expect(body.logs).toHaveLength(1)
})

it('stops a handler that spins, counts a strike, and answers 504', async () => {
  await using host = await startServer()
  await host.add(
    plugin(
      `module.exports = { onHttpRequest({ path }) { while (path === '/spin'); return { body: 'well' } } }`,
    ),
  )
  await host.add({ 'manifest.json': manifest({ name: 'other', permissions, http: open }), 'index.js': echo })
  const spin = ask(host, '/spin')
  const other = await fetch(`${host.url}/plugins/other/`)
  expect(other.status).toBe(200)
  const answer = await spin
  expect([answer.status, await codeOf(answer)]).toEqual([504, 'PLUGIN_TIMEOUT'])
  expect((await host.api('GET', '/plugins/probe')).body.strikes).toBe(1)
  expect(await (await ask(host, '/')).text()).toBe('well')
})

it('gives up on a handler that never answers, without a strike', async () => {
  await using host = await startServer({ answerMs: 500 })
  await host.add(plugin(`module.exports = { onHttpRequest: () => new Promise(() => {}) }`))
  const answer = await ask(host, '/')
  expect([answer.status, await codeOf(answer)]).toEqual([504, 'PLUGIN_TIMEOUT'])
  expect((await host.api('GET', '/plugins/probe')).body).toMatchObject({ strikes: 0, status: 'active' })
})

it('takes so many requests at once and no more', async () => {
  await using host = await startServer({ answerMs: 4000 })
  await host.add(
    plugin(`let free; const gate = new Promise((resolve) => { free = resolve })
      module.exports = { async onHttpRequest({ path }) { if (path === '/free') free(); else await gate; return { body: 'ok' } } }`),
  )
  const waiting = Array.from({ length: 40 }, () => ask(host, '/wait'))
  const first = await Promise.race(waiting)
  expect([first.status, await codeOf(first)]).toEqual([503, 'PLUGIN_UNAVAILABLE'])
  const statuses = (await Promise.all(waiting)).map(({ status }) => status)
  expect(statuses.filter((status) => status === 503)).toHaveLength(8)
})

it('slows down whoever floods a public address', async () => {
  let time = Date.parse('2026-01-01T00:00:00Z')
  await using host = await startServer({ now: () => new Date(time) })
  await host.add(plugin(`module.exports = { onHttpRequest: () => ({ body: 'ok' }) }`))
  const send = async (count: number) => {
    const statuses: number[] = []
    // Fewer at once than a plugin takes.
    for (let left = count; left > 0; left -= 20) {
      const answers = Array.from({ length: Math.min(20, left) }, () => fetch(`${host.url}/plugins/probe/`))
      statuses.push(...(await Promise.all(answers)).map(({ status }) => status))
    }
    return statuses.filter((status) => status === 429).length
  }
  expect(await send(200)).toBe(0)
  const late = await fetch(`${host.url}/plugins/probe/`)
  expect([late.status, await codeOf(late), late.headers.get('retry-after')]).toEqual([
    429,
    'RATE_LIMITED',
    '1',
  ])
  expect((await host.api('GET', '/plugins/probe')).status).toBe(200)
  time += 1000
  expect(await send(130)).toBe(30)
})

it('counts a cookie only where the page that asks is the console', async () => {
  await using host = await startServer()
  await host.add(plugin(echo))
  const cookie = await signIn(host)
  const who = async (headers: Record<string, string>, method = 'GET') => {
    const { text } = await raw(host, '/plugins/probe/', {
      method,
      headers: { host: hostOf(host), cookie, ...headers },
    })
    return JSON.parse(text).authenticated
  }
  expect(await who({})).toBe(true)
  expect(await who({ 'sec-fetch-site': 'same-origin' })).toBe(true)
  expect(await who({ 'sec-fetch-site': 'none' })).toBe(true)
  expect(await who({ 'sec-fetch-site': 'same-origin', origin: host.url }, 'POST')).toBe(true)
  expect(await who({ 'sec-fetch-site': 'cross-site' })).toBe(false)
  expect(await who({ 'sec-fetch-site': 'same-site' })).toBe(false)
  expect(await who({ origin: 'null' })).toBe(false)
  expect(await who({ origin: 'https://evil.example' }, 'POST')).toBe(false)
  expect(await who({}, 'POST')).toBe(false)
  expect(await who({ authorization: 'Bearer wrong' })).toBe(false)
})

it('gives the console no code or style from the address of a plugin, and no service worker', async () => {
  await using host = await startServer()
  await host.add(plugin(echo, {}, { 'public/evil.js': 'alert(1)' }))
  const status = async (headers: Record<string, string>) =>
    (await raw(host, '/plugins/probe/evil.js', { headers: { host: hostOf(host), ...headers } })).status
  const own = { 'sec-fetch-site': 'same-origin' }
  for (const use of [
    'script',
    'style',
    'worker',
    'sharedworker',
    'serviceworker',
    'object',
    'embed',
    'iframe',
    'font',
  ]) {
    expect([use, await status({ ...own, 'sec-fetch-dest': use })]).toEqual([use, 403])
  }
  expect(await status({ 'service-worker': 'script' })).toBe(403)
  expect(await status({ ...own, 'sec-fetch-dest': 'empty' })).toBe(200)
  // The plugin's own page is another origin, whatever its address says.
  expect(await status({ 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'script' })).toBe(200)
})

it('lets other sites in only where strangers may ask and the plugin says so', async () => {
  await using host = await startServer()
  const cors = `{ 'access-control-allow-origin': '*', 'access-control-allow-credentials': 'true' }`
  await host.add(
    plugin(`module.exports = { onHttpRequest: () => ({ headers: ${cors}, body: 'ok' }) }`, {
      http: { public: ['/open'] },
    }),
  )
  expect((await ask(host, '/open')).headers.get('access-control-allow-origin')).toBe('*')
  expect((await ask(host, '/closed')).headers.get('access-control-allow-origin')).toBeNull()
  const preflight = await fetch(`${host.url}/plugins/probe/closed`, { method: 'OPTIONS' })
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, null])
})

it('tells strangers the same of every address, whether there is a plugin or not', async () => {
  await using host = await startServer()
  await host.add(plugin(echo, { http: {} }))
  const told = async (path: string) => {
    const answer = await fetch(`${host.url}${path}`)
    return [answer.status, await answer.text()]
  }
  expect(await told('/plugins/probe/x')).toEqual(await told('/plugins/no-such-plugin/x'))
  expect((await told('/plugins/probe/x'))[0]).toBe(401)
})

it('serves no file from outside its folder', async () => {
  await using host = await startServer()
  await host.add(
    plugin(
      `module.exports = {}`,
      {},
      {
        'public/a.txt': 'a',
        'public/.env': 'SECRET',
        'public/.git/config': 'SECRET',
        'secret.txt': 'SECRET',
        'public-other/b.txt': 'SECRET',
      },
    ),
  )
  const folder = join(host.dataDir, 'plugins/probe/1.0.0/public')
  const outside = join(host.dataDir, 'outside.txt')
  await writeFile(outside, 'SECRET')
  await symlink(outside, join(folder, 'link.txt'))
  await symlink(host.dataDir, join(folder, 'up'))
  const paths = [
    '/.env',
    '/%2eenv',
    '/.git/config',
    '/link.txt',
    '/up/outside.txt',
    '/up/admin-token',
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '/a.txt/../../secret.txt',
    '//etc/passwd',
    '/%2fetc/passwd',
    '/../public-other/b.txt',
    '/index.js',
    '/manifest.json',
    '/a.txt%00',
    '/a.txt/',
    '/%c0%ae%c0%ae/secret.txt',
  ]
  for (const path of paths) {
    const answer = await raw(host, `/plugins/probe${path}`, {
      headers: { host: hostOf(host), authorization: `Bearer ${token}` },
    })
    expect([path, [400, 404].includes(answer.status)]).toEqual([path, true])
    expect(answer.text).not.toContain('SECRET')
  }
  expect(await (await fetch(`${host.url}/plugins/probe/a.txt`)).text()).toBe('a')
})

it('answers for plugins at no other host name', async () => {
  await using host = await startServer()
  await host.add(plugin(echo))
  const { port } = new URL(host.url)
  for (const name of [`probe.localhost:${port}`, 'evil.example']) {
    const answer = await raw(host, '/plugins/probe/', {
      headers: { host: name, authorization: `Bearer ${token}` },
    })
    expect([name, answer.status]).toEqual([name, 403])
  }
})
