import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startServer, type TestServer } from './harness.ts'

const catalog = join(import.meta.dirname, '../../../examples')
const midnight = { plugin: 'theme-midnight', id: 'midnight' }
const css = async (host: TestServer, headers: Record<string, string> = {}) =>
  (await fetch(`${host.url}/theme.css`, { headers })).text()

async function install(host: TestServer, name: string): Promise<void> {
  await host.api('POST', '/plugins/install', { name })
  expect((await host.api('POST', `/plugins/${name}/enable`)).body).toMatchObject({ status: 'active' })
}

it('paints the built-in theme for whoever is not signed in', async () => {
  await using host = await startServer()
  const text = await css(host)
  expect(text).toContain('--m-color-surface-page:')
  const { body } = await host.api('GET', '/theme')
  expect(body).toMatchObject({ theme: null, mode: 'system', contrast: 'system' })
  expect(Object.keys(body.contexts)).toEqual(['light', 'dark', 'light-more', 'dark-more'])
})

it('keeps the chosen theme of a person over a restart, and tells the feed', async () => {
  await using first = await startServer({ catalog })
  const before = (await first.api('GET', '/theme')).body
  await install(first, 'theme-midnight')
  const chosen = await first.api('PUT', '/theme', { theme: midnight, mode: 'dark' })
  expect(chosen.body).toMatchObject({ theme: midnight, mode: 'dark', contrast: 'system' })
  expect(chosen.body.contexts.dark).not.toEqual(before.contexts.dark)
  expect((await first.api('GET', '/events?limit=1')).body.events[0].event).toMatchObject({
    event_type: 'theme.changed',
    data: { theme: midnight, mode: 'dark' },
  })
  await first.server.close()

  await using second = await startServer({ dataDir: first.dataDir, catalog })
  expect((await second.api('GET', '/theme')).body).toEqual(chosen.body)
  const authorization = 'Bearer token-of-the-tests'
  expect(await css(second, { authorization })).toContain(chosen.body.css)
  expect(await css(second)).not.toContain(chosen.body.css)
})

it('falls back to the built-in theme while the plugin of the chosen one is off', async () => {
  await using host = await startServer({ catalog })
  await install(host, 'theme-midnight')
  await host.api('PUT', '/theme', { theme: midnight })
  await host.api('POST', '/plugins/theme-midnight/disable')
  expect((await host.api('GET', '/theme')).body.theme).toBeNull()
  const refused = await host.api('PUT', '/theme', { theme: midnight })
  expect(refused).toMatchObject({ status: 409, body: { code: 'PLUGIN_NOT_RUNNING' } })
  await host.api('POST', '/plugins/theme-midnight/enable')
  expect((await host.api('GET', '/theme')).body.theme).toEqual(midnight)
})

it('reads a theme that is a resolver document with files beside it', async () => {
  await using host = await startServer({ catalog })
  await install(host, 'theme-paper')
  const { body } = await host.api('PUT', '/theme', { theme: { plugin: 'theme-paper', id: 'paper' } })
  expect(body.contexts.light).not.toEqual(body.contexts.dark)
})

it('repairs the contrast of a theme for whoever asks, until they choose another', async () => {
  await using host = await startServer({ catalog })
  const faint = { color: { text: { muted: { $type: 'color', $value: '#b0a89c' } } } }
  const manifest = JSON.parse(await readFile(join(catalog, 'theme-midnight/manifest.json'), 'utf8'))
  await host.add({ 'manifest.json': JSON.stringify(manifest), 'theme.tokens.json': JSON.stringify(faint) })
  const muted = ({ css }: { css: string }) => css.match(/--m-color-text-muted:([^;}]+)/)?.[1]
  const original = (await host.api('PUT', '/theme', { theme: midnight })).body
  expect(original).toMatchObject({ theme: midnight, repaired: false })
  expect(muted(original)).toBe('rgb(176 168 156)')
  const repaired = (await host.api('PUT', '/theme', { repaired: true })).body
  expect(repaired).toMatchObject({ theme: midnight, repaired: true })
  expect(muted(repaired)).not.toBe('rgb(176 168 156)')
  expect((await host.api('PUT', '/theme', { mode: 'light' })).body.repaired).toBe(true)
  expect((await host.api('PUT', '/theme', { theme: midnight })).body.repaired).toBe(false)
  expect((await host.api('PUT', '/theme', { theme: null, repaired: true })).body.repaired).toBe(false)
})

it('refuses a theme that nobody brings', async () => {
  await using host = await startServer({ catalog })
  await install(host, 'theme-midnight')
  const wrong = { plugin: 'theme-midnight', id: '../../secret' }
  expect(await host.api('PUT', '/theme', { theme: wrong })).toMatchObject({ status: 404 })
  expect(await host.api('PUT', '/theme', { mode: 'sepia' })).toMatchObject({
    status: 400,
    body: { issues: [{ pointer: '/mode' }] },
  })
})

it('prints values of a hostile theme as values, never as rules', async () => {
  await using host = await startServer()
  const hostile = '#fff}</style><script>alert(1)</script>body{background:url(https://evil.example)'
  const tokens = {
    color: { surface: { page: { $type: 'color', $value: hostile } } },
    font: {
      family: { sans: { $type: 'fontFamily', $value: ['x";}body{background:url(https://evil.example)}'] } },
    },
  }
  const manifest = JSON.parse(await readFile(join(catalog, 'theme-midnight/manifest.json'), 'utf8'))
  await host.add({ 'manifest.json': JSON.stringify(manifest), 'theme.tokens.json': JSON.stringify(tokens) })
  const { body } = await host.api('PUT', '/theme', { theme: midnight })
  expect(body.css).not.toContain('}body{')
  expect(body.css).not.toContain('<script')
  expect(body.css).not.toContain('url(')
})
