import { readFileSync } from 'node:fs'
import { fixturePlugin, launchChromium, type RunningConsole } from '@mortise/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Client,
  collectProblems,
  createClient,
  expectReports,
  type Problems,
  start,
} from '../src/index.ts'
import { active, hostilePictures } from './attacks/hostile-pictures.ts'

let console_: RunningConsole
let client: Client
let browser: Browser
let page: Page
let problems: Problems

// The page's policy also holds for the inert document in which a hostile picture is taken apart.
expectReports(/\/assets\/clean-svg-/)

beforeAll(async () => {
  ;[console_, browser] = await Promise.all([start(), launchChromium()])
  client = createClient(console_)
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  context.setDefaultTimeout(15_000)
  page = await context.newPage()
  problems = await collectProblems(page)
  await page.goto(console_.signInUrl)
  await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor()
})

afterAll(async () => {
  await Promise.all([browser?.close(), console_?.stop()])
})

/** A theme package: its token document and more of its manifest where given. */
function themePackage(id: string, document: unknown, contribution: object = {}) {
  return {
    manifest: {
      name: `theme-${id}`,
      version: '1.0.0',
      displayName: id,
      description: 'A theme of the tests.',
      type: 'theme',
      author: 'Test',
      permissions: [],
      entrypoints: { theme: 'theme.tokens.json' },
      contributes: { themes: [{ id, label: id, path: 'theme.tokens.json', ...contribution }] },
    },
    files: { 'theme.tokens.json': JSON.stringify(document) },
  }
}

/** As long as a busy machine needs. */
const poll = <T>(look: () => T) => expect.poll(look, { timeout: 15_000 })

const property = (name: string, selector = ':root') =>
  page.evaluate(
    ([name, selector]) => getComputedStyle(document.querySelector(selector!)!).getPropertyValue(name!),
    [name, selector],
  )

const faint = {
  color: {
    $type: 'color',
    surface: { page: { $value: '#fdf6ec' } },
    text: { muted: { $value: '#b0a89c' } },
  },
}

test('names the pairs of a theme that are hard to read, and repairs them', async () => {
  await client.install(themePackage('faint', faint))
  await page.goto(`${console_.url}/appearance`)
  await page.getByRole('radiogroup', { name: 'Theme' }).getByText('faint').first().click()
  await poll(() => property('--m-color-text-muted')).toBe('rgb(176 168 156)')

  const report = page.getByRole('note').filter({ hasText: 'hard to read' })
  await report.waitFor()
  expect(await report.textContent()).toMatch(/faint has \d+ pairs of colors that are hard to read/)
  const pair = report.getByRole('listitem').filter({ hasText: 'color.text.muted' }).first()
  expect(await pair.textContent()).toMatch(/Selected row \(light\).*color\.accent\.soft.*2\.\d:1 of 4\.5:1/)
  expect(await report.textContent()).toContain('then every pair passes')
  await page.getByRole('radio', { name: 'faint' }).waitFor({ state: 'attached' })

  await report.getByRole('button', { name: 'Use repaired colors' }).click()
  const repaired = page.getByRole('note').filter({ hasText: 'shown with repaired colors' })
  await repaired.waitFor()
  await poll(() => property('--m-color-text-muted')).not.toBe('rgb(176 168 156)')
  expect(await property('--m-color-surface-page')).toBe('rgb(253 246 236)')

  // The choice is kept, and the first paint already has it.
  const color = await property('--m-color-text-muted')
  await page.reload()
  expect(await property('--m-color-text-muted')).toBe(color)
  await repaired.getByRole('button', { name: 'Use the original colors' }).click()
  await poll(() => property('--m-color-text-muted')).toBe('rgb(176 168 156)')
  await report.getByRole('button', { name: 'Go back to Mortise' }).click()
  await report.waitFor({ state: 'detached' })
})

test('says before approval that a theme is hard to read', async () => {
  await page.goto(`${console_.url}/plugins`)
  await page.locator('input[type=file]').setInputFiles({
    name: 'dim.mortise',
    mimeType: 'application/zip',
    buffer: Buffer.from(fixturePlugin(themePackage('dim', faint))),
  })
  const sheet = page.getByRole('dialog', { name: 'Install dim?' })
  await sheet.getByText(/dim has \d+ pairs of colors that are hard to read/).waitFor()
  await sheet.getByRole('button', { name: 'Cancel and remove' }).click()
  await sheet.waitFor({ state: 'detached' })
})

