import { readFileSync } from 'node:fs'
import { deflateRawSync } from 'node:zlib'
import { launchChromium, type RunningConsole } from '@mortise/testing'
import { strFromU8, unzipSync } from 'fflate'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, openConsole, type Problems, start } from '../src/index.ts'

// A designer comes with an export of a design file and leaves with a theme that
// others can choose. Each test goes on where the one before stopped, and looks
// at what the browser paints.

const exported = ['Light.tokens.json', 'Dark.tokens.json'].map((name) => ({
  name,
  text: readFileSync(
    new URL(`../../../packages/tokens/test/files/figma-export/${name}`, import.meta.url),
    'utf8',
  ),
}))

let console_: RunningConsole
let client: Client
let browser: Browser
let context: BrowserContext
let page: Page
let problems: Problems

beforeAll(async () => {
  ;[console_, browser] = await Promise.all([start(), launchChromium()])
  client = createClient(console_)
  ;({ context, page, problems } = await openConsole(browser, console_))
})

afterAll(async () => {
  await Promise.all([browser?.close(), console_?.stop()])
})

const stage = () => page.getByRole('region', { name: /^Preview, / })
const token = (name: RegExp) => page.getByRole('option', { name })

/** Looks again until it is so: what is painted follows by a frame or, from the server, by an event. */
const soon = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: 15_000, interval: 150 })

/** The color at a point of a screenshot of an element: what is painted, whatever the styles say. */
async function painted(target: Locator | Page, x: number, y: number): Promise<string> {
  const picture = (await target.screenshot()).toString('base64')
  return page.evaluate(
    async ([data, left, top]) => {
      const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0))
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!
      canvas.drawImage(bitmap, 0, 0)
      const [r, g, b] = canvas.getImageData(left, top, 1, 1).data
      return `#${[r, g, b].map((part) => part!.toString(16).padStart(2, '0')).join('')}`
    },
    [picture, x, y] as const,
  )
}

/** The page color of the preview, taken between its navigation and its content. */
async function pageColor(): Promise<string> {
  const { width } = (await stage().boundingBox())!
  return painted(stage(), Math.round(width) - 8, 300)
}

async function dropFiles(files: readonly { readonly name: string; readonly text: string }[]): Promise<void> {
  const transfer = await page.evaluateHandle((list) => {
    const data = new DataTransfer()
    for (const { name, text } of list) data.items.add(new File([text], name))
    return data
  }, files)
  await page.locator('main').locator('.s-studio').dispatchEvent('drop', { dataTransfer: transfer })
}

test('the studio is one step from the navigation and shows the built-in look', async () => {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Theme studio' }).click()
  await page.getByRole('heading', { name: 'Theme studio', level: 1 }).waitFor()
  expect(await pageColor()).toBe('#f8f9fa')
})

test('a dropped Figma export is worn by the preview, and its faults are listed with their places', async () => {
  await dropFiles(exported)
  await soon(pageColor).toBe('#fdf9f2')
  const faults = page.getByRole('list', { name: 'Problems in the files' }).getByRole('listitem')
  await soon(() => faults.count()).toBe(4)
  expect(await faults.nth(1).textContent()).toMatch(
    /Light\.tokens\.json:30:44[\s\S]*TOKEN_ALIAS_UNKNOWN[\s\S]*\/Border\/Focus\/\$value[\s\S]*Did you mean \{primitives\.clay\.500\}\?/,
  )
  // The studio itself keeps the look of the console.
  expect(await painted(page.locator('.s-tokens__search'), 2, 2)).toBe('#ffffff')
})

test('two failing colors are fixed one by one, and undone and done again', async () => {
  await page.getByRole('button', { name: /hard to read/ }).click()
  const repairs = page.getByRole('list', { name: 'Repairs' })
  const muted = repairs.getByRole('listitem').filter({ hasText: 'color.text.muted' }).first()
  expect(await muted.textContent()).toMatch(
    /secondary text, labels\s*on color\.surface\.page\s*2\.30 of 4\.5:1/,
  )
  await repairs.getByRole('button', { name: 'Fix color.text.muted in Light' }).click()
  await repairs.getByRole('button', { name: 'Fix color.text.muted in Light' }).waitFor({ state: 'detached' })
  await repairs.getByRole('button', { name: 'Fix color.text.link in Light' }).click()
  await page.getByText('Every pair can be read').waitFor()

  await page.getByText('Every pair can be read').click()
  await page.keyboard.press('Control+z')
  await repairs.getByRole('button', { name: 'Fix color.text.link in Light' }).waitFor()
  await page.keyboard.press('Control+Shift+z')
  await page.getByText('Every pair can be read').waitFor()
})

