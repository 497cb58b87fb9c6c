import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { workerDocument, workerDocumentScript } from '@mortise/contract'
import { expect, it } from 'vitest'
import { makeDataDir, manifest, packFiles, raw, startServer, type TestServer } from './harness.ts'

const contributes = { widgets: [{ id: 'list', title: 'List', slot: 'dashboard.main' }] }
const federated = 'const a = {}, b = {}\nexport{a as get,b as init}'
const extension = (changes: Record<string, unknown> = {}) => ({
  'manifest.json': manifest({
    type: 'extension',
    entrypoints: { ui: 'dist/remote.js' },
    contributes,
    ...changes,
  }),
  'dist/remote.js': federated,
})

function get(host: TestServer, path: string, name?: string) {
  const { port } = new URL(host.url)
  return new Promise<{ status: number; headers: Record<string, string>; text: string }>((resolve, reject) => {
    const headers = { host: `${name ?? 'localhost'}:${port}` }
    httpRequest({ host: '127.0.0.1', port, path, headers }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers as Record<string, string>,
          text,
        }),
      )
    })
      .on('error', reject)
      .end()
  })
}

const directives = (policy: string | undefined) =>
  Object.fromEntries(
    (policy ?? '').split('; ').map((part) => [part.split(' ')[0], part.split(' ').slice(1).join(' ')]),
  )

it('tells the console where and how a plugin draws', async () => {
  await using host = await startServer()
  const worker = await host.add(extension())
  const { port } = new URL(host.url)
  expect(worker.ui).toMatchObject({
    surface: 'worker',
    sandboxUrl: `${host.url}/sandbox/probe/1.0.0/worker.html`,
    apartUrl: `http://probe.localhost:${port}/sandbox/probe/1.0.0/worker.html`,
    entryUrl: `${host.url}/plugin-files/probe/1.0.0/dist/remote.js`,
    format: 'federation',
    widgets: [{ id: 'list', slot: 'dashboard.main', order: 100 }],
  })
  const frame = await host.add({
    ...extension({ name: 'chart', surface: 'frame' }),
    'dist/remote.js': 'export default 1',
  })
  expect(frame.ui).toMatchObject({
    surface: 'frame',
    sandboxUrl: `http://chart.localhost:${port}/sandbox/chart/1.0.0/frame.html`,
    format: 'module',
  })
})

it.each(['worker', 'frame'] as const)('walls a %s document in with its headers', async (surface) => {
  await using host = await startServer()
  await host.add(extension({ surface }))
  const name = surface === 'frame' ? 'probe.localhost' : 'localhost'
  const { status, headers, text } = await get(host, `/sandbox/probe/1.0.0/${surface}.html`, name)
  expect(status).toBe(200)
  const files = `${host.url}/plugin-files/probe/1.0.0/`
  // The code of a worker comes from the page: its document loads nothing but the plugin.
  const scripts = surface === 'worker' ? workerDocumentScript : `${host.url}/sandbox-assets/`
  const policy = directives(headers['content-security-policy'])
  expect(policy).toMatchObject({
    'default-src': `'none'`,
    'script-src': `${scripts} ${files}`,
    ...(surface === 'worker' && { 'worker-src': `blob: ${files}` }),
    'form-action': `'none'`,
    'base-uri': `'none'`,
    'frame-ancestors': host.url,
    sandbox: 'allow-scripts',
  })
  expect(headers['content-security-policy']).not.toMatch(/unsafe|nonce|allow-same-origin|\*/)
  expect(headers['connection-allowlist']).toBe(
    surface === 'worker'
      ? `(response-origin "${files}*")`
      : `(response-origin "${host.url}/sandbox-assets/*" "${files}*")`,
  )
  expect(headers['permissions-policy']).toContain('camera=()')
  expect(headers['x-content-type-options']).toBe('nosniff')
  const frameScript = `<script type="module" crossorigin src="${host.url}/sandbox-assets/frame.js"></script>`
  if (surface === 'worker') expect(text).toBe(workerDocument)
  else expect(text).toContain(frameScript)
})

it('allows the one script that is in the document of a worker', () => {
  const [, script = ''] = /<script>(.*)<\/script>/s.exec(workerDocument) ?? []
  expect(script).toContain('new Worker')
  expect(workerDocumentScript).toBe(`'sha256-${createHash('sha256').update(script).digest('base64')}'`)
})

