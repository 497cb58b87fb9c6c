import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CatalogPlugin, CatalogTheme, ThemeRecord } from '@mortise/contract'
import { composeTheme, declarationsIn, themeRules } from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import { describe, expect, it } from 'vitest'
import { makeDataDir, startServer, type TestServer } from './harness.ts'

const catalog = join(import.meta.dirname, '../../../examples')
const midnight = { plugin: 'theme-midnight', id: 'midnight' }
const css = async (host: TestServer, headers: Record<string, string> = {}) =>
  (await fetch(`${host.url}/theme.css`, { headers })).text()

/** What a record sets in a context. */
const shown = ({ rules }: ThemeRecord, context: Record<string, string> = {}) =>
  Object.fromEntries(declarationsIn(rules, { mode: 'light', contrast: 'normal', ...context }))

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
  expect(shown(body, { mode: 'dark' })['color-scheme']).toBe('dark')
  expect(body.builtIn).toEqual(body.rules)
})

it('keeps the chosen theme of a person over a restart, and tells the feed', async () => {
  await using first = await startServer({ catalog })
  const before = (await first.api('GET', '/theme')).body
  await install(first, 'theme-midnight')
  const chosen = await first.api('PUT', '/theme', { theme: midnight, mode: 'dark' })
  expect(chosen.body).toMatchObject({ theme: midnight, mode: 'dark', contrast: 'system' })
  expect(shown(chosen.body)).not.toEqual(shown(before, { mode: 'dark' }))
  expect(chosen.body.builtIn).not.toEqual(chosen.body.rules)
  expect((await first.api('GET', '/events?limit=1')).body.events[0].event).toMatchObject({
    event_type: 'theme.changed',
    data: { theme: midnight, mode: 'dark' },
  })
  await first.server.close()

  await using second = await startServer({ dataDir: first.dataDir, catalog })
  expect((await second.api('GET', '/theme')).body).toEqual(chosen.body)
  const authorization = 'Bearer token-of-the-tests'
  const page = `--m-color-surface-page:${shown(chosen.body)['--m-color-surface-page']}`
  expect(await css(second, { authorization })).toContain(page)
  expect(await css(second)).not.toContain(page)
})

