import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchChromium, type RunningConsole } from '@mortise/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, openConsole, type Problems, start } from '../src/index.ts'

// A person on a new console looks at the themes that are there before anything
// is installed, and takes one.

let console_: RunningConsole
let client: Client
let browser: Browser
let page: Page
let problems: Problems

beforeAll(async () => {
  ;[console_, browser] = await Promise.all([start(), launchChromium()])
  client = createClient(console_)
  ;({ page, problems } = await openConsole(browser, console_))
})

afterAll(async () => {
  await Promise.all([browser?.close(), console_?.stop()])
})

const more = () => page.getByRole('list', { name: 'More themes' }).first()
const card = (name: string) =>
  more()
    .locator('> li')
    .filter({ has: page.getByRole('heading', { name, exact: true }) })
const radio = (name: string) =>
  page.getByRole('radiogroup', { name: 'Theme' }).getByRole('radio', { name, exact: true })
const pageColor = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)

/** What a picture paints its modes with. */
const halves = (name: string) =>
  card(name)
    .locator('.c-picture__half')
    .evaluateAll((all) => all.map((half) => getComputedStyle(half).backgroundColor))

test('a new console shows the themes of the catalog, drawn from their tokens in each mode they have', async () => {
  await page.goto(`${console_.url}/appearance`)
  await page.getByRole('heading', { name: 'Clear', exact: true }).waitFor()
  const names = await more().getByRole('heading').allTextContents()
  expect(names).toEqual(['Clear', 'Harbor', 'Midnight', 'Moss', 'Paper', 'Rosewood'])
  await expect.poll(() => more().locator('.c-picture__half').count()).toBe(11)
  const seen = new Map<string, readonly string[]>()
  for (const name of names) seen.set(name, await halves(name))
  expect(seen.get('Harbor')).toEqual(['oklch(0.974 0.0065 230)', 'oklch(0.2 0.026 232)'])
  expect(seen.get('Midnight')).toHaveLength(1)
  expect(new Set([...seen.values()].flat()).size).toBe(11)
  // No picture of a picture, and nothing is installed by looking.
  expect(await more().locator('img').count()).toBe(0)
  expect((await client.request('GET', '/plugins')).body).toMatchObject({ total: 0 })
})