/** Colors, type, space and place of a prompt and all that is in it. */
const looks = (selector: string) =>
  page.evaluate((selector) => {
    const root = document.querySelector(selector)!
    return [root, ...root.querySelectorAll('*')].map((element) => {
      const style = getComputedStyle(element)
      const { left, top, width, height } = element.getBoundingClientRect()
      const { color, backgroundColor, fontFamily, fontSize, borderColor, opacity, colorScheme, boxShadow } =
        style
      return {
        color,
        backgroundColor,
        fontFamily,
        fontSize,
        borderColor,
        opacity,
        colorScheme,
        boxShadow,
        left,
        top,
        width,
        height,
      }
    })
  }, selector)

const asker = `
  export default { widgets: { ask({ root, permissions }) {
    const button = document.createElement('m-button')
    button.append('Ask')
    button.addEventListener('press', () => permissions.request('write:sessions', 'Because.'))
    root.append(button)
  } } }`

async function openPrompt() {
  await page.goto(console_.url)
  await page.getByRole('article', { name: 'Asker' }).getByRole('button', { name: 'Ask' }).click()
  const prompt = page.getByRole('alertdialog', { name: 'Asker asks for a permission' })
  await prompt.getByRole('button', { name: 'Allow' }).isEnabled()
  await page.waitForTimeout(1000)
  const seen = await looks('[role=alertdialog]')
  await prompt.getByRole('button', { name: 'Not now' }).click()
  await prompt.waitFor({ state: 'detached' })
  return seen
}

test("no theme changes what the host's question looks like", async () => {
  await client.install({
    manifest: {
      name: 'asker',
      version: '1.0.0',
      displayName: 'Asker',
      description: 'Asks.',
      type: 'extension',
      author: 'Mallory',
      permissions: ['write:sessions'],
      entrypoints: { ui: 'ask.js' },
      contributes: { widgets: [{ id: 'ask', title: 'Asker', slot: 'dashboard.main' }] },
    },
    files: { 'ask.js': asker },
    grant: [],
  })
  await client.request('PUT', '/theme', { theme: null })
  const fair = await openPrompt()
  expect(fair.length).toBeGreaterThan(15)

  const page_ = { $value: '#777777' }
  await client.install(
    themePackage('blank', {
      color: {
        $type: 'color',
        surface: Object.fromEntries(
          ['page', 'base', 'raised', 'sunken', 'overlay'].map((name) => [name, page_]),
        ),
        text: Object.fromEntries(
          ['default', 'muted', 'subtle', 'onAccent', 'link'].map((name) => [name, page_]),
        ),
        accent: Object.fromEntries(['solid', 'solidHover', 'soft', 'text'].map((name) => [name, page_])),
        risk: { high: { text: page_, soft: page_, border: page_ } },
      },
      font: {
        family: { sans: { $type: 'fontFamily', $value: ['Wingdings', 'cursive'] } },
        size: {
          $type: 'dimension',
          md: { $value: { value: 48, unit: 'px' } },
          sm: { $value: { value: 10, unit: 'px' } },
        },
      },
      space: { $type: 'dimension', 4: { $value: { value: 96, unit: 'px' } } },
      shadow: {
        overlay: {
          $type: 'shadow',
          $value: { color: '#777777', offsetX: '80px', offsetY: '80px', blur: '0px', spread: '80px' },
        },
      },
    }),
  )
  await client.request('PUT', '/theme', { theme: { plugin: 'theme-blank', id: 'blank' } })
  const attacked = await openPrompt()
  // The attack does reach the page around it.
  expect(await property('--m-color-text-default')).toBe('rgb(119 119 119)')
  expect(attacked).toEqual(fair)

  // Nor what the plugin's page says it may do.
  await page.goto(`${console_.url}/plugins`)
  await page.getByText('Asker', { exact: true }).first().click()
  await page.getByRole('tab', { name: 'Permissions' }).click()
  await page.locator('.c-permissions').waitFor()
  const list = await looks('.c-permissions')
  await client.request('PUT', '/theme', { theme: null })
  await poll(() => property('--m-color-text-default')).not.toBe('rgb(119 119 119)')
  const before = (all: typeof list) => all.map(({ left: _, top: __, width: ___, ...look }) => look)
  expect(before(list)).toEqual(before(await looks('.c-permissions')))
})

