import type { PluginRecord } from '@mortise/contract'
import type { BrowserContext, Page } from 'playwright-core'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { findBarriers } from '../src/accessibility.ts'
import { openConsole, useConsole } from '../src/index.ts'

// Every page, tab and dialog by the rules of WCAG 2.2 AA that a program can check: names, roles, contrast,
// landmarks, headings. What only a person can judge (order, words, keys) is in the other journeys.

const stage = useConsole()

const installed = ['session-list', 'session-chart', 'session-states', 'slack-notifications']
/** Pages by their path, with what stands on them once they are loaded. */
const pages: readonly (readonly [path: string, shown: string | RegExp])[] = [
  ['/', 'Sessions over time'],
  ['/sessions', 'release-notes'],
  ['/users', 'Amara Okonkwo'],
  ['/templates', 'JupyterLab'],
  ['/plugins', 'Slack Notifications'],
  ['/webhooks', 'No webhooks yet'],
  ['/activity', 'plugin.installed'],
  ['/appearance', 'More themes'],
  ['/studio', 'Theme studio'],
  ['/installed/session-list', 'Installed by'],
  ['/nowhere', 'There is no page at this address'],
]

beforeAll(async () => {
  for (const name of installed) {
    const { body } = await stage.client.request('POST', '/plugins/install', { name })
    const { id, permissions } = body as PluginRecord
    await stage.client.grant(id, Object.fromEntries(permissions.map((each) => [each.name, true])))
    await stage.client.request('POST', `/plugins/${id}/enable`)
  }
})

const screens = [
  { colorScheme: 'light', width: 1440 },
  { colorScheme: 'dark', width: 390 },
] as const

let page: Page
let context: BrowserContext

beforeEach(async () => {
  ;({ page, context } = await openConsole(stage.browser, stage.console))
})
afterEach(() => context.close())

async function look(what: string): Promise<void> {
  // A tab or dialog stands once its last placeholder has gone.
  await page.locator('.m-skeleton').first().waitFor({ state: 'detached' })
  expect(await findBarriers(page), what).toEqual([])
}

test.each(pages)(
  'assistive technology finds its way on %s and its tabs',
  { timeout: 90_000 },
  async (path, shown) => {
    for (const { colorScheme, width } of screens) {
      const screen = `${colorScheme}, ${width} pixels wide`
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 900 })
      await page.goto(stage.console.url + path)
      await page.getByText(shown).filter({ visible: true }).first().waitFor()
      await look(screen)
      for (const tab of await page.getByRole('tab').all()) {
        await tab.click()
        await look(`${screen}, ${await tab.textContent()}`)
      }
    }
  },
)

test.each(['light', 'dark'] as const)(
  'it does in panels, dialogs and where a person signs in: %s',
  { timeout: 90_000 },
  async (colorScheme) => {
    // Asking to install a plugin uploads it.
    await stage.client.request('DELETE', '/plugins/build-board')
    await page.emulateMedia({ colorScheme })

    await page.goto(`${stage.console.url}/sessions`)
    await page.getByRole('row', { name: 'release-notes' }).click()
    await page.getByRole('complementary').getByRole('heading', { name: 'release-notes' }).waitFor()
    await look('panel of a session')

    await page.getByRole('button', { name: 'New session' }).click()
    const dialog = page.getByRole('dialog', { name: 'New session' })
    await dialog.getByRole('button', { name: 'Create session' }).click()
    await dialog.getByText('Choose what the session is made from.').waitFor()
    await look('a form that lacks something')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })

    await page.keyboard.press('Control+k')
    await page.getByRole('option').first().waitFor()
    await look('command palette')

    await page.goto(`${stage.console.url}/plugins`)
    await page.getByRole('tab', { name: 'Catalog' }).click()
    await page.getByRole('button', { name: 'Install Build Board' }).click()
    await page.getByRole('dialog', { name: 'Install Build Board?' }).waitFor()
    await look('what a plugin asks for')

    await context.clearCookies()
    await page.goto(`${stage.console.url}/sign-in`)
    await page.getByLabel('Sign-in token').waitFor()
    await look('sign-in')
  },
)
