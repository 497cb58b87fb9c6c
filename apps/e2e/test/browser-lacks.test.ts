import { launchBrowser, type RunningConsole, testBrowser } from '@mortise/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, openConsole, start } from '../src/index.ts'

let console_: RunningConsole
let client: Client
let browser: Browser

beforeAll(async () => {
  ;[console_, browser] = await Promise.all([start(), launchBrowser()])
  client = createClient(console_)
  await client.install({
    manifest: {
      name: 'framed',
      version: '1.0.0',
      displayName: 'Framed',
      description: 'Draws in a frame.',
      type: 'extension',
      author: 'Test',
      permissions: ['read:sessions'],
      surface: 'frame',
      entrypoints: { ui: 'frame.js' },
      contributes: { widgets: [{ id: 'main', title: 'Framed', slot: 'dashboard.main' }] },
    },
    files: { 'frame.js': "export default { widgets: { main({ root }) { root.textContent = 'up' } } }" },
    grant: [],
  })
})

afterAll(async () => {
  await Promise.all([browser?.close(), console_?.stop()])
})

/** As a press on the plugin does. */
async function openPermissions(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Plugins' }).click()
  await page
    .getByRole('button', { name: /Framed/ })
    .first()
    .click()
  await page.getByRole('tab', { name: 'Permissions' }).click()
}

const notice = 'This browser does not hold frames completely'
const widget = (page: Page) => page.getByRole('article', { name: 'Framed' })

/** Makes any browser one that does not know the header. */
async function ignoreHeader(page: Page): Promise<void> {
  await page.route('**/sandbox/probe.html', async (route) => {
    const response = await route.fetch()
    const { 'connection-allowlist': _unknown, ...headers } = response.headers()
    await route.fulfill({ response, headers })
  })
}

if (testBrowser() === 'chromium')
  test('a browser that enforces Connection-Allowlist starts frames and is told nothing', async () => {
    const { page, problems, context } = await openConsole(browser, console_)
    await page.frameLocator('iframe[src*="framed.localhost"]').getByText('up').waitFor()
    await openPermissions(page)
    await page.waitForFunction(() => !document.querySelector('iframe[src$="probe.html"]'))
    expect(await page.getByText(notice).count()).toBe(0)
    expect(problems.errors.filter((error) => !error.includes('unlisted'))).toEqual([])
    await context.close()
  })

test('in a browser that ignores the header a frame starts when a person says so, and not again once they take it back', async () => {
  const { page, context } = await openConsole(browser, console_)
  if (testBrowser() === 'chromium') {
    await ignoreHeader(page)
    await page.reload()
  }
  const start = widget(page).getByRole('button', { name: 'Start anyway' })
  await start.waitFor()
  expect(await widget(page).textContent()).toContain('Framed was not started')
  expect(await page.locator('iframe[src*="framed.localhost"]').count()).toBe(0)
  await openPermissions(page)
  await page.getByText(notice).waitFor()

  await page.getByRole('link', { name: 'Dashboard' }).click()
  await start.click()
  const up = page.frameLocator('iframe[src*="framed.localhost"]').getByText('up')
  await up.waitFor()
  // This browser remembers.
  await page.reload()
  await up.waitFor()

  await openPermissions(page)
  await page.getByText('You let Framed 1.0.0 start here all the same.').waitFor()
  await page.getByRole('button', { name: 'Do not start it in this browser' }).click()
  await page.getByRole('link', { name: 'Dashboard' }).click()
  await start.waitFor()
  await context.close()
}, 120_000)
