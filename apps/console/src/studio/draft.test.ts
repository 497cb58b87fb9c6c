import { composeTheme } from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import { hexOf } from '@mortise/tokens/repair'
import { unzipSync } from 'fflate'
import { expect, it } from 'vitest'
import { contextsFor, type Draft, emptyDraft, isEdited, sourceOf, withEdit, withoutEdit } from './draft.ts'
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