test('follows the system until a person says otherwise, and keeps what they said', async () => {
  await client.request('PUT', '/theme', { theme: null, mode: 'system', contrast: 'system' })
  await page.goto(`${console_.url}/appearance`)
  const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)
  const group = (name: string) => page.getByRole('radiogroup', { name, exact: true })
  await page.emulateMedia({ colorScheme: 'dark' })
  await poll(scheme).toBe('dark')
  const normal = await property('--m-color-text-muted')
  await page.emulateMedia({ contrast: 'more' })
  await poll(() => property('--m-color-text-muted')).not.toBe(normal)
  await group('Contrast').getByText('Normal').click()
  await poll(() => property('--m-color-text-muted')).toBe(normal)
  await group('Mode').getByText('Light').click()
  await poll(scheme).toBe('light')
  const row = await property('--m-size-row')
  await group('Density').getByText('Compact').click()
  await poll(() => property('--m-size-row')).not.toBe(row)
  expect(await property('--m-duration-normal')).not.toBe('0ms')
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await poll(() => property('--m-duration-normal')).toBe('0ms')
  await group('Motion').getByText('Full').click()
  await poll(() => property('--m-duration-normal')).not.toBe('0ms')
  const chosen = await property('--m-size-row')
  await page.reload()
  expect([await scheme(), await property('--m-size-row')]).toEqual(['light', chosen])
  await group('Density').getByText('Same as theme').click()
  await poll(() => property('--m-size-row')).toBe(row)
  await page.emulateMedia({ colorScheme: null, contrast: null, reducedMotion: null })
  await client.request('PUT', '/theme', { mode: 'system', contrast: 'system', motion: 'system' })
})

test('the first paint is in the theme of the person, in every mode of the system', async () => {
  await client.request('POST', '/plugins/install', { name: 'theme-moss' })
  await client.request('POST', '/plugins/theme-moss/enable')
  await client.request('PUT', '/theme', { theme: { plugin: 'theme-moss', id: 'moss' } })
  for (const media of [
    { colorScheme: 'dark' },
    { colorScheme: 'light', contrast: 'more' },
    { colorScheme: 'dark', contrast: 'more' },
  ] as const) {
    const fresh = await page.context().newPage()
    await fresh.emulateMedia(media)
    await fresh.addInitScript(() => {
      const seen = new Set<string>()
      Object.assign(window, { seen })
      const look = () => {
        if (document.body) {
          const { backgroundColor, colorScheme } = getComputedStyle(document.body)
          seen.add(`${backgroundColor} ${colorScheme}`)
        }
        requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
    })
    await fresh.goto(console_.url)
    await fresh.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor()
    await fresh.waitForTimeout(300)
    const seen = await fresh.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen])
    expect(seen).toHaveLength(1)
    expect(seen[0]).toContain(media.colorScheme)
    await fresh.close()
  }
})

test('uninstalling the theme in use brings the built-in look back at once', async () => {
  await page.goto(`${console_.url}/appearance`)
  await page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
  const moss = await property('--m-color-surface-page')
  await client.uninstall('theme-moss')
  await poll(() => property('--m-color-surface-page')).not.toBe(moss)
})

test('a theme that is uninstalled while the page opens is not kept on it', async () => {
  await client.request('POST', '/plugins/install', { name: 'theme-moss' })
  await client.request('POST', '/plugins/theme-moss/enable')
  await client.request('PUT', '/theme', { theme: { plugin: 'theme-moss', id: 'moss' } })
  const context = await browser.newContext({ storageState: await page.context().storageState() })
  const opening = await context.newPage()
  // The moment between what the page reads and its feed, as long as the test needs it.
  const asked = Promise.withResolvers<void>()
  const gone = Promise.withResolvers<void>()
  await opening.routeWebSocket(/events\/stream/, async (line) => {
    asked.resolve()
    await gone.promise
    line.connectToServer()
  })
  const read = Promise.all(
    ['/theme', '/plugins'].map((path) => opening.waitForResponse(`${console_.url}/api/v1${path}`)),
  )
  await opening.goto(console_.url)
  await Promise.all([read, asked.promise])
  const color = () =>
    opening.evaluate(() =>
      getComputedStyle(document.documentElement).getPropertyValue('--m-color-surface-page'),
    )
  const moss = await color()
  await client.uninstall('theme-moss')
  expect(await color()).toBe(moss)
  gone.resolve()
  await poll(color).not.toBe(moss)
  await context.close()
})

