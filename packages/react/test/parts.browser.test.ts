import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestPages, type TestPages } from './open-page.ts'
import type {} from './page/fixture.ts'

// A plain module in a worker, the real engine and its guard, a page under the console's policy.
let pages: TestPages
let page: Page
let problems: string[]

beforeAll(async () => {
  pages = await openTestPages()
})
afterAll(() => pages[Symbol.asyncDispose]())
beforeEach(async () => {
  ;({ page, problems } = await pages.open('parts'))
  page.setDefaultTimeout(12_000)
  await page.getByText('in a card').waitFor()
  // What loads later has loaded when the last of it is there.
  await page.getByRole('tab').first().waitFor()
  await page.getByRole('img', { name: 'Sessions, line' }).waitFor()
  await page.getByRole('heading', { name: 'Release notes' }).waitFor()
})
afterEach(async () => {
  expect(problems).toEqual([])
  await page.close()
})

const button = (name: string) => page.getByRole('button', { name, exact: true })
const logged = (text: string) => page.getByText(`Log: ${text}`, { exact: true }).waitFor()
const table = (name: string) => page.getByRole('table', { name })
const step = (name: string) => page.evaluate((of) => window.fixture.step!(of), name)
const texts = (selector: string) => page.locator(selector).allTextContents()

test('fields tell the plugin what a person chose, and a form is sent', async () => {
  await page.getByLabel('Note').pressSequentially('two\nlines', { delay: 10 })
  expect(await page.getByLabel('Note').inputValue()).toBe('two\nlines')
  await page.locator('.m-number__step[slot=increment]').click()
  await logged('minutes 6')
  await page.getByLabel('Day').fill('2026-02-01')
  await logged('day "2026-02-01"')
  await page.getByText('Agree').click()
  await logged('agree true')
  await page.getByText('Large').click()
  await logged('plan "b"')
  await button('Send').click()
  await logged('sent')
})

test('tabs are chosen by keyboard and follow their children', async () => {
  const names = () => texts('[role=tab]')
  expect(await names()).toEqual(['One', 'Two7'])
  await page.getByText('first content').waitFor()
  await page.getByRole('tab', { name: 'One' }).focus()
  await page.keyboard.press('ArrowRight')
  await page.getByText('second content').waitFor()
  await logged('tab "two"')
  await button('Change children').click()
  await page.getByRole('tab', { name: 'Late' }).waitFor()
  expect(await names()).toEqual(['Late', 'One', 'Two7'])
  await page.getByText('second content').waitFor()
  expect(await page.getByText('Not a tab').count()).toBe(0)
})

test('a menu has its items, in the state they are in, and says which was chosen', async () => {
  await button('Change children').click()
  await button('More').click()
  expect(await texts('[role=menuitem]')).toEqual(['Wake all', 'Off'])
  expect(await page.getByRole('menuitem', { name: 'Off' }).getAttribute('aria-disabled')).toBe('true')
  await page.getByRole('menuitem', { name: 'Wake all' }).click()
  await logged('wake')
})

test('a table sorts numbers as numbers, and tells of a pressed row and a chosen action', async () => {
  const first = () => table('Sessions').locator('tbody tr td:first-child').allTextContents()
  expect(await first()).toEqual(['beta', 'alpha'])
  await table('Sessions').getByRole('button', { name: 'Memory' }).click()
  expect(await first()).toEqual(['beta', 'alpha'])
  await table('Sessions').getByRole('button', { name: 'Name' }).click()
  expect(await first()).toEqual(['alpha', 'beta'])
  await table('Sessions').getByRole('button', { name: 'alpha' }).click()
  await logged('row "a"')
  await table('Sessions').getByRole('button', { name: 'Actions' }).first().click()
  await page.getByRole('menuitem', { name: 'Stop' }).click()
  await logged('action {"row":"a","action":"stop"}')
})

test('a table is dropped as a whole where a value does not fit', async () => {
  expect(await page.getByText('dropped').count()).toBe(1)
  expect(await page.getByText('too many').count()).toBe(1)
  expect(await table('Prototype').locator('tbody').textContent()).toBe('––')
  expect(await table('Sessions').locator('tbody tr').last().textContent()).not.toContain('native code')
  expect(
    await page.evaluate(() => ({}) as { polluted?: number }).then((value) => value.polluted),
  ).toBeUndefined()
})

