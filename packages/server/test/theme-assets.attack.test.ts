import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import { themeIconNames } from '@mortise/contract'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { faultOfAssets, faultOfFont, themeAssetLimits } from '../src/theme-assets.ts'
import { startServer, type TestServer } from './harness.ts'

const examples = join(import.meta.dirname, '../../../examples')
const good = readFileSync(join(examples, 'theme-paper/dist/fonts/newsreader-latin.woff2'))

/** A copy of the good font with something changed. */
function changed(change: (bytes: Buffer, view: DataView) => unknown): Buffer {
  const bytes = Buffer.from(good)
  change(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  return bytes
}

/** The good font with another stream in place of its own. */
function withStream(stream: Uint8Array): Buffer {
  const packed = good.readUInt32BE(20)
  const start = streamStart()
  const bytes = Buffer.concat([good.subarray(0, start), stream, good.subarray(start + packed)])
  bytes.writeUInt32BE(stream.length, 20)
  bytes.writeUInt32BE(bytes.length, 8)
  return bytes
}

function streamStart(): number {
  const packed = good.readUInt32BE(20)
  for (let at = 48; at < 400; at++) {
    try {
      if (brotliDecompressSync(good.subarray(at, at + packed)).length > good.length) return at
    } catch {
      // Not here.
    }
  }
  throw new Error('The font has no stream.')
}

describe('a font of a theme', () => {
  it('is taken where it is one subset in WOFF2', () => {
    expect(faultOfFont(good)).toBeUndefined()
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['something else', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'.padEnd(100)), /not a WOFF2/],
    ['nothing', Buffer.alloc(0), /not a WOFF2/],
    ['a header alone', good.subarray(0, 48), /another length/],
    ['a file cut off', good.subarray(0, 20_000), /another length/],
    ['a collection', changed((_, view) => view.setUint32(4, 0x74746366)), /collection/],
    ['a false length', changed((_, view) => view.setUint32(8, 10)), /another length/],
    ['no tables', changed((_, view) => view.setUint16(12, 0)), /directory/],
    ['too many tables', changed((_, view) => view.setUint16(12, 60_000)), /directory/],
    ['fewer tables', changed((_, view) => view.setUint16(12, 3)), /no table|unpack|amount/],
    ['a table of pictures', changed((bytes) => bytes.fill(36, 48, 49)), /table 'SVG'/],
    ['a table of a shaping engine', changed((bytes) => bytes.fill(58, 48, 49)), /table 'Silf'/],
    ['an endless number', changed((bytes) => bytes.fill(0xff, 49, 60)), /directory/],
    ['a stream that is no stream', changed((bytes) => bytes.fill(0x55, 600)), /unpack/],
    ['a bomb', withStream(brotliCompressSync(Buffer.alloc(80_000_000))), /unpack|amount/],
    ['less than it says', withStream(brotliCompressSync(Buffer.alloc(10))), /amount/],
    ['more bytes than fit', Buffer.concat([good, Buffer.alloc(themeAssetLimits.fontBytes)]), /subset/],
  ])('is refused where it is %s', (_name, bytes, fault) => {
    expect(faultOfFont(bytes)).toMatch(fault)
  })

  it('survives any one byte changed, without a throw', () => {
    for (let at = 0; at < 300; at++) {
      for (const value of [0, 0x7f, 0x80, 0xff]) {
        const fault = faultOfFont(changed((bytes) => bytes.fill(value, at, at + 1)))
        expect(['string', 'undefined']).toContain(typeof fault)
      }
    }
  })

  it('counts with the others of its theme', () => {
    const names = Array.from({ length: 9 }, (_, i) => `f${i}.woff2`)
    const fonts = names.map((path) => ({ family: 'F', path, weight: 400, style: 'normal' as const }))
    expect(faultOfAssets({ fonts }, new Map(names.map((name) => [name, good])))).toMatch(/more than 500 kB/)
  })
})

const svg = (inside: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${inside}</svg>`

/** Uploads the Harbor theme with other contributions and without files of its own. */
async function uploadTheme(host: TestServer, more: object, files: Record<string, string>) {
  const manifest = JSON.parse(await readFile(join(examples, 'theme-harbor/manifest.json'), 'utf8'))
  Object.assign(manifest.contributes.themes[0], { path: 't.json', branding: {}, ...more })
  manifest.entrypoints.theme = 't.json'
  const all = { 'manifest.json': JSON.stringify(manifest), 't.json': '{}', ...files }
  return host.upload(
    zipSync(Object.fromEntries(Object.entries(all).map(([path, text]) => [path, strToU8(text)]))),
  )
}

it.each<[string, object, Record<string, string>, string]>([
  [
    'a picture with entities',
    { logo: 'l.svg' },
    { 'l.svg': `<!DOCTYPE svg [<!ENTITY a "b">]>${svg('&a;')}` },
    'DOCTYPE',
  ],
  ['a page as a picture', { logo: 'l.svg' }, { 'l.svg': '<html><script>1</script></html>' }, 'not an SVG'],
  ['a large picture', { mark: 'l.svg' }, { 'l.svg': svg('x'.repeat(40_000)) }, 'at most 32'],
  ['a picture that is not there', { logo: 'gone.svg' }, {}, 'gone.svg'],
  ['a picture outside', { logo: '../l.svg' }, {}, 'inside the package'],
  ['a picture of another kind', { logo: 'l.html' }, { 'l.html': svg('') }, '.svg'],
  ['a name of control characters', { name: 'Mortise\u202Easks' }, {}, 'visible'],
  ['a long name', { name: 'a'.repeat(33) }, {}, 'visible'],
  ['navigation elsewhere', { navigation: 'over the prompt' }, {}, 'side or top'],
])('refuses a package with %s', async (_name, branding, files, said) => {
  await using host = await startServer()
  const answer = await uploadTheme(host, { branding }, files)
  expect(answer.status).toBe(400)
  expect(JSON.stringify(answer.body)).toContain(said)
  expect((await host.api('GET', '/plugins')).body.plugins).toEqual([])
})

const icons = (count: number, text: string) =>
  Object.fromEntries(themeIconNames.slice(0, count).map((name) => [`${name}.svg`, text]))
const named = (files: Record<string, string>) =>
  Object.fromEntries(Object.keys(files).map((path) => [path.replace('.svg', ''), path]))

it.each<[string, Record<string, string>, Record<string, string>, string]>([
  [
    'an icon that nobody draws',
    { 'no-such-icon': 'i.svg' },
    { 'i.svg': svg('') },
    'icons that a theme can draw',
  ],
  [
    'an icon that warns people',
    { 'triangle-alert': 'i.svg' },
    { 'i.svg': svg('') },
    'icons that a theme can draw',
  ],
  ['an icon that speaks of safety', { shield: 'i.svg' }, { 'i.svg': svg('') }, 'icons that a theme can draw'],
  [
    'an icon named as a prototype',
    { toString: 'i.svg' },
    { 'i.svg': svg('') },
    'icons that a theme can draw',
  ],
  ['an icon with entities', { bell: 'i.svg' }, { 'i.svg': `<!DOCTYPE svg>${svg('')}` }, 'DOCTYPE'],
  ['a page as an icon', { bell: 'i.svg' }, { 'i.svg': '<html><script>1</script></html>' }, 'not an SVG'],
  ['bytes as an icon', { bell: 'i.svg' }, { 'i.svg': '\u0000\u0001<svg ' }, 'not an SVG'],
  ['a large icon', { bell: 'i.svg' }, { 'i.svg': svg('x'.repeat(5000)) }, 'at most 4'],
  [
    'icons that are many',
    named(icons(60, svg('x'.repeat(3500)))),
    icons(60, svg('x'.repeat(3500))),
    '150 kB',
  ],
  [
    'one icon drawn for many names',
    Object.fromEntries(themeIconNames.slice(0, 60).map((name) => [name, 'i.svg'])),
    { 'i.svg': svg('x'.repeat(3500)) },
    '150 kB',
  ],
  ['an icon that is not there', { bell: 'gone.svg' }, {}, 'gone.svg'],
  ['an icon outside', { bell: '../i.svg' }, {}, 'inside the package'],
  ['an icon elsewhere', { bell: 'https://evil.test/i.svg' }, {}, 'inside the package'],
  ['an icon of another kind', { bell: 'i.html' }, { 'i.html': svg('') }, '.svg'],
])('refuses a package with %s', async (_name, icons, files, said) => {
  await using host = await startServer()
  const answer = await uploadTheme(host, { icons }, files)
  expect(answer.status).toBe(400)
  expect(JSON.stringify(answer.body)).toContain(said)
  expect((await host.api('GET', '/plugins')).body.plugins).toEqual([])
})

it('answers the icons of a theme that is installed and on, in its version, to whoever is signed in', async () => {
  await using host = await startServer()
  const bell = svg('<path d="M0 0h9v9z"/>')
  expect((await uploadTheme(host, { icons: { bell: 'icons/b.svg' } }, { 'icons/b.svg': bell })).status).toBe(
    201,
  )
  const at = (version: string) => `/theme/icons?plugin=theme-harbor&version=${version}&id=harbor`
  expect((await host.api('GET', at('1.0.0'))).body.code).toBe('PLUGIN_NOT_RUNNING')
  await host.api('POST', '/plugins/theme-harbor/enable')
  const { body } = await host.api('PUT', '/theme', { theme: { plugin: 'theme-harbor', id: 'harbor' } })
  expect(body.branding.icons).toBe(`/api/v1${at('1.0.0')}`)
  expect((await host.api('GET', at('1.0.0'))).body).toEqual({ icons: { bell } })
  expect((await host.api('GET', at('../../x'))).status).toBe(404)
  expect((await host.api('GET', `${at('1.0.0')}x`)).status).toBe(404)
  expect((await fetch(`${host.url}/api/v1${at('1.0.0')}`)).status).toBe(401)
})

it('gives fonts names that no style of the host uses', async () => {
  await using host = await startServer({ catalog: examples })
  await host.api('POST', '/plugins/install', { name: 'theme-paper' })
  await host.api('POST', '/plugins/theme-paper/enable')
  const { body } = await host.api('PUT', '/theme', { theme: { plugin: 'theme-paper', id: 'paper' } })
  const [font] = body.fonts
  expect(font).toEqual({
    family: 'theme-paper/Newsreader',
    url: '/plugin-files/theme-paper/1.0.0/dist/fonts/newsreader-latin.woff2',
    weight: '200 800',
    style: 'normal',
  })
  const text = await (
    await fetch(`${host.url}/theme.css`, { headers: { authorization: 'Bearer token-of-the-tests' } })
  ).text()
  expect(text).toContain('--m-font-family-sans:"theme-paper/Newsreader", "Georgia", serif')
  expect(text.match(/@font-face/g)).toHaveLength(1)
  // Addresses in the sheet are of the package's own files.
  for (const [, url] of text.matchAll(/url\("([^"]*)"\)/g)) expect(url).toBe(font.url)
  expect((await fetch(`${host.url}${font.url}`)).status).toBe(200)
})