test.each(Object.entries(hostilePictures))(
  'a logo that is %s runs nothing, loads nothing and refers to nothing',
  async (id, logo) => {
    const theme = themePackage(`logo-${id}`, {}, { branding: { name: 'Acme', logo: 'logo.svg' } })
    await client.install({ ...theme, files: { ...theme.files, 'logo.svg': logo } })
    const requests: string[] = []
    const note = (request: { url(): string }) => void requests.push(request.url())
    page.on('request', note)
    await page.evaluate(() => Object.assign(window, { pwned: () => document.body.setAttribute('pwned', '') }))
    await client.request('PUT', '/theme', { theme: { plugin: `theme-logo-${id}`, id: `logo-${id}` } })
    await page.goto(console_.url)
    await page.evaluate(() => Object.assign(window, { pwned: () => document.body.setAttribute('pwned', '') }))
    const brand = page.locator('.c-nav__head')
    await brand.getByText('Acme').waitFor()
    await page.waitForTimeout(1500)
    const picture = brand.locator('img')
    if ((await picture.count()) > 0) {
      const source = decodeURIComponent((await picture.getAttribute('src'))!)
      expect(source).toMatch(/^data:image\/svg\+xml,<svg/)
      expect(source).not.toMatch(active)
      const { width, height } = (await picture.boundingBox())!
      expect([width <= 96, height <= 24]).toEqual([true, true])
    } else expect(id).not.toBe('active')
    expect(await page.locator('[pwned]').count()).toBe(0)
    expect(
      requests.filter((url) => new URL(url).origin !== console_.url && !/^(data|blob):/.test(url)),
    ).toEqual([])
    page.off('request', note)
    await client.uninstall(`theme-logo-${id}`)
  },
)

test('the same picture shown as it is would have done it', async () => {
  const control = await browser.newPage()
  const asked: string[] = []
  control.on('request', (request) => asked.push(request.url()))
  await control.addInitScript(() =>
    Object.assign(window, { pwned: () => document.documentElement.setAttribute('pwned', '') }),
  )
  await control.goto('about:blank')
  await control.setContent(hostilePictures.active)
  await poll(() => control.locator('html[pwned]').count()).toBe(1)
  expect(asked.some((url) => url.startsWith('https://evil.test/'))).toBe(true)
  await control.close()
})

test('a theme brings a name, a logo, a place for the navigation and fonts, and takes them along when it goes', async () => {
  for (const name of ['harbor', 'paper']) {
    await client.request('POST', '/plugins/install', { name: `theme-${name}` })
    await client.request('POST', `/plugins/theme-${name}/enable`)
  }
  await page.goto(`${console_.url}/appearance`)
  const group = page.getByRole('radiogroup', { name: 'Theme' })
  await group.getByText('Harbor').first().click()
  await page.locator('.c-nav--top .c-brand').waitFor()
  expect(
    await page
      .locator('.c-brand')
      .first()
      .evaluate((image: HTMLImageElement) => image.decode().then(() => true)),
  ).toBe(true)
  await poll(() => page.title()).toBe('Appearance · Harbor')
  const nav = (await page.getByRole('navigation', { name: 'Main' }).boundingBox())!
  expect(nav.width).toBeGreaterThan(nav.height * 5)

  await group.getByText('Paper').first().click()
  await page.locator('.c-nav:not(.c-nav--top)').waitFor()
  await poll(() => page.title()).toBe('Appearance · Mortise')
  const shown = () => page.evaluate(() => getComputedStyle(document.body).fontFamily)
  await poll(shown).toContain('theme-paper/Newsreader')
  expect(await page.evaluate(() => document.fonts.check('16px "theme-paper/Newsreader"'))).toBe(true)
  // The host's question keeps its type.
  const question = await openPrompt()
  expect(new Set(question.map(({ fontFamily }) => fontFamily.split(',')[0]))).not.toContain(
    '"theme-paper/Newsreader"',
  )

  await client.uninstall('theme-paper')
  await page.goto(`${console_.url}/appearance`)
  expect(await shown()).not.toContain('Newsreader')
  await client.uninstall('theme-harbor')
})

test("a font that calls itself the host's own does not draw the host's words", async () => {
  const font = readFileSync(
    new URL('../../../examples/theme-paper/dist/fonts/newsreader-latin.woff2', import.meta.url),
  )
  const theme = themePackage(
    'lookalike',
    { font: { family: { sans: { $type: 'fontFamily', $value: ['Inter Variable'] } } } },
    { fonts: [{ family: 'Inter Variable', path: 'f.woff2', weight: [200, 800] }] },
  )
  await client.request('PUT', '/theme', { theme: null })
  const fair = await openPrompt()
  await client.install({ ...theme, files: { ...theme.files, 'f.woff2': font } })
  await client.request('PUT', '/theme', { theme: { plugin: 'theme-lookalike', id: 'lookalike' } })
  const attacked = await openPrompt()
  expect(await page.evaluate(() => getComputedStyle(document.body).fontFamily)).toContain(
    'theme-lookalike/Inter Variable',
  )
  // Other glyphs would be of other widths.
  expect(attacked).toEqual(fair)
  await client.uninstall('theme-lookalike')
})

test('nothing was thrown', () => {
  expect(problems.errors).toEqual([])
})
