import { composeTheme, toDeclarations } from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import { deflateSync, strToU8 } from 'fflate'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Draft, emptyDraft, parseDraft, sourceOf, withEdit } from './draft.ts'
import { readShared, shareLink } from './share.ts'

beforeAll(() => {
  // The address of the page: all that a link takes from the browser.
  Object.assign(globalThis, { location: { origin: 'https://console.example' } })
})

const draft: Draft = withEdit({ ...emptyDraft, name: 'Tëst 🎨' }, 'color.accent.solid', ['light'], {
  $type: 'color',
  $value: '#123456',
})

function linkOf(content: string | Uint8Array): string {
  return `#draft=${toBase64(deflateSync(typeof content === 'string' ? strToU8(content) : content))}`
}

function toBase64(bytes: Uint8Array): string {
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

it('brings a theme over as it was', async () => {
  const link = await shareLink(draft)
  const read = (await readShared(new URL(link).hash))!
  expect(read.name).toBe(draft.name)
  const [before, after] = [draft, read].map((one) => composeTheme(baseSource, sourceOf(one)))
  for (const mode of ['light', 'dark'] as const)
    expect(toDeclarations(after!.resolve({ mode }))).toEqual(toDeclarations(before!.resolve({ mode })))
})

it('leaves fonts out, which would not fit', async () => {
  const font = { family: 'Serif', weight: 400, style: 'normal', data: 'AAAA'.repeat(50_000) } as const
  const read = await readShared(new URL(await shareLink({ ...draft, fonts: [font] })).hash)
  expect(read).toMatchObject({ name: draft.name })
  expect(read).not.toHaveProperty('fonts')
})

it.each([
  ['a name of control characters', { name: 'Mortise\u202Easks' }],
  ['a long name', { name: 'a'.repeat(33) }],
  ['a large logo', { logo: 'x'.repeat(32_001) }],
  ['a large icon', { icons: { bell: 'x'.repeat(4001) } }],
  ['an icon that warns people', { icons: { 'triangle-alert': '<svg/>' } }],
  ['navigation elsewhere', { navigation: 'over the prompt' }],
])('refuses a draft with %s', (_name, branding) => {
  expect(parseDraft(JSON.stringify(draft))).toBeDefined()
  expect(parseDraft(JSON.stringify({ ...draft, branding: { name: 'Acme' } }))?.branding).toEqual({
    name: 'Acme',
  })
  expect(parseDraft(JSON.stringify({ ...draft, branding }))).toBeUndefined()
})

it('does not write a link that is too long to be read', async () => {
  const noise = Array.from({ length: 20_000 }, (_, i) => Math.sin(i).toString(36))
  await expect(shareLink({ ...draft, source: { document: { noise } } })).rejects.toThrow('too large')
})

describe('a link from a stranger', () => {
  const hashes: Readonly<Record<string, string>> = {
    'is empty': '#draft=',
    'is no base64': '#draft=!!!!',
    'is not compressed': `#draft=${toBase64(strToU8('{"name":"x"}'))}`,
    'is cut off': linkOf(JSON.stringify(draft)).slice(0, -20),
    'holds no JSON': linkOf('alert(1)'),
    'holds a list': linkOf('[1,2,3]'),
    'has a name of 81 letters': linkOf(JSON.stringify({ ...draft, name: 'x'.repeat(81) })),
    'has a version that is a path': linkOf(JSON.stringify({ ...draft, version: '../../1.0.0' })),
    'has a document that is text': linkOf(JSON.stringify({ ...draft, source: { document: 'x' } })),
    'has edits that are no values': linkOf(JSON.stringify({ ...draft, edits: { light: { a: 1 } } })),
    'inflates to 100 MB': linkOf(new Uint8Array(100 * 1024 * 1024).fill(0x20)),
    'is longer than a link may be': `#draft=${'A'.repeat(60_000)}`,
  }
  it.each(Object.entries(hashes))('opens nothing where it %s', async (_, hash) => {
    expect(await readShared(hash)).toBeUndefined()
  })

  it('changes no prototype', () => {
    const text = `{"name":"x","version":"1.0.0","__proto__":{"polluted":1},
      "source":{"document":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}},"files":{"__proto__":{"polluted":1}}},
      "edits":{"light":{"__proto__":{"$type":"color","$value":"#fff"},"constructor.prototype.polluted":{"$type":"color","$value":"#fff"}}}}`
    const read = parseDraft(text)
    if (read) composeTheme(baseSource, sourceOf(read))
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  it('cannot say anything but values of the right type', () => {
    const values = [
      'url(https://evil.test/x)',
      'red;} body{display:none',
      'var(--x)',
      '</style><script>',
      { colorSpace: 'srgb', components: [0, 0, 0], alpha: 0 },
      { colorSpace: 'url(x)', components: [1, 1, 1] },
    ]
    for (const $value of values) {
      const text = JSON.stringify({
        ...draft,
        edits: { light: { 'color.surface.page': { $type: 'color', $value } } },
      })
      const read = parseDraft(text)!
      const tokens = composeTheme(baseSource, sourceOf(read)).resolve()
      expect(toDeclarations(tokens)).toEqual(toDeclarations(composeTheme(baseSource).resolve()))
    }
  })

  it('opens a document that names itself, and one that nests deep', () => {
    const circle = {
      sets: { a: { sources: [{ $ref: '#/sets/a' }] } },
      resolutionOrder: [{ $ref: '#/sets/a' }],
    }
    const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`
    for (const document of [JSON.stringify(circle), deep]) {
      const read = parseDraft(`{"name":"x","version":"1.0.0","source":{"document":${document}}}`)
      if (read) expect(composeTheme(baseSource, sourceOf(read)).modes.length).toBeGreaterThan(0)
    }
  })
})
