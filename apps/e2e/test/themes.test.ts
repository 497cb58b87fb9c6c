import { fixturePlugin, launchChromium, type RunningConsole } from '@mortise/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, collectProblems, createClient, type Problems, start } from '../src/index.ts'

let console_: RunningConsole
let client: Client
let browser: Browser
let page: Page
let problems: Problems

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
  await expect.poll(() => property('--m-color-text-muted')).toBe('rgb(176 168 156)')

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
  await expect.poll(() => property('--m-color-text-muted')).not.toBe('rgb(176 168 156)')
  expect(await property('--m-color-surface-page')).toBe('rgb(253 246 236)')

  // The choice is kept, and the first paint already has it.
  const color = await property('--m-color-text-muted')
  await page.reload()
  expect(await property('--m-color-text-muted')).toBe(color)
  await repaired.getByRole('button', { name: 'Use the original colors' }).click()
  await expect.poll(() => property('--m-color-text-muted')).toBe('rgb(176 168 156)')
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

test('nothing was thrown and no policy was violated', () => {
  expect(problems).toEqual({ errors: [], policy: [] })
})
