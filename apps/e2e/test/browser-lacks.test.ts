import { launchChromium, type RunningConsole } from '@mortise/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, openConsole, start } from '../src/index.ts'

let console_: RunningConsole
let client: Client
let browser: Browser

beforeAll(async () => {
  ;[console_, browser] = await Promise.all([start(), launchChromium()])
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

test('a browser that enforces Connection-Allowlist is told nothing', async () => {
  const { page, problems, context } = await openConsole(browser, console_)
  const probe = page.waitForEvent('requestfailed', (request) => request.url().endsWith('?unlisted'))
  await openPermissions(page)
  await probe
  await page.waitForFunction(() => !document.querySelector('iframe[src$="probe.html"]'))
  expect(await page.getByText(notice).count()).toBe(0)
  expect(problems.errors.filter((error) => !error.includes('unlisted'))).toEqual([])
  await context.close()
})

test('in a browser that ignores the header, people are told before they grant anything to a frame', async () => {
  const { page, context } = await openConsole(browser, console_)
  await page.route('**/sandbox/probe.html', async (route) => {
    const response = await route.fetch()
    const { 'connection-allowlist': _unknown, ...headers } = response.headers()
    await route.fulfill({ response, headers })
  })
  await openPermissions(page)
  await page.getByText(notice).waitFor()
  await context.close()
})
