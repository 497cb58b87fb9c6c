import { verifySignature } from '@mortise/server/webhooks'
import { type Canary, canaryServer, launchChromium, type RunningConsole } from '@mortise/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, openConsole, type Problems, start } from '../src/index.ts'

// A person gives an address, sees that it works, and gets what happens signed.
// Each test goes on where the one before stopped.

let receiver: Canary
let console_: RunningConsole
let browser: Browser
let page: Page
let problems: Problems
let secret: string

beforeAll(async () => {
  receiver = await canaryServer()
  ;[console_, browser] = await Promise.all([
    start({ MORTISE_ALLOW_PRIVATE_HOSTS: new URL(receiver.url).host }),
    launchChromium(),
  ])
  ;({ page, problems } = await openConsole(browser, console_))
})

afterAll(async () => {
  await Promise.all([browser?.close(), console_?.stop(), receiver?.close()])
})

test('an address that is not public is refused with the reason', async () => {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Webhooks' }).click()
  await page.getByRole('heading', { name: 'Webhooks', level: 1 }).waitFor()
  await page.getByRole('button', { name: 'New webhook' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New webhook' })
  await dialog.getByLabel('Name').fill('My receiver')
  await dialog.getByLabel('URL').fill('http://169.254.169.254/latest/meta-data')
  await dialog.getByRole('button', { name: 'Create webhook' }).click()
  await dialog.getByText('Internal/localhost URLs are not allowed').waitFor()
})

test('a webhook is created and its secret is shown once', async () => {
  const dialog = page.getByRole('dialog', { name: 'New webhook' })
  await dialog.getByLabel('URL').fill(`${receiver.url}/hook`)
  await dialog.getByLabel('Event types').fill('session.*')
  await dialog.getByRole('button', { name: 'Create webhook' }).click()
  const shown = page.getByRole('alertdialog', { name: 'Secret of My receiver' })
  secret = await shown.getByLabel('Secret', { exact: true }).inputValue()
  expect(secret).toMatch(/^whsec_/)
  await shown.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('heading', { name: 'My receiver', level: 2 }).waitFor()
  expect(await page.content()).not.toContain(secret)
})

test('the test button sends at once and the log shows how it went', async () => {
  const panel = page.getByRole('complementary', { name: 'Webhook details' })
  await panel.getByRole('button', { name: 'Send test' }).click()
  await panel.getByText('webhook.test').waitFor()
  await panel.getByText('Delivered · 200').waitFor()
  const request = await receiver.waitFor(({ headers }) => headers['x-sm-event-type'] === 'webhook.test')
  expect(verifySignature(request.body, request.headers['x-sm-signature'], secret)).toBe(true)
})

test('a session that is created arrives as a signed POST and in the log', async () => {
  const [created] = await createClient(console_).calls([
    ['sessions.create', [{ template: 'firefox', user: 'mira', name: 'hooked' }]],
  ])
  expect(created).toMatchObject({ ok: true })
  const { method, url, body, headers } = await receiver.waitFor(
    (request) => request.headers['x-sm-event-type'] === 'session.created',
  )
  expect([method, url, headers['user-agent']]).toEqual(['POST', '/hook', 'ServerMonitor-Webhook/2.3.0'])
  expect(verifySignature(body, headers['x-sm-signature'], secret)).toBe(true)
  expect(JSON.parse(body)).toMatchObject({
    event_type: 'session.created',
    data: { session: { name: 'hooked' } },
  })
  const panel = page.getByRole('complementary', { name: 'Webhook details' })
  await panel.getByText('session.created').waitFor()
})

test('what was sent is sent again, one message or all since one', async () => {
  const panel = page.getByRole('complementary', { name: 'Webhook details' })
  const ids = () =>
    receiver.requests
      .filter(({ headers }) => headers['x-sm-event-type'] === 'session.created')
      .map(({ headers }) => headers['x-sm-event-id'])
  expect(ids()).toHaveLength(1)
  await panel.locator('summary', { hasText: 'session.created' }).first().press('Enter')
  await panel.getByRole('button', { name: 'Send session.created again' }).press('Enter')
  await page.getByText('1 message is sent again').waitFor()
  await expect.poll(ids).toHaveLength(2)

  await panel.getByRole('button', { name: 'Send all since session.created again' }).first().click()
  const question = page.getByRole('alertdialog', { name: 'Send all since this session.created again?' })
  await question.getByRole('button', { name: 'Send all since' }).click()
  await expect.poll(() => ids().length).toBeGreaterThanOrEqual(3)
  expect(new Set(ids()).size).toBe(1)
})

test('a deleted webhook is asked about first and hears nothing more', async () => {
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete webhook' }).click()
  await page.getByText('No webhooks yet').waitFor()
  expect(problems).toEqual({ errors: [], policy: [] })
})