test('the keyboard installs one, approves it, finds it among those that can be chosen, and chooses it', async () => {
  const before = await pageColor()
  await page.getByRole('button', { name: 'Install Harbor' }).focus()
  await page.keyboard.press('Enter')
  const sheet = page.getByRole('dialog', { name: 'Install Harbor?' })
  await sheet.getByText('Asks for no permissions').waitFor()
  expect(await pageColor()).toBe(before)
  const approve = sheet.getByRole('button', { name: 'Install', exact: true })
  for (let presses = 0; presses < 20; presses++) {
    if (await approve.evaluate((button) => button === document.activeElement)) break
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Enter')
  await sheet.waitFor({ state: 'detached' })
  await expect.poll(() => radio('Harbor').evaluate((input) => input === document.activeElement)).toBe(true)
  expect(await card('Harbor').count()).toBe(0)
  await page.keyboard.press('Space')
  await expect.poll(pageColor).toBe('oklch(0.974 0.0065 230)')
  expect(await radio('Harbor').isChecked()).toBe(true)
})

test('whoever cancels leaves everything as it was', async () => {
  await page.getByRole('button', { name: 'Install Moss' }).click()
  await page
    .getByRole('dialog', { name: 'Install Moss?' })
    .getByRole('button', { name: 'Cancel and remove' })
    .click()
  await page.getByRole('button', { name: 'Install Moss' }).waitFor()
  expect(await radio('Moss').count()).toBe(0)
  expect((await client.request('GET', '/plugins')).body).toMatchObject({ total: 1 })
})

test('an approval put off is taken up again from the card, and so is a theme that was turned off', async () => {
  await client.request('POST', '/plugins/install', { name: 'theme-moss' })
  await page.getByRole('button', { name: 'Review Moss' }).click()
  const sheet = page.getByRole('dialog', { name: 'What may Moss do?' })
  await sheet.getByRole('button', { name: 'Approve' }).click()
  await radio('Moss').waitFor({ state: 'attached' })
  await client.request('POST', '/plugins/theme-moss/disable')
  await page.getByRole('button', { name: 'Review Moss' }).waitFor()
  expect(await radio('Moss').count()).toBe(0)
})

test('a theme of the catalog opens in the studio without being installed', async () => {
  await card('Paper').getByRole('link', { name: 'Open Paper in studio' }).click()
  await page.getByRole('heading', { name: 'Theme studio', level: 1 }).waitFor()
  await expect.poll(() => page.getByLabel('Name of the theme').inputValue()).toBe('Paper')
  expect((await client.request('GET', '/plugins/theme-paper')).status).toBe(404)
})

test('a hostile theme of a catalog loads nothing, runs nothing and paints nothing but its picture', async () => {
  const evil = 'https://evil.test/x'
  const color = (value: unknown) => ({ $type: 'color', $value: value })
  const document_ = {
    color: {
      surface: {
        page: color(`red;background:url(${evil})`),
        base: color({ colorSpace: `url(${evil})`, components: [0, 0, 0] }),
        sunken: color('#102030'),
      },
      text: { default: color('image-set(url(https://evil.test/y) 1x)') },
    },
    font: {
      family: { sans: { $type: 'fontFamily', $value: [`x"}body{display:none}@import url(${evil});`] } },
    },
    '</style><script>document.title="pwned"</script>': color(`url(${evil})`),
    shadow: { raised: { $type: 'shadow', $value: `0 0 0 9999px red, url(${evil})` } },
  }
  const catalog = await mkdtemp(join(tmpdir(), 'mortise-catalog-'))
  const folder = join(catalog, 'theme-evil')
  await mkdir(folder)
  const manifest = {
    name: 'theme-evil',
    version: '1.0.0',
    displayName: '<img src=x onerror=alert(1)>',
    description: '<script>alert(1)</script>',
    type: 'theme',
    author: 'Mallory',
    permissions: [],
    entrypoints: { theme: 'theme.tokens.json' },
  }
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest))
  await writeFile(
    join(folder, 'theme.tokens.json'),
    JSON.stringify(document_).replace('{', '{"__proto__":{"polluted":1},'),
  )
  await using hostile = await start({}, { catalog })
  const opened = await openConsole(browser, hostile)
  const asked: string[] = []
  opened.page.on('request', (request) => asked.push(request.url()))
  opened.page.on('dialog', (dialog) => asked.push(`dialog ${dialog.message()}`))
  const look = () =>
    opened.page.evaluate(() => [
      getComputedStyle(document.body).backgroundColor,
      getComputedStyle(document.body).display,
      document.title,
      ({} as { polluted?: number }).polluted,
    ])
  await opened.page.goto(`${hostile.url}/appearance`)
  await expect.poll(() => opened.page.title()).toBe('Appearance · Mortise')
  const before = await look()
  const half = opened.page.locator('li.c-theme .c-picture__half').first()
  await half.waitFor()
  // The one value that is a color is painted; of the others nothing is left.
  expect(await half.locator('.c-picture__nav').evaluate((nav) => getComputedStyle(nav).backgroundColor)).toBe(
    'rgb(16, 32, 48)',
  )
  expect(await half.getAttribute('style')).not.toMatch(/evil|url|@import|display|9999px red/)
  expect(await look()).toEqual(before)
  expect(asked.filter((url) => !url.startsWith(hostile.url) && !url.startsWith('data:'))).toEqual([])
  expect(opened.problems).toEqual({ errors: [], policy: [] })
  await opened.context.close()
})

test('nothing was thrown and no policy was violated', () => {
  expect(problems).toEqual({ errors: [], policy: [] })
})
