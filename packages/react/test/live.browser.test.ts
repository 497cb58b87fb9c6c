import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestPages, type TestPages } from './open-page.ts'

let pages: TestPages
let page: Page
let problems: string[]

beforeAll(async () => {
  pages = await openTestPages()
})
afterAll(() => pages[Symbol.asyncDispose]())
beforeEach(async () => {
  ;({ page, problems } = await pages.open('live'))
  await page.getByText('blue 0').waitFor()
})
afterEach(async () => {
  expect(problems).toEqual([])
  await page.close()
})

test('a React widget in a worker is drawn by the host and hears presses', async () => {
  expect(await page.locator('.m-frame').getAttribute('data-state')).toBe('running')
  await page.getByRole('button', { name: 'Add' }).click()
  await page.getByRole('button', { name: 'Add' }).click()
  await page.getByText('blue 2').waitFor()
})

test('typing reaches the widget and comes back without losing a key', async () => {
  await page.getByLabel('Name').pressSequentially('slack notifications')
  await page.getByText('blue 0 slack notifications').waitFor()
  expect(await page.getByLabel('Name').inputValue()).toBe('slack notifications')
})

test('what the slot says arrives without mounting anew', async () => {
  await page.getByRole('button', { name: 'Add' }).click()
  await page.getByText('blue 1').waitFor()
  await page.getByRole('button', { name: 'Change team' }).click()
  await page.getByText('red 1').waitFor()
})

test('a widget that throws later shows as failed and starts again', async () => {
  await page.getByRole('button', { name: 'Break' }).click()
  const failure = page.getByRole('alert')
  await failure.getByText('Live plugin could not be shown').waitFor()
  expect(await failure.textContent()).toContain('Broke on purpose.')
  expect(await failure.textContent()).toContain('PLUGIN_THREW')
  await failure.getByRole('button', { name: 'Retry' }).click()
  await page.getByText('blue 0').waitFor()
})