it('opens a host to the document only when it was granted', async () => {
  await using host = await startServer()
  const added = await host.upload(packFiles(extension({ network: { allowedHosts: ['api.example.com'] } })))
  expect(added.body).toMatchObject({
    status: 'awaiting-approval',
    hosts: [{ host: 'api.example.com', origin: 'manifest', decision: 'pending' }],
  })
  const connect = async () =>
    directives((await get(host, '/sandbox/probe/1.0.0/worker.html')).headers['content-security-policy'])[
      'connect-src'
    ]
  expect((await get(host, '/sandbox/probe/1.0.0/worker.html')).status).toBe(409)
  const grant = (yes: boolean) =>
    host.api('PUT', '/plugins/probe/grants', {
      permissions: { 'read:sessions': true },
      hosts: { 'api.example.com': yes },
    })
  expect((await grant(false)).body).toMatchObject({ status: 'disabled' })
  await host.api('POST', '/plugins/probe/enable')
  expect(await connect()).not.toContain('example.com')
  await grant(true)
  expect(await connect()).toContain('https://api.example.com')
  await grant(false)
  expect(await connect()).not.toContain('example.com')
})

it.each(['worker', 'frame'] as const)(
  'changes no header of a %s for a permission, and for a host only what lets requests to it pass',
  async (surface) => {
    await using host = await startServer()
    const allowedHosts = ['api.example.com', '*.cdn.example:8443']
    await host.add(extension({ surface, network: { allowedHosts } }), { network: allowedHosts })
    const headersWith = async (permission: boolean, granted: readonly string[]) => {
      await host.api('PUT', '/plugins/probe/grants', {
        permissions: { 'read:sessions': permission },
        hosts: Object.fromEntries(allowedHosts.map((name) => [name, granted.includes(name)])),
      })
      const { headers } = await get(host, `/sandbox/probe/1.0.0/${surface}.html`)
      const names = ['content-security-policy', 'content-security-policy-report-only', 'permissions-policy']
      const own = Object.fromEntries(
        [...names, 'connection-allowlist', 'referrer-policy'].map((name) => [name, headers[name] ?? '']),
      )
      return JSON.stringify(own).replace(/sandbox-reports\/[\w.-]+/, 'sandbox-reports/…')
    }
    const bare = await headersWith(false, [])
    expect(await headersWith(true, [])).toBe(bare)
    for (const name of allowedHosts) {
      const open = await headersWith(true, [name])
      const opened = [` https://${name} wss://${name}`, ` \\"https://${name}/*\\"`]
      expect(opened.reduce((text, part) => text.replace(part, ''), open)).toBe(bare)
      expect(open.length - bare.length).toBe(opened.join('').length)
    }
    expect(await headersWith(false, [])).toBe(bare)
  },
)

it('writes no header from a host that is not one', async () => {
  await using host = await startServer()
  const evil = "evil.example; script-src 'unsafe-eval'"
  await host.upload(packFiles(extension({ network: { allowedHosts: [evil] } })))
  const grants = { permissions: { 'read:sessions': true }, hosts: { [evil]: true } }
  await host.api('PUT', '/plugins/probe/grants', grants)
  await host.api('POST', '/plugins/probe/enable')
  const { status, headers } = await get(host, '/sandbox/probe/1.0.0/worker.html')
  expect(status).toBe(200)
  expect(JSON.stringify(headers)).not.toContain('evil')
})

it('serves files of a package to opaque origins, as data that no page of ours would run', async () => {
  await using host = await startServer()
  await host.add({ ...extension(), 'page.html': '<script>alert(1)</script>' })
  const script = await get(host, '/plugin-files/probe/1.0.0/dist/remote.js')
  expect(script).toMatchObject({ status: 200, text: federated })
  expect(script.headers).toMatchObject({
    'access-control-allow-origin': '*',
    'content-type': 'text/javascript; charset=utf-8',
    'content-security-policy': `sandbox; default-src 'none'`,
    'x-content-type-options': 'nosniff',
  })
  expect(script.headers['cache-control']).toContain('immutable')
  const page = await get(host, '/plugin-files/probe/1.0.0/page.html')
  expect(page.headers['content-security-policy']).toBe(`sandbox; default-src 'none'`)
})

