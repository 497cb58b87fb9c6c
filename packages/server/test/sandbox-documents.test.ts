import { mkdir, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeDataDir, manifest, packFiles, startServer, type TestServer } from './harness.ts'

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
  expect(worker.ui).toMatchObject({
    surface: 'worker',
    sandboxUrl: `${host.url}/sandbox/probe/1.0.0/worker.html`,
    entryUrl: `${host.url}/plugin-files/probe/1.0.0/dist/remote.js`,
    format: 'federation',
    widgets: [{ id: 'list', slot: 'dashboard.main', order: 100 }],
  })
  const frame = await host.add({
    ...extension({ name: 'chart', surface: 'frame' }),
    'dist/remote.js': 'export default 1',
  })
  const { port } = new URL(host.url)
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
  const scripts = `${host.url}/sandbox-assets/ ${host.url}/plugin-files/probe/1.0.0/`
  const policy = directives(headers['content-security-policy'])
  expect(policy).toMatchObject({
    'default-src': `'none'`,
    'script-src': scripts,
    'form-action': `'none'`,
    'base-uri': `'none'`,
    'frame-ancestors': host.url,
    sandbox: 'allow-scripts',
  })
  expect(headers['content-security-policy']).not.toMatch(/unsafe|nonce|allow-same-origin|\*/)
  expect(headers['connection-allowlist']).toBe(
    `(response-origin "${host.url}/sandbox-assets/*" "${host.url}/plugin-files/probe/1.0.0/*")`,
  )
  expect(headers['permissions-policy']).toContain('camera=()')
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(text).toContain(
    `<script type="module" crossorigin src="${host.url}/sandbox-assets/${surface}.js"></script>`,
  )
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

it('serves the console with a policy that has nothing unsafe in it', async () => {
  const folder = await makeDataDir()
  await mkdir(join(folder, 'sandbox-assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Console</title>')
  await writeFile(join(folder, 'sandbox-assets/worker.js'), 'export {}')
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
  const asset = await get(host, '/sandbox-assets/worker.js')
  expect(asset.headers).toMatchObject({
    'access-control-allow-origin': '*',
    'x-content-type-options': 'nosniff',
  })
  expect((await get(host, '/missing.js')).status).toBe(404)
  const elsewhere = await get(host, '/plugins', '127.0.0.1')
  expect(elsewhere).toMatchObject({ status: 302, headers: { location: `${host.url}/plugins` } })
})