describe('a theme of the catalog', () => {
  const files = (document: unknown) => ({
    'manifest.json': JSON.stringify({
      name: 'theme-far',
      version: '1.0.0',
      displayName: 'Far',
      description: 'Not installed.',
      type: 'theme',
      author: 'Test',
      permissions: [],
      entrypoints: { theme: 'theme.tokens.json' },
    }),
    'theme.tokens.json': typeof document === 'string' ? document : JSON.stringify(document),
  })
  const look = async (all: Record<string, string>) => {
    const folder = await makeDataDir()
    await mkdir(join(folder, 'theme-far'))
    for (const [name, text] of Object.entries(all)) await writeFile(join(folder, 'theme-far', name), text)
    await using host = await startServer({ catalog: folder })
    return await host.api('GET', '/plugins/catalog/theme-far/themes')
  }

  it('is listed with its name, and answers the token files that the engine composes it from', async () => {
    await using host = await startServer({ catalog })
    const { plugins } = (await host.api('GET', '/plugins/catalog')).body
    const listed = (plugins as CatalogPlugin[]).filter(({ themes }) => themes.length > 0)
    expect(listed.length).toBeGreaterThanOrEqual(6)
    for (const { name, themes } of listed) {
      const { status, body } = await host.api('GET', `/plugins/catalog/${name}/themes`)
      expect(status).toBe(200)
      expect(body.themes.map(({ id }: CatalogTheme) => id)).toEqual(themes.map(({ id }) => id))
      for (const { source } of body.themes as CatalogTheme[]) {
        const theme = composeTheme(baseSource, source)
        expect(theme.diagnostics).toEqual([])
        expect(themeRules(theme)).not.toEqual(themeRules(composeTheme(baseSource)))
      }
    }
    // Looking installs nothing.
    expect((await host.api('GET', '/plugins')).body.plugins).toEqual([])
  })

  it('is looked at without its other files, and where there is no theme nothing is', async () => {
    const { body } = await look(files({ own: { $type: 'number', $value: 1 } }))
    expect(body.themes).toEqual([
      {
        id: 'theme-far',
        source: { document: { own: { $type: 'number', $value: 1 } }, file: 'theme.tokens.json', files: {} },
        pictures: {},
      },
    ])
    await using host = await startServer({ catalog })
    expect((await host.api('GET', '/plugins/catalog/slack-notifications/themes')).body).toEqual({
      themes: [],
    })
  })

  it.each([
    ['is not JSON', '{', 400, 'TOKEN_FILE_INVALID'],
    [
      'names a file that is not there',
      JSON.stringify({ resolutionOrder: [{ $ref: './gone.json' }] }),
      400,
      'TOKEN_FILE_INVALID',
    ],
    ['is larger than a preview needs', JSON.stringify('x'.repeat(1_000_001)), 413, 'PAYLOAD_TOO_LARGE'],
  ])('is refused where it %s', async (_name, text, status, code) => {
    const answer = await look(files(text))
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  it('is refused where a link leads out of its folder', async () => {
    const folder = await makeDataDir()
    await mkdir(join(folder, 'theme-far'))
    for (const [name, text] of Object.entries(files({})))
      await writeFile(join(folder, 'theme-far', name), text)
    await rm(join(folder, 'theme-far/theme.tokens.json'))
    await symlink('/etc/hostname', join(folder, 'theme-far/theme.tokens.json'))
    await using host = await startServer({ catalog: folder })
    const answer = await host.api('GET', '/plugins/catalog/theme-far/themes')
    expect([answer.status, answer.body.code]).toEqual([400, 'PACKAGE_INVALID'])
  })
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
  expect(shown(body)).not.toEqual(shown(body, { mode: 'dark' }))
})

it('repairs the contrast of a theme for whoever asks, until they choose another', async () => {
  await using host = await startServer({ catalog })
  const faint = { color: { text: { muted: { $type: 'color', $value: '#b0a89c' } } } }
  const manifest = JSON.parse(await readFile(join(catalog, 'theme-midnight/manifest.json'), 'utf8'))
  await host.add({ 'manifest.json': JSON.stringify(manifest), 'theme.tokens.json': JSON.stringify(faint) })
  const muted = (record: ThemeRecord) => shown(record)['--m-color-text-muted']
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

it('takes what a person chose before what the host prefers, and that before the system', async () => {
  const appearance = {
    theme: { plugin: 'theme-paper', id: 'paper' },
    mode: 'dark',
    density: 'compact',
  } as const
  await using host = await startServer({ catalog, appearance })
  await install(host, 'theme-paper')
  await install(host, 'theme-midnight')
  const preferred = (await host.api('GET', '/theme')).body
  expect(preferred).toMatchObject({ ...appearance, contrast: 'system', motion: 'system' })
  expect(await css(host)).toContain(shown(preferred)['--m-color-surface-page'])

  const light = (await host.api('PUT', '/theme', { mode: 'light' })).body
  expect(light).toMatchObject({ ...appearance, mode: 'light' })
  expect(shown(light, { mode: 'dark' })['color-scheme']).toBe('light')
  const system = (await host.api('PUT', '/theme', { mode: 'system', theme: midnight })).body
  expect(system).toMatchObject({ mode: 'system', theme: midnight, density: 'compact' })
  expect(system.rules.some(({ when }: { when: object }) => 'density' in when)).toBe(false)
  expect(shown(system)['--m-size-row']).not.toBe(
    shown((await host.api('PUT', '/theme', { density: 'cosy' })).body)['--m-size-row'],
  )
})

it('reads a theme for a part of the page, in the parts the person chose', async () => {
  await using host = await startServer({ catalog })
  await install(host, 'theme-paper')
  const scope = (query: string) => host.api('GET', `/theme/scope?${query}`)
  const paper = (await scope('plugin=theme-paper&id=paper')).body
  expect(shown(paper)).not.toEqual(shown((await scope('')).body))
  expect(shown(paper)['color-scheme']).toBe('light')
  await host.api('PUT', '/theme', { mode: 'dark' })
  expect(shown((await scope('plugin=theme-paper&id=paper')).body)['color-scheme']).toBe('dark')
  expect(shown((await scope('plugin=theme-paper&id=paper&mode=light')).body)).toEqual(shown(paper))
  expect(await scope('plugin=theme-gone&id=x')).toMatchObject({ status: 404 })
  expect(await scope('mode=sepia')).toMatchObject({ status: 400 })
  await host.api('POST', '/plugins/theme-paper/disable')
  expect(await scope('plugin=theme-paper&id=paper')).toMatchObject({ status: 409 })
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
  const text = await css(host, { authorization: 'Bearer token-of-the-tests' })
  for (const printed of [text, JSON.stringify(body)]) expect(printed).not.toMatch(/}body{|<script|url\(/)
})
