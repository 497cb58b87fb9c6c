import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { launchChromium } from '@mortise/testing'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openConsole, type Problems, useConsole } from '../src/index.ts'

// Every way into the studio, through it and out of it that the designer's journey does not take.

const stage = useConsole(launchChromium)
let page: Page
let problems: Problems
let folder: string

beforeAll(async () => {
  ;({ page, problems } = await openConsole(stage.browser, stage.console))
  folder = await mkdtemp(join(tmpdir(), 'mortise-studio-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

beforeEach(async () => {
  await page.goto(`${stage.console.url}/studio`)
  await page.getByRole('heading', { name: 'Theme studio', level: 1 }).waitFor()
})

const preview = () => page.getByRole('region', { name: /^Preview, / })
const soon = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: 15_000, interval: 150 })

/** What the preview is painted with. */
const value = (property: string) => () =>
  preview().evaluate((part, name) => getComputedStyle(part).getPropertyValue(name), property)
const pageColor = value('--m-color-surface-page')
const name = () => page.getByLabel('Name of the theme').inputValue()

async function dropFiles(files: Readonly<Record<string, string>>): Promise<void> {
  const transfer = await page.evaluateHandle((list) => {
    const data = new DataTransfer()
    for (const [name, text] of list) data.items.add(new File([text], name))
    return data
  }, Object.entries(files))
  await page.locator('.s-studio').dispatchEvent('drop', { dataTransfer: transfer })
}

async function exported(format: RegExp): Promise<string> {
  await page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: format }).click(),
  ])
  return readFile(await download.path(), 'utf8')
}

