import { launchChromium, type RunningConsole } from '@mortise/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, openConsole, type Problems, start } from '../src/index.ts'

// A plugin fails, a person finds what it missed and hands it over again.
// Each test goes on where the one before stopped.

let console_: RunningConsole
let browser: Browser
let page: Page
let problems: Problems

beforeAll(async () => {
  ;[console_, browser] = await Promise.all([start(), launchChromium()])
  ;({ page, problems } = await openConsole(browser, console_))
  const client = createClient(console_)
  await client.install({
    manifest: {
      name: 'fragile',
      version: '1.0.0',
      displayName: 'Fragile',
      description: 'Fails at first.',
      type: 'webhook',
      author: 'Tests',
      permissions: ['read:sessions'],
    },
    files: {
      'index.js': `
        let failures = 3
        module.exports = {
          onSessionCreated() { if (failures-- > 0) throw new Error('the channel is gone') },
        }`,
    },
  })
  for (const name of ['one', 'two', 'three'])
    await client.calls([['sessions.create', [{ template: 'firefox', user: 'mira', name }]]])
})

afterAll(async () => {
  await Promise.all([browser?.close(), console_?.stop()])
})

const rows = () => page.getByRole('table', { name: 'Deliveries' }).locator('tbody tr')

async function choose(state: string): Promise<void> {
  await page.getByRole('button', { name: /State/ }).click()
  await page.getByRole('option', { name: state }).click()
}

test('what was given up is listed with its reason', async () => {
  await page.goto(`${console_.url}/installed/fragile/deliveries`)
  await page.getByText('0 waiting, 3 given up').waitFor()
  await choose('Given up')
  await expect.poll(() => rows().count()).toBe(3)
  await expect.poll(() => rows().first().textContent()).toContain('the channel is gone')
  await choose('Delivered')
  await page.getByText('No delivery is in this state').waitFor()
  await choose('All deliveries')
})

test('one delivery is replayed from its row', async () => {
  await rows()
    .first()
    .getByRole('button', { name: /Actions for delivery/ })
    .click()
  await page.getByRole('menuitem', { name: 'Replay this event' }).click()
  await page.getByText('1 delivery starts over').waitFor()
  await page.getByText('0 waiting, 2 given up').waitFor()
  await expect.poll(() => rows().first().textContent()).toContain('Delivered')
})

test('all that was given up is replayed at once', async () => {
  await page.getByRole('button', { name: 'Replay all given up' }).click()
  await page.getByText('2 deliveries start over').waitFor()
  await page.getByText('0 waiting, 0 given up').waitFor()
  await page.getByRole('button', { name: 'Replay all given up' }).waitFor({ state: 'detached' })
})

test('everything since an event is replayed after a question, by keyboard', async () => {
  await rows()
    .nth(1)
    .getByRole('button', { name: /Actions for delivery/ })
    .focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Replay all since this event…' }).focus()
  await page.keyboard.press('Enter')
  const question = page.getByRole('alertdialog', { name: 'Replay all since this session.created?' })
  await question.getByRole('button', { name: 'Replay all since' }).click()
  await question.waitFor({ state: 'detached' })
  await page.getByText('2 deliveries start over').last().waitFor()
  await page.getByText('0 waiting, 0 given up').waitFor()
  expect(problems).toEqual({ errors: [], policy: [] })
})