it("serves no sandbox document of one plugin on another's host, nor of another version", async () => {
  await using host = await startServer()
  await host.add(extension({ surface: 'frame' }))
  await host.add(extension({ name: 'other', surface: 'frame' }))
  expect((await get(host, '/sandbox/probe/1.0.0/frame.html', 'other.localhost')).status).toBe(404)
  expect((await get(host, '/sandbox/probe/2.0.0/frame.html', 'probe.localhost')).status).toBe(404)
  expect((await get(host, '/sandbox/probe/1.0.0/evil.html', 'probe.localhost')).status).toBe(404)
})

it('serves frames at the names that the operator chose', async () => {
  const publicUrl = 'https://mortise.example.com'
  await using host = await startServer({ publicUrl, frameOrigin: 'https://{plugin}.plugins.example.com' })
  const frame = await host.add(extension({ surface: 'frame' }))
  expect(frame.ui).toMatchObject({
    sandboxUrl: 'https://probe.plugins.example.com/sandbox/probe/1.0.0/frame.html',
    entryUrl: `${publicUrl}/plugin-files/probe/1.0.0/dist/remote.js`,
  })
  const at = (name: string) => raw(host, '/sandbox/probe/1.0.0/frame.html', { headers: { host: name } })
  const { status, headers } = await at('probe.plugins.example.com')
  expect(status).toBe(200)
  expect(directives(headers['content-security-policy'] as string)).toMatchObject({
    'script-src': `${publicUrl}/sandbox-assets/ ${publicUrl}/plugin-files/probe/1.0.0/`,
    'frame-ancestors': publicUrl,
  })
  expect((await at('other.plugins.example.com')).status).toBe(404)
  expect((await at('probe.localhost')).status).toBe(403)
})

it('has a worker share its process where plugins have no hosts of their own', async () => {
  await using host = await startServer({ publicUrl: 'https://mortise.example.com' })
  const { ui } = await host.add(extension())
  expect(ui).toMatchObject({
    sandboxUrl: 'https://mortise.example.com/sandbox/probe/1.0.0/worker.html',
  })
  expect(ui).not.toHaveProperty('apartUrl')
})

it('walls the document of a worker in as well on a host of its own', async () => {
  await using host = await startServer()
  await host.add(extension())
  const path = '/sandbox/probe/1.0.0/worker.html'
  const [apart, shared] = await Promise.all([get(host, path, 'probe.localhost'), get(host, path)])
  expect(apart.status).toBe(200)
  const walls = ({ headers }: typeof apart) => [
    headers['content-security-policy'],
    headers['connection-allowlist'],
    headers['permissions-policy'],
  ]
  expect(walls(apart)).toEqual(walls(shared))
})

it('serves the console with a policy that has nothing unsafe in it', async () => {
  const folder = await makeDataDir()
  await mkdir(join(folder, 'sandbox-assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Console</title>')
  await writeFile(join(folder, 'sandbox-assets/worker-realm.js'), 'export {}')
  await using host = await startServer({ console: folder })
  const page = await get(host, '/installed/probe')
  expect(page).toMatchObject({ status: 200, text: '<!doctype html><title>Console</title>' })
  const [first, second] = String(page.headers['content-security-policy']).split(', ')
  const policy = directives(first)
  const { port } = new URL(host.url)
  expect(policy['script-src']).toBe("'self'")
  expect(directives(second)).toEqual({ 'script-src': `${host.url}/assets/` })
  expect(policy['frame-src']).toBe(`${host.url}/sandbox/ http://*.localhost:${port}/sandbox/`)
  expect(page.headers['content-security-policy']).not.toContain('unsafe')
  const asset = await get(host, '/sandbox-assets/worker-realm.js')
  expect(asset.headers).toMatchObject({
    'access-control-allow-origin': '*',
    'x-content-type-options': 'nosniff',
  })
  const { etag } = asset.headers
  expect(asset.headers['cache-control']).toBe('no-cache')
  const known = await fetch(`${host.url}/sandbox-assets/worker-realm.js`, {
    headers: { 'if-none-match': String(etag) },
  })
  expect(known.status).toBe(304)
  await writeFile(join(folder, 'sandbox-assets/worker-realm.js'), 'export const newer = true')
  const newer = await fetch(`${host.url}/sandbox-assets/worker-realm.js`, {
    headers: { 'if-none-match': String(etag) },
  })
  expect([newer.status, await newer.text()]).toEqual([200, 'export const newer = true'])
  expect((await get(host, '/missing.js')).status).toBe(404)
  const elsewhere = await get(host, '/plugins', '127.0.0.1')
  expect(elsewhere).toMatchObject({ status: 302, headers: { location: `${host.url}/plugins` } })
})
