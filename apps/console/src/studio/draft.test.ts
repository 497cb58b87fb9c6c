import { composeTheme, defaultContext } from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import { hexOf } from '@mortise/tokens/repair'
import { unzipSync } from 'fflate'
import { expect, it } from 'vitest'
import {
  contextsFor,
  type Draft,
  emptyDraft,
  isEdited,
  otherContextOf,
  parseDraft,
  sourceOf,
  withEdit,
  withoutEdit,
} from './draft.ts'
import { nextVersion, packageTheme, pluginName } from './package-theme.ts'

const color = (hex: string) => ({ $type: 'color', $value: hex })

function page(draft: Draft, mode: 'light' | 'dark'): string {
  const token = composeTheme(baseSource, sourceOf(draft)).resolve({ mode }).get('color.surface.page')
  return token?.type === 'color' ? hexOf(token.value) : ''
}

it('changes a color in one mode and leaves the other', () => {
  const draft = withEdit(emptyDraft, 'color.surface.page', ['light'], color('#fdf6ec'))
  expect(page(draft, 'light')).toBe('#fdf6ec')
  expect(page(draft, 'dark')).toBe(page(emptyDraft, 'dark'))
  expect(isEdited(draft, 'color.surface.page')).toBe(true)
  expect(withoutEdit(draft, 'color.surface.page')).toEqual(emptyDraft)
})

it('keeps the one mode of a theme that has one', () => {
  const dark: Draft = {
    ...emptyDraft,
    source: { document: { color: { surface: { page: color('#101014') } } } },
  }
  const draft = withEdit(dark, 'color.text.default', ['dark'], color('#ffffff'))
  expect(composeTheme(baseSource, sourceOf(draft)).modes).toEqual(['dark'])
})

it('puts a size into every context and a color into the one that is shown', () => {
  expect(contextsFor(emptyDraft, { path: 'radius.md', type: 'dimension' }, 'dark')).toEqual(['light', 'dark'])
  expect(contextsFor(emptyDraft, { path: 'color.text.link', type: 'color' }, 'dark')).toEqual(['dark'])
})

const branded: Draft = {
  ...emptyDraft,
  source: {
    document: {
      version: '2025.10',
      modifiers: {
        mode: { contexts: { light: [], dark: [] }, default: 'light' },
        brand: {
          contexts: { plain: [], acme: [{ color: { surface: { page: color('#ffeeee') } } }] },
          default: 'plain',
        },
      },
      resolutionOrder: [{ $ref: '#/modifiers/mode' }, { $ref: '#/modifiers/brand' }],
    },
  },
}

it('changes a color where a brand sets it, and leaves the others', () => {
  const theme = composeTheme(baseSource, branded.source)
  const acme = { ...defaultContext, brand: 'acme' }
  const placeOf = (path: string, context = acme) => otherContextOf(branded.source, theme, context, path)
  expect(placeOf('color.surface.page')).toBe('brand:acme')
  expect(placeOf('color.text.link')).toBeUndefined()
  expect(placeOf('color.surface.page', { ...acme, brand: 'plain' })).toBeUndefined()

  const draft = withEdit(branded, 'color.surface.page', ['brand:acme'], color('#eeffee'))
  const after = composeTheme(baseSource, sourceOf(draft))
  const pageIn = (brand: string) => {
    const token = after.resolve({ brand }).get('color.surface.page')
    return token?.type === 'color' ? hexOf(token.value) : ''
  }
  expect(pageIn('acme')).toBe('#eeffee')
  expect(pageIn('plain')).toBe(page(emptyDraft, 'light'))
  expect(parseDraft(JSON.stringify(draft))).toEqual(draft)
})

it('leaves out edits of contexts that the theme does not have', () => {
  const edits = { 'brand:other': { 'color.surface.page': color('#000000') }, __proto__: {}, nonsense: {} }
  const draft = { ...branded, edits }
  expect(sourceOf(draft as Draft)).toEqual(sourceOf(branded))
  expect(parseDraft(JSON.stringify(draft))).toEqual(branded)
})

it('packs fonts as the files they were', async () => {
  const font = { family: 'Old Style', weight: [200, 800], style: 'normal', data: 'd09GMgABAg==' } as const
  const draft: Draft = { ...emptyDraft, fonts: [font, { ...font, weight: 400, style: 'italic' }] }
  expect(parseDraft(JSON.stringify(draft))).toEqual(draft)
  const files = unzipSync(new Uint8Array(await packageTheme(draft).arrayBuffer()))
  const { contributes } = JSON.parse(new TextDecoder().decode(files['manifest.json']))
  expect(contributes.themes[0].fonts).toEqual([
    { family: 'Old Style', path: 'fonts/1-old-style.woff2', weight: [200, 800], style: 'normal' },
    { family: 'Old Style', path: 'fonts/2-old-style.woff2', weight: 400, style: 'italic' },
  ])
  expect([...files['fonts/1-old-style.woff2']!]).toEqual([0x77, 0x4f, 0x46, 0x32, 0, 1, 2])
})

it.each([
  ['a name that could end the text it stands in', { family: 'x";}' }],
  ['data that is no Base64', { data: '<svg>' }],
  ['a file that is too large', { data: 'AAAA'.repeat(50_001) }],
  ['a weight that is none', { weight: '400' }],
])('takes no draft with a font of %s', (_, part) => {
  const font = { family: 'Old Style', weight: 400, style: 'normal', data: 'AAAA', ...part }
  expect(parseDraft(JSON.stringify({ ...emptyDraft, fonts: [font] }))).toBeUndefined()
})

it('packs a theme plugin that names no permission', async () => {
  const draft = withEdit(
    { ...emptyDraft, name: 'Säge & Sand!' },
    'color.surface.page',
    ['light'],
    color('#fdf6ec'),
  )
  const file = packageTheme(draft)
  expect(file.name).toBe('theme-sage-sand-1.0.0.mortise')
  const files = unzipSync(new Uint8Array(await file.arrayBuffer()))
  const manifest = JSON.parse(new TextDecoder().decode(files['manifest.json'])) as Record<string, unknown>
  expect(manifest).toMatchObject({ name: 'theme-sage-sand', type: 'theme', permissions: [] })
  expect(Object.keys(files)).toContain((manifest.entrypoints as { theme: string }).theme)
})

it('names plugins as ids, whatever the theme is called', () => {
  expect(pluginName('theme-theme-x')).toBe('theme-x')
  expect(pluginName('主题')).toBe('theme-mine')
  expect(pluginName('../../etc')).toBe('theme-etc')
  expect(nextVersion('1.2.9')).toBe('1.2.10')
})