test('a dialog opens only after a press in the widget, under the name of the plugin', async () => {
  // The plugin opened it while it started, and was told that it is closed.
  await logged('dialog closed')
  expect(await page.getByRole('dialog').count()).toBe(0)
  await button('Open at once').click()
  const dialog = page.getByRole('dialog', { name: 'Rename session' })
  await dialog.getByText('Live plugin').waitFor()
  await dialog.getByLabel('New name').fill('x')
  await dialog.getByRole('button', { name: 'Close' }).click()
  await dialog.waitFor({ state: 'detached' })
  await button('Open at once').click()
  await dialog.waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
})

test('one press opens one dialog', async () => {
  await button('Open twice').click()
  await page.getByRole('dialog').waitFor()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await logged('dialog closed')
  expect(await page.getByRole('dialog').count()).toBe(0)
})

test('a dialog neither opens over one of the host nor covers it', async () => {
  const question = page.getByRole('dialog', { name: 'A question of the host' })
  await logged('dialog closed')
  await button('Open at once').click()
  await page.getByRole('dialog', { name: 'Rename session' }).waitFor()
  await step('ask')
  await question.waitFor()
  const top = await page.evaluate(() => {
    const seen = document.elementFromPoint(innerWidth / 2, innerHeight / 2)
    return seen?.closest('.m-overlay')?.classList.contains('m-overlay--guest')
  })
  expect(top).toBe(false)
  await question.getByRole('button', { name: 'Close' }).click()
  await question.waitFor({ state: 'detached' })
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await button('Open over the host').click()
  await logged('armed')
  await step('ask')
  await question.waitFor()
  await step('red')
  // The plugin is told that its dialog is closed: it was never opened.
  await page.waitForFunction(() => document.querySelector('h5')?.textContent === 'Log: dialog closed')
  await expect.poll(() => page.getByRole('dialog').count()).toBe(1)
  await question.waitFor()
})

test('pictures come from the package or from their own bytes, and from nowhere else', async () => {
  const sources = await page
    .locator('main img, img')
    .evaluateAll((images) => images.map((image) => image.getAttribute('src')))
  expect(sources.map((source) => source?.slice(0, 22))).toEqual([
    'data:image/png;base64,',
    '/plugin-files/live/1.0',
  ])
  expect(await page.getByRole('img', { name: 'refused' }).count()).toBe(10)
})

test('markdown becomes components, and its HTML stays text', async () => {
  const notes = page.locator('.m-markdown').first()
  await notes.getByRole('heading', { name: 'Release notes', level: 3 }).waitFor()
  expect(await notes.locator('b, img, script, [onclick]').count()).toBe(0)
  expect(await notes.textContent()).toContain('<b onclick="alert(1)">raw</b>')
  expect(
    await notes.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
  ).toEqual(['https://example.com/a', 'https://example.com/auto'])
  expect(await notes.getByRole('listitem').allTextContents()).toEqual(['one', 'two'])
  expect(await notes.getByRole('cell').allTextContents()).toEqual(['1', '2'])
})

test('a chart says its numbers in words and in a table, and draws no hostile ones', async () => {
  const chart = page.getByRole('figure').filter({ hasText: 'running' })
  const picture = chart.getByRole('img')
  expect(await picture.getAttribute('aria-label')).toContain('running: from 1 to 5, last 5')
  expect(
    await picture
      .locator('path')
      .evaluateAll((paths) => paths.some((path) => path.getAttribute('d')?.includes('NaN'))),
  ).toBe(false)
  await chart.getByRole('button', { name: 'Show as table' }).click()
  expect(await chart.getByRole('row').last().textContent()).toBe('Wed5-4')
  expect(await page.getByText('No data').count()).toBe(2)
})

test('no name of the plugin becomes an id or a name of the page', async () => {
  const ids = await page.evaluate(() => [...document.querySelectorAll('.m-frame [id]')].map(({ id }) => id))
  expect(ids.filter((id) => /^(?:a|b|one|two|constructor|__proto__|name)$/.test(id))).toEqual([])
  expect(
    await page
      .getByRole('group', { name: 'Details' })
      .or(page.getByRole('region', { name: 'Details' }))
      .count(),
  ).toBe(1)
})
