import type { Locator, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { expectReports, openConsole, type Problems, useConsole } from '../src/index.ts'
import { active, hostilePictures } from './attacks/hostile-pictures.ts'

// Icons of a theme in the real console: what they reach, and what they do not.

const stage = useConsole()
let page: Page
let problems: Problems

// The page's policy also holds for the inert document in which a hostile picture is taken apart.
expectReports(/\/assets\/clean-svg-/)

beforeAll(async () => {
  ;({ page, problems } = await openConsole(stage.browser, stage.console))
})

const poll = <T>(look: () => T) => expect.poll(look, { timeout: 15_000 })
const svg = (inside: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${inside}</svg>`

/** The address of the picture an icon is drawn through; empty where it is the built-in one. */
const maskOf = (icon: Locator) =>
  icon.first().evaluate((element) => {
    const { maskImage } = getComputedStyle(element)
    return maskImage === 'none' ? '' : decodeURIComponent(maskImage.slice(5, -2))
  })
const icon = (name: string) => page.locator(`.c-nav svg.lucide-${name}`)

async function wear(id: string, icons: Readonly<Record<string, string>>): Promise<void> {
  const files = Object.fromEntries(Object.entries(icons).map(([name, text]) => [`${name}.svg`, text]))
  const paths = Object.fromEntries(Object.keys(icons).map((name) => [name, `${name}.svg`]))
  await stage.client.install({
    manifest: {
      name: `theme-${id}`,
      version: '1.0.0',
      displayName: id,
      description: 'A theme of the tests.',
      type: 'theme',
      author: 'Test',
      permissions: [],
      contributes: { themes: [{ id, label: id, path: 't.json', icons: paths }] },
    },
    files: { 't.json': '{}', ...files },
  })
  await stage.client.request('PUT', '/theme', { theme: { plugin: `theme-${id}`, id } })
}

test('an example theme draws the icons of the console, in the color of the text, and takes them along', async () => {
  await stage.client.request('POST', '/plugins/install', { name: 'theme-rosewood' })
  await stage.client.request('POST', '/plugins/theme-rosewood/enable')
  expect(await maskOf(icon('puzzle'))).toBe('')
  await stage.client.request('PUT', '/theme', { theme: { plugin: 'theme-rosewood', id: 'rosewood' } })
  await poll(() => maskOf(icon('puzzle'))).toMatch(/^data:image\/svg\+xml,<svg/)
  const look = await icon('puzzle').evaluate((element) => {
    const { color, backgroundColor, width } = getComputedStyle(element)
    const [path] = element.children
    return { same: color === backgroundColor, width, path: path && getComputedStyle(path).display }
  })
  expect(look).toEqual({ same: true, width: '16px', path: 'none' })

  // Where the system forces its colors no theme does.
  await page.emulateMedia({ forcedColors: 'active' })
  expect(await maskOf(icon('puzzle'))).toBe('')
  await page.emulateMedia({ forcedColors: null })

  // A part of the page that shows another theme, such as the preview of the studio, keeps the built-in ones.
  await page.goto(`${stage.console.url}/studio`)
  await poll(() => maskOf(icon('puzzle'))).not.toBe('')
  expect(await maskOf(page.locator('.s-stage svg.lucide-puzzle'))).toBe('')

  await stage.client.uninstall('theme-rosewood')
  await poll(() => maskOf(icon('puzzle'))).toBe('')
})

test('icons that are hostile run nothing, load nothing and refer to nothing', async () => {
  const requests: string[] = []
  const note = (request: { url(): string }) => void requests.push(request.url())
  page.on('request', note)
  const pwned = () =>
    page.evaluate(() => Object.assign(window, { pwned: () => document.body.setAttribute('pwned', '') }))
  await pwned()
  await wear('hostile', {
    puzzle: hostilePictures.active,
    users: hostilePictures.mutating,
    webhook: hostilePictures.outside,
    activity: svg('<path d="M2 2h9v9H2z"/>'),
  })
  await page.goto(stage.console.url)
  await pwned()
  await poll(() => maskOf(icon('activity'))).not.toBe('')
  await page.waitForTimeout(1000)
  for (const name of ['puzzle', 'users', 'webhook']) expect(await maskOf(icon(name))).not.toMatch(active)
  expect(await page.locator('[pwned]').count()).toBe(0)
  expect(
    requests.filter((url) => new URL(url).origin !== stage.console.url && !/^(data|blob):/.test(url)),
  ).toEqual([])
  page.off('request', note)
})

test('an icon with nothing to see, one that is a block and one that cannot be read stay the built-in ones', async () => {
  await wear('empty', {
    puzzle: svg('<path d="M2 2h9v9H2z" fill="none"/>'),
    users: svg('<path d="M0 0h24v24H0z"/>'),
    webhook: svg('<path d="M2 2h9'),
    activity: svg('<path d="M2 2h9v9H2z"/>'),
  })
  await page.goto(stage.console.url)
  await poll(() => maskOf(icon('activity'))).not.toBe('')
  for (const name of ['puzzle', 'users', 'webhook']) expect(await maskOf(icon(name))).toBe('')
})

test("the host's questions keep their icons", async () => {
  await wear(
    'imposter',
    Object.fromEntries(
      ['package', 'user', 'x', 'info', 'puzzle'].map((name) => [name, svg('<path d="M2 2h9v9H2z"/>')]),
    ),
  )
  await stage.client.request('POST', '/plugins/install', { name: 'session-list' })
  await page.goto(`${stage.console.url}/plugins`)
  await poll(() => maskOf(icon('puzzle'))).not.toBe('')
  await page.getByRole('button', { name: /^Review/ }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByText('Author').waitFor()
  for (const name of ['package', 'user', 'x']) {
    expect(await sheet.locator(`svg.lucide-${name}`).count()).toBeGreaterThan(0)
    expect(await maskOf(sheet.locator(`svg.lucide-${name}`))).toBe('')
  }
})

test('nothing was thrown', () => {
  expect(problems.errors).toEqual([])
})
