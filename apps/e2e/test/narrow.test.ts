import { fixturePlugin } from '@mortise/testing'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { openConsole, useConsole } from '../src/index.ts'

const stage = useConsole()

/** Places whose text does not fit on the page that is shown: names of rows that are cut off, and what sticks out. */
const cutOff = (page: Page) =>
  page.evaluate(() => {
    const name = (element: Element) => element.textContent?.trim() ?? ''
    const cut = [...document.querySelectorAll('.c-strong, .m-table__cell--fill, h1')]
      .filter(({ scrollWidth, clientWidth }) => clientWidth > 1 && scrollWidth > clientWidth + 1)
      .map(name)
    const wide = document.documentElement.scrollWidth > window.innerWidth
    return wide ? [...cut, `the page is ${document.documentElement.scrollWidth} wide`] : cut
  })

beforeAll(async () => {
  const { status } = await stage.client.upload(
    fixturePlugin({
      manifest: {
        name: 'incident-notes',
        version: '1.0.0',
        displayName: 'Incident notes',
        description: 'Writes a note about every session that ends, with all that a long description needs.',
        type: 'webhook',
        author: 'Somebody',
        permissions: [],
        configSchema: {
          type: 'object',
          required: ['room'],
          properties: { room: { type: 'string', title: 'Room' } },
        },
      },
      files: { 'index.js': 'module.exports = {}' },
    }),
  )
  expect(status).toBe(201)
})

test.each([
  { screen: 'a telephone', width: 390 },
  { screen: 'a tablet', width: 768 },
])('on $screen every page fits and no name is cut off', async ({ width }) => {
  const { page, context } = await openConsole(stage.browser, stage.console)
  await page.setViewportSize({ width, height: 844 })
  for (const path of [
    '/',
    '/sessions',
    '/users',
    '/templates',
    '/plugins',
    '/installed/incident-notes',
    '/webhooks',
    '/activity',
    '/appearance',
    '/studio',
  ]) {
    await page.goto(`${stage.console.url}${path}`)
    await page.getByRole('main').locator('h1, [role=tablist], [role=radiogroup]').first().waitFor()
    await expect.poll(() => cutOff(page), { message: path }).toEqual([])
  }
  await context.close()
})

test('on a telephone a row says what its plugin needs, and leads there', async () => {
  const { page, context } = await openConsole(stage.browser, stage.console)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${stage.console.url}/plugins`)
  const row = page.getByRole('row', { name: /Incident notes/ })
  await row.getByText('Needs configuration').filter({ visible: true }).waitFor()
  await row.getByRole('button', { name: 'Configure Incident notes' }).click()
  await page.getByLabel('Room').fill('Lobby')
  await context.close()
})