test('a color is changed by keyboard and painted at once', async () => {
  await token(/^page /).click()
  const field = page.getByLabel('Hex or any CSS color')
  await field.fill('url(https://evil.test/x)')
  await page.getByText('This is not a color.').waitFor()
  expect(await pageColor()).toBe('#fdf9f2')
  await field.fill('#fbf3e4')
  await soon(pageColor).toBe('#fbf3e4')
  const lightness = page.getByRole('slider', { name: 'Lightness' })
  await lightness.focus()
  await page.keyboard.press('ArrowLeft')
  await soon(pageColor).not.toBe('#fbf3e4')
  await page.getByRole('button', { name: 'Reset color.surface.page' }).click()
  await soon(pageColor).toBe('#fdf9f2')
})

test('dark is another look, and still readable', async () => {
  await page.getByRole('radio', { name: 'Dark' }).press('Space')
  await soon(pageColor).toBe('#100e0a')
  await page.getByRole('button', { name: 'All readable' }).waitFor()
})

test('the whole console tries it on, and takes it off again', async () => {
  const corner = () => painted(page, 5, 600)
  const before = await corner()
  await page.getByText('Try on the console').click()
  await page.getByRole('region', { name: 'Theme on trial' }).waitFor()
  await soon(corner).not.toBe(before)
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Sessions' }).click()
  await page.getByRole('heading', { name: 'Sessions', level: 1 }).waitFor()
  expect(await corner()).not.toBe(before)
  // Nothing of it is saved.
  expect((await client.request('GET', '/theme')).body).toMatchObject({ theme: null })
  await page.getByRole('link', { name: 'Back to the studio' }).click()
  await page.getByRole('button', { name: 'Stop' }).click()
  await soon(corner).toBe(before)
})

test('a link holds the whole theme, and opens as the same', async () => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Share' }).click()
  await page.getByText('Link copied').waitFor()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  expect(link).toMatch(/\/studio#draft=[\w-]+$/)
  const other = await context.newPage()
  await other.goto(link)
  await soon(() => other.getByLabel('Name of the theme').inputValue()).toBe('Imported theme')
  await other.close()
})

test('it is taken to Figma and comes back the same', async () => {
  await page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: /^Figma/ }).click(),
  ])
  expect(download.suggestedFilename()).toBe('imported-theme.figma.zip')
  const files = Object.entries(unzipSync(readFileSync(await download.path())))
  const before = await pageColor()
  await dropFiles(files.map(([name, bytes]) => ({ name, text: strFromU8(bytes) })))
  await page.getByText('Design tokens (DTCG) read').waitFor()
  await page.getByText('Every pair can be read').waitFor()
  expect(await pageColor()).toBe(before)
  await page.getByRole('button', { name: 'Undo' }).click()
  await soon(() => page.getByLabel('Name of the theme').inputValue()).toBe('Imported theme')
})

test('a preset is laid over it', async () => {
  await page.getByRole('button', { name: 'Presets' }).click()
  const height = () =>
    stage()
      .getByText('Sessions', { exact: true })
      .last()
      .evaluate((node) => node.clientHeight)
  const before = await height()
  await page.getByRole('menuitem', { name: /^Large type/ }).click()
  await soon(height).toBeGreaterThan(before)
  await page.getByRole('button', { name: 'Undo' }).click()
  await soon(height).toBe(before)
})

test('it is packaged, installed, used by the whole console, and taken away', async () => {
  const name = page.getByLabel('Name of the theme')
  await name.fill('Sand and clay')
  await page.getByRole('button', { name: 'Package' }).click()
  const dialog = page.getByRole('dialog', { name: 'Package the theme' })
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Download' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('theme-sand-and-clay-1.0.0.mortise')
  const files = unzipSync(readFileSync(await download.path()))
  expect(JSON.parse(strFromU8(files['manifest.json']!))).toMatchObject({ type: 'theme', permissions: [] })

  await dialog.getByRole('button', { name: 'Install here' }).click()
  const sheet = page.getByRole('dialog', { name: 'Install Sand and clay?' })
  await sheet.getByRole('button', { name: 'Install', exact: true }).click()
  await sheet.waitFor({ state: 'hidden' })
  await dialog.getByRole('button', { name: 'Use it' }).click()
  await dialog.waitFor({ state: 'hidden' })
  const body = () => painted(page, 900, 26)
  await soon(body).toBe('#fdf9f2')
  expect((await client.plugin('theme-sand-and-clay')).status).toBe('active')

  await page.reload()
  await page.getByRole('heading', { name: 'Theme studio', level: 1 }).waitFor()
  expect(await body()).toBe('#fdf9f2')

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Appearance' }).click()
  await page.getByRole('link', { name: 'Open in studio' }).click()
  await page.getByRole('heading', { name: 'Theme studio', level: 1 }).waitFor()
  await soon(() => page.getByLabel('Name of the theme').inputValue()).toBe('Sand and clay')
  await page.getByRole('tab', { name: 'Compare' }).click()
  await page.getByText('The two are the same').waitFor()

  await client.uninstall('theme-sand-and-clay')
  await soon(body).toBe('#f8f9fa')
})