test('brand colors give a whole theme, light and dark, that can be read', async () => {
  await page.getByRole('button', { name: 'New', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Start a theme' })
  const accent = dialog.getByRole('textbox', { name: 'Accent', exact: true })
  await accent.fill('no color')
  await dialog.getByRole('button', { name: 'Draw the palette' }).click()
  await dialog.getByText('No palette was drawn').waitFor()
  await accent.fill('#b3261e')
  await dialog.getByRole('textbox', { name: 'Chart color 2', exact: true }).fill('teal')
  await dialog.getByRole('button', { name: 'Draw the palette' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await soon(name).toBe('Brand')
  // #b3261e is oklch(0.504 0.183 28.5): the palette is drawn in its hue.
  await soon(value('--m-color-accent-solid')).toMatch(/^oklch\(0\.5\d* 0\.1[78]\d* 28\.\d+\)$/)
  await page.getByRole('button', { name: 'All readable' }).waitFor()
  const light = await pageColor()
  await page.getByRole('radio', { name: 'Dark' }).press('Space')
  await soon(pageColor).not.toBe(light)
  await page.getByRole('button', { name: 'All readable' }).waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await soon(name).not.toBe('Brand')
})

test('the token search finds by name, by path and by value, and says when there is none', async () => {
  const search = page.getByRole('searchbox', { name: 'Search tokens' })
  const options = page.getByRole('listbox', { name: 'Tokens' }).getByRole('option')
  const all = await options.count()
  expect(all).toBeGreaterThan(60)
  await search.fill('border.focus')
  await soon(() => options.count()).toBe(1)
  await options.first().click()
  const hex = page.getByLabel('Hex or any CSS color')
  await hex.waitFor()
  const focus = await hex.inputValue()
  await search.fill(focus)
  await soon(() => options.count()).toBeGreaterThan(0)
  expect(await options.count()).toBeLessThan(all)
  expect(await options.allTextContents()).toContainEqual(expect.stringMatching(/^focus/))
  await search.fill('no token is called this')
  await page.getByText('No such token').waitFor()
})

test('density, direction and color vision change the preview and nothing of the theme', async () => {
  const space = await value('--m-space-4')()
  const heading = await page.evaluate(() => getComputedStyle(document.documentElement).direction)
  const compact = page.getByRole('button', { name: 'Compact' })
  const height = value('--m-size-control-md')
  const [before, cosy] = [await pageColor(), await height()]
  await compact.click()
  await soon(height).not.toBe(cosy)
  expect(parseFloat(await height())).toBeLessThan(parseFloat(cosy))
  await compact.click()
  await soon(height).toBe(cosy)

  await page.getByRole('button', { name: 'Right to left' }).click()
  await soon(() => preview().evaluate((part) => getComputedStyle(part).direction)).toBe('rtl')
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).direction)).toBe(heading)
  await page.getByRole('button', { name: 'Right to left' }).click()

  const danger = value('--m-color-status-danger-solid')
  const seen = new Set([await danger()])
  let vision = 'Full vision'
  for (const next of ['Red weak', 'Green weak', 'Blue weak', 'Full vision']) {
    await page
      .getByRole('toolbar', { name: 'Preview' })
      .getByRole('button', { name: new RegExp(vision) })
      .click()
    await page.getByRole('option', { name: next }).click()
    if (next === 'Full vision') await soon(danger).toBe([...seen][0])
    else {
      await soon(async () => seen.has(await danger())).toBe(false)
      seen.add(await danger())
    }
    vision = next
  }
  expect([await pageColor(), await value('--m-space-4')()]).toEqual([before, space])
  await page.getByRole('tab', { name: 'Compare' }).click()
  await page.getByText('The two are the same').waitFor()
})

test('a color that a density, a direction or less motion sets is repaired there', async () => {
  const weak = { color: { text: { muted: { $type: 'color', $value: '#9aa0a6' } } } }
  for (const [axis, context, fallback, label] of [
    ['density', 'compact', 'cosy', 'Compact'],
    ['direction', 'rtl', 'ltr', 'Right to left'],
    ['motion', 'reduced', 'full', 'Less motion'],
  ] as const) {
    const document = {
      version: '2025.10',
      modifiers: {
        mode: { contexts: { light: [] }, default: 'light' },
        [axis]: { contexts: { [fallback]: [], [context]: [weak] }, default: fallback },
      },
      resolutionOrder: [{ $ref: '#/modifiers/mode' }, { $ref: `#/modifiers/${axis}` }],
    }
    await dropFiles({ [`${axis}.resolver.json`]: JSON.stringify(document) })
    await soon(name).toMatch(new RegExp(axis, 'i'))
    await page.getByRole('tab', { name: /^Contrast/ }).click()
    await page.getByRole('button', { name: `Fix color.text.muted in ${label}` }).click()
    await page.getByText('Every pair can be read').waitFor()
  }
})

const globals = `@layer base {
  :root { --background: 40 60% 98%; --foreground: 20 14% 8%; --primary: 262 83% 45%; --primary-foreground: 0 0% 100%; --radius: 0.75rem; --sidebar-odd: 1px }
  .dark { --background: 20 14% 6%; --foreground: 60 9% 96%; --primary: 262 83% 72%; --primary-foreground: 20 14% 8% }
}`

test('a dropped style sheet of shadcn/ui is worn in both modes, and its other names are listed', async () => {
  await dropFiles({ 'globals.css': globals })
  await soon(pageColor).toBe('hsl(40 60% 98%)')
  expect(await value('--m-color-accent-solid')()).toBe('hsl(262 83% 45%)')
  expect(await value('--m-radius-md')()).toBe('0.75rem')
  await page.getByRole('radio', { name: 'Dark' }).press('Space')
  await soon(pageColor).toBe('hsl(20 14% 6%)')
  await page.getByRole('tab', { name: 'Files' }).click()
  await page.getByText(/names? without a role/).click()
  await page.getByText('--sidebar-odd').waitFor()
})

test('a dropped VS Code theme brings the colors of the file it includes', async () => {
  await dropFiles({
    'night.json': `// A theme.
      { "include": "./common.json", "type": "dark", "colors": { "button.background": "#8a5cf6", /* last */ } }`,
    'common.json': `{ "colors": { "editor.background": "#14161b", "editor.foreground": "#e8e8ee", "button.background": "#ff0000" } }`,
  })
  await soon(async () => hexOf(await value('--m-color-surface-base')())).toBe('#14161b')
  expect(hexOf(await value('--m-color-accent-solid')())).toBe('#8a5cf6')
})

test('roles that no name fills are suggested by their looks, and taken when a person says so', async () => {
  const color = (value: string) => ({ $type: 'color', $value: value })
  await dropFiles({
    'paint.tokens.json': JSON.stringify({
      paint: { chalk: color('#fafaf7'), coal: color('#191a1c'), plum: color('#7a2d6b') },
    }),
  })
  await soon(name).toBe('Paint')
  await page.getByRole('radio', { name: 'Dark' }).press('Space')
  const built = await pageColor()
  const open = page.getByRole('list', { name: 'Suggestions' }).getByRole('listitem')
  await soon(() => open.count()).toBe(3)
  expect(await pageColor()).toBe(built)
  await page.getByRole('button', { name: 'Use paint.chalk for color.surface.page' }).click()
  // The file is for light only, and that is what is looked at now.
  await soon(async () => hexOf(await pageColor())).toBe('#fafaf7')
  await soon(() => open.count()).toBe(2)
  await page.getByRole('button', { name: 'Use all' }).click()
  await soon(async () => hexOf(await value('--m-color-accent-solid')())).toBe('#7a2d6b')
  await soon(() => open.count()).toBe(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await soon(() => open.count()).toBe(2)
})

test('a follower shows its whole path, and detached it keeps its value', async () => {
  const color = (value: string) => ({ $type: 'color', $value: value })
  await dropFiles({
    'aliases.tokens.json': JSON.stringify({
      clay: { 500: color('#8c4a2f') },
      action: { main: color('{clay.500}') },
      color: { accent: { solid: color('{action.main}') }, border: { focus: color('{color.accent.solid}') } },
    }),
  })
  await soon(async () => hexOf(await value('--m-color-accent-solid')())).toBe('#8c4a2f')
  await page.getByRole('searchbox', { name: 'Search tokens' }).fill('border.focus')
  await page.getByRole('option', { name: /^focus/ }).click()
  const path = page.getByRole('heading', { name: 'Follows' }).locator('xpath=following-sibling::ul[1]')
  await soon(() => path.getByRole('button').allTextContents()).toEqual([
    expect.stringContaining('color.accent.solid'),
    expect.stringContaining('action.main'),
    expect.stringContaining('clay.500'),
  ])
  await page.getByRole('button', { name: 'Detach color.border.focus' }).click()
  await page.getByRole('heading', { name: 'Follows' }).waitFor({ state: 'detached' })
  expect(hexOf(await value('--m-color-border-focus')())).toBe('#8c4a2f')

  // What changed by hand is listed against where the draft started.
  await page.getByLabel('Hex or any CSS color').fill('#205040')
  await page.getByRole('tab', { name: 'Compare' }).click()
  const changed = page.getByRole('list', { name: 'Changed' }).getByRole('listitem')
  await soon(() => changed.allTextContents()).toContainEqual(
    expect.stringMatching(/color\.border\.focus.*#8c4a2f.*#205040.*ΔE 0\.\d{3}/s),
  )
})

test('exports can be used where they are taken to', async () => {
  await dropFiles({ 'globals.css': globals })
  await soon(pageColor).toBe('hsl(40 60% 98%)')
  const accent = await value('--m-color-accent-solid')()

  const wornBy = (css: string, dark = false) =>
    page.evaluate(
      ([css, dark]) => {
        const frame = document.body.appendChild(document.createElement('iframe'))
        const inner = frame.contentDocument!
        const sheet = new frame.contentWindow!.window.CSSStyleSheet()
        sheet.replaceSync(css)
        inner.adoptedStyleSheets = [sheet]
        inner.documentElement.dataset.mode = dark ? 'dark' : 'light'
        const styles = frame.contentWindow!.getComputedStyle(inner.documentElement)
        const found = ['--m-color-accent-solid', '--m-color-surface-page'].map((name) =>
          styles.getPropertyValue(name),
        )
        frame.remove()
        return found
      },
      [css, dark] as const,
    )
  const css = await exported(/^CSS/)
  const [light, dark] = [await wornBy(css), await wornBy(css, true)]
  expect(light).toEqual([accent, 'hsl(40 60% 98%)'])
  expect(dark).toEqual(['hsl(262 83% 72%)', 'hsl(20 14% 6%)'])

  const tailwind = await exported(/^Tailwind/)
  expect(await wornBy(tailwind)).toEqual(light)
  expect(tailwind).toMatch(/@theme inline \{[^}]*--color-accent-solid: var\(--m-color-accent-solid\);/)

  const json = JSON.parse(await exported(/^JSON/))
  expect(json.light['color.accent.solid']).toBe(accent)
  expect(json.dark['color.surface.page']).toBe(dark[1])

  const file = join(folder, 'theme.ts')
  await writeFile(file, await exported(/^TypeScript/))
  const module = await import(/* @vite-ignore */ pathToFileURL(file).href)
  expect(module.tokens['color.accent.solid']).toBe('var(--m-color-accent-solid)')
  expect(module.values).toEqual(json)
})

test('a theme of the catalog that brings fonts opens without them and says when they come', async () => {
  await page.goto(`${stage.console.url}/studio?from=theme-paper%2Fpaper`)
  await page.getByText('Paper opened without its fonts').waitFor()
  await page.getByText('They come along once the theme is installed.').waitFor()
  await soon(name).toBe('Paper')
})

test('nothing was thrown and no policy was violated', () => {
  expect(problems).toEqual({ errors: [], policy: [] })
})

/** A CSS color of the engine as hex. */
function hexOf(color: string): string {
  const parts =
    color
      .match(/[\d.]+/g)
      ?.slice(0, 3)
      .map(Number) ?? []
  return color.startsWith('rgb')
    ? `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
    : color
}