test('a theme with one mode gains the other by a button, and keeps what it had', async () => {
  await page.goto(`${console_.url}/studio?from=theme-midnight%2Fmidnight`)
  await soon(() => page.getByLabel('Name of the theme').inputValue()).toBe('Midnight')
  const night = await pageColor()
  await page.getByRole('button', { name: 'Add light mode' }).click()
  await page.getByRole('region', { name: 'Preview, light' }).waitFor()
  await soon(pageColor).toBe('#f7f8ff')
  await page.getByRole('button', { name: 'All readable' }).waitFor()
  await page.getByRole('button', { name: 'Add light mode' }).waitFor({ state: 'detached' })
  await page.getByRole('radio', { name: 'Dark' }).press('Space')
  await soon(pageColor).toBe(night)
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('button', { name: 'Add light mode' }).waitFor()
})

test('a name, a logo, icons and a place for the navigation go from the studio into the console', async () => {
  const svg = (inside: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${inside}</svg>`
  await page.goto(`${console_.url}/studio`)
  await page.getByRole('tab', { name: 'Branding' }).click()
  const panel = page.getByRole('tabpanel', { name: 'Branding' })
  await panel.getByLabel('Name of the console').fill('Acme')
  const choose = async (button: string, ...files: { name: string; text: string }[]) => {
    const chooser = page.waitForEvent('filechooser')
    await panel.getByRole('button', { name: button }).click()
    await (await chooser).setFiles(
      files.map(({ name, text }) => ({ name, mimeType: 'image/svg+xml', buffer: Buffer.from(text) })),
    )
  }
  await choose('Choose an SVG for the logo', { name: 'page.svg', text: '<html><script>1</script></html>' })
  await page.getByText('The logo was not taken').waitFor()
  await choose('Choose an SVG for the logo', {
    name: 'l.svg',
    text: svg('<rect width="24" height="24" fill="#c00"/>'),
  })
  await panel.getByRole('img', { name: 'Logo of the theme' }).waitFor()
  await choose('Choose icons', { name: 'puzzle.svg', text: svg('<path d="M2 2h9v9H2z"/>') })
  await panel.getByText(/^1 of \d+ are the theme/).waitFor()
  await panel.getByRole('radio', { name: 'At the top' }).press('Space')
  const scene = page.locator('.s-scene__inner--top')
  await scene.getByText('Acme').waitFor()
  await scene.locator('.s-scene__brand img').waitFor({ state: 'attached' })

  await page.getByLabel('Name of the theme').fill('Acme look')
  const mask = () =>
    page.locator('.c-nav svg.lucide-puzzle').evaluate((icon) => getComputedStyle(icon).maskImage)
  await page.getByText('Try on the console').click()
  await page.locator('.c-nav--top .c-brand').waitFor()
  await soon(() => page.title()).toBe('Theme studio · Acme')
  await soon(mask).toContain('data:image/svg+xml')
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.locator('.c-nav:not(.c-nav--top)').waitFor()
  await soon(() => page.title()).toBe('Theme studio · Mortise')
  await soon(mask).toBe('none')

  await page.getByRole('button', { name: 'Package' }).click()
  const dialog = page.getByRole('dialog', { name: 'Package the theme' })
  await dialog.getByRole('button', { name: 'Install here' }).click()
  const sheet = page.getByRole('dialog', { name: 'Install Acme look?' })
  await sheet.getByText(/brings the name “Acme”/).waitFor()
  await sheet.getByRole('button', { name: 'Install', exact: true }).click()
  await dialog.getByRole('button', { name: 'Use it' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.locator('.c-nav--top .c-brand').waitFor()
  await soon(() => page.title()).toBe('Theme studio · Acme')
  await soon(mask).toContain('data:image/svg+xml')
  await client.uninstall('theme-acme-look')
  await page.locator('.c-nav:not(.c-nav--top)').waitFor()
  await soon(mask).toBe('none')
})

test('fonts of an installed theme are in the draft, on the preview, on trial and in the package', async () => {
  await client.request('POST', '/plugins/install', { name: 'theme-paper' })
  await client.request('POST', '/plugins/theme-paper/enable')
  await page.goto(`${console_.url}/studio?from=theme-paper%2Fpaper`)
  await soon(() => page.getByLabel('Name of the theme').inputValue()).toBe('Paper')
  const faces = () =>
    page.evaluate(() =>
      [...document.fonts]
        .filter(({ status }) => status === 'loaded')
        .map(({ family }) => family.replaceAll(/["\\]/g, ''))
        .filter((family) => family.includes('Newsreader')),
    )
  await soon(faces).toEqual(['draft/Newsreader'])
  const family = (selector: string) =>
    page.locator(selector).evaluate((part) => getComputedStyle(part).fontFamily)
  expect(await family('.s-stage')).toContain('draft/Newsreader')
  expect(await family('body')).not.toContain('Newsreader')

  await page.getByText('Try on the console').click()
  await soon(() => family('body')).toContain('draft/Newsreader')
  await soon(faces).toEqual(['draft/Newsreader', 'draft/Newsreader'])
  await page.getByRole('button', { name: 'Stop' }).click()
  await soon(faces).toEqual(['draft/Newsreader'])

  await page.getByLabel('Name of the theme').fill('Paper two')
  await page.getByRole('button', { name: 'Package' }).click()
  const dialog = page.getByRole('dialog', { name: 'Package the theme' })
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Download' }).click(),
  ])
  const files = unzipSync(readFileSync(await download.path()))
  const { contributes } = JSON.parse(strFromU8(files['manifest.json']!))
  const [font] = contributes.themes[0].fonts
  expect(font).toMatchObject({ family: 'Newsreader', weight: [200, 800], style: 'normal' })
  const original = new URL('../../../examples/theme-paper/dist/fonts/newsreader-latin.woff2', import.meta.url)
  expect(Buffer.compare(files[font.path]!, readFileSync(original))).toBe(0)

  await dialog.getByRole('button', { name: 'Install here' }).click()
  const sheet = page.getByRole('dialog', { name: 'Install Paper two?' })
  await sheet.getByRole('button', { name: 'Install', exact: true }).click()
  await dialog.getByRole('button', { name: 'Use it' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await soon(faces).toContain('theme-paper-two/Newsreader')
  expect(await family('body')).toContain('theme-paper-two/Newsreader')
  await client.uninstall('theme-paper-two')
  await client.uninstall('theme-paper')
}, 60_000)

test('a color that a brand sets is repaired and changed in that brand', async () => {
  const sets = (hex: string) => [{ color: { text: { muted: { $type: 'color', $value: hex } } } }]
  const document = {
    version: '2025.10',
    modifiers: {
      // In two modes no one color passes on both grounds.
      mode: { contexts: { light: [] }, default: 'light' },
      brand: { contexts: { plain: [], acme: sets('#9aa0a6') }, default: 'plain' },
    },
    resolutionOrder: [{ $ref: '#/modifiers/mode' }, { $ref: '#/modifiers/brand' }],
  }
  await page.goto(`${console_.url}/studio`)
  await page.getByRole('heading', { name: 'Theme studio', level: 1 }).waitFor()
  await dropFiles([{ name: 'brands.resolver.json', text: JSON.stringify(document) }])
  await soon(() => page.getByLabel('Name of the theme').inputValue()).toBe('Brands')
  await page.getByRole('tab', { name: /^Contrast/ }).click()
  const card = page
    .getByRole('list', { name: 'Repairs' })
    .getByRole('listitem')
    .filter({ hasText: 'Brand acme' })
    .first()
  expect(await card.textContent()).toContain('color.text.muted')
  const muted = () =>
    stage().evaluate((part) => getComputedStyle(part).getPropertyValue('--m-color-text-muted'))
  const plain = await muted()
  await card
    .getByRole('button', { name: /^color\.text\.muted/ })
    .first()
    .click()
  await soon(muted).toBe('rgb(154 160 166)')
  await page.getByText('sets this itself: what you change stays there.').waitFor()
  await page.getByRole('tab', { name: /^Contrast/ }).click()
  await page.getByRole('button', { name: 'Fix color.text.muted in Brand acme' }).click()
  await page.getByText('Every pair can be read').waitFor()
  await soon(muted).not.toBe('rgb(154 160 166)')
  const field = page.getByLabel('Hex or any CSS color')
  await page.getByRole('tab', { name: 'Token' }).click()
  await field.fill('#30343a')
  await soon(muted).toBe('rgb(48 52 58)')
  await page
    .getByRole('toolbar', { name: 'Preview' })
    .getByRole('button', { name: /Brand|acme/ })
    .click()
  await page.getByRole('option', { name: 'plain' }).click()
  await soon(muted).toBe(plain)
})

test('the sign-in page wears what the host prefers', async () => {
  await using branded = await start({}, { appearance: { theme: { plugin: 'theme-harbor', id: 'harbor' } } })
  const there = createClient(branded)
  await there.request('POST', '/plugins/install', { name: 'theme-harbor' })
  await there.request('POST', '/plugins/theme-harbor/enable')
  const stranger = await browser.newContext()
  const door = await stranger.newPage()
  await door.goto(branded.url)
  await door.getByRole('heading', { name: 'Sign in to Harbor' }).waitFor()
  await door.locator('img.c-brand--mark').waitFor()
  expect(await door.title()).toBe('Sign in · Harbor')
  // Nothing else is told to whoever has not signed in.
  expect((await stranger.request.get(`${branded.url}/api/v1/theme`)).status()).toBe(401)
  await stranger.close()
})

test('a link from a stranger loads nothing, runs nothing and paints nothing but the preview', async () => {
  const evil = 'https://evil.test/x'
  const values = {
    'color.surface.page': `red;background:url(${evil})`,
    'color.surface.base': { colorSpace: `url(${evil})`, components: [0, 0, 0] },
    'color.text.default': { colorSpace: 'srgb', components: [0, 0, 0], alpha: 0 },
    'font.family.sans': [`x"}body{display:none}@import url(${evil});`, `url(${evil})`],
    'font.size.md': { value: 900, unit: 'px' },
    'space.4': { value: -500, unit: 'px' },
    'shadow.raised': { color: '#f00', offsetX: 0, offsetY: 0, blur: 0, spread: { value: 5000, unit: 'px' } },
  }
  const types = { c: 'color', f: 'fontFamily', s: 'dimension' } as const
  const light = Object.fromEntries(
    Object.entries(values).map(([path, $value]) => [
      path,
      {
        $type:
          path === 'shadow.raised' ? 'shadow' : path === 'font.size.md' ? 'dimension' : types[path[0] as 'c'],
        $value,
      },
    ]),
  )
  const draft = {
    name: '<img src=x onerror=alert(1)>',
    version: '1.0.0',
    source: { document: { '</style><script>alert(1)</script>': { $type: 'color', $value: `url(${evil})` } } },
    edits: { light },
  }
  const packed = deflateRawSync(JSON.stringify(draft)).toString('base64url')

  const other = await context.newPage()
  const asked: string[] = []
  other.on('request', (request) => asked.push(request.url()))
  other.on('dialog', (dialog) => asked.push(`dialog ${dialog.message()}`))
  await other.goto(`${console_.url}/studio#draft=${packed}`)
  await soon(() => other.getByLabel('Name of the theme').inputValue()).toBe(draft.name)
  const preview = other.getByRole('region', { name: /^Preview, / })
  const [{ width }, whole] = [(await preview.boundingBox())!, other.viewportSize()!]
  expect(await painted(preview, Math.round(width) - 8, 300)).toBe('#f8f9fa')
  expect(await painted(other, whole.width - 20, 26)).toBe('#f8f9fa')

  await other.getByText('Try on the console').click()
  await other.getByRole('button', { name: 'Stop' }).waitFor()
  expect(await painted(other, whole.width - 20, 26)).toBe('#f8f9fa')
  const rules = await other.evaluate(() =>
    document.adoptedStyleSheets
      .flatMap((sheet) => [...sheet.cssRules].map(({ cssText }) => cssText))
      .join('\n'),
  )
  expect(rules).not.toMatch(/evil|url\(|@import|display/)
  await other.getByRole('button', { name: 'Stop' }).click()
  await other.close()
  expect(asked.filter((url) => !url.startsWith(console_.url) && !url.startsWith('blob:'))).toEqual([])
})

test('nothing was thrown and no policy was violated', () => {
  expect(problems).toEqual({ errors: [], policy: [] })
})
