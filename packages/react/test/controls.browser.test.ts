import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestPages, type TestPages } from './open-page.ts'
import type {} from './page/fixture.ts'

let pages: TestPages
let page: Page
let problems: string[]

beforeAll(async () => {
  pages = await openTestPages()
})
afterAll(() => pages[Symbol.asyncDispose]())
beforeEach(async () => {
  ;({ page, problems } = await pages.open('controls'))
})
afterEach(async () => {
  expect(problems).toEqual([])
  await page.close()
})

const said = () => page.evaluate(() => window.fixture.said)
const focused = () => page.evaluate(() => document.activeElement?.textContent)
const button = (name: string) => page.getByRole('button', { name, exact: true })

test('a button is pressed by Enter and by Space', async () => {
  await button('Press').focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Space')
  expect(await said()).toEqual(['pressed', 'pressed'])
})

test('a disabled button cannot be reached, one that is loading can but does nothing', async () => {
  await button('Press').focus()
  await page.keyboard.press('Tab')
  expect(await focused()).toContain('Loading')
  await page.keyboard.press('Enter')
  await button('Disabled').click({ force: true })
  expect(await said()).toEqual([])
})

test('the keyboard walks a menu past what is disabled, acts, and comes back to the button', async () => {
  await button('Menu').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'One' }).waitFor()
  await expect.poll(focused).toBe('One')
  await page.keyboard.press('ArrowDown')
  await expect.poll(focused).toBe('Two')
  await page.keyboard.press('Enter')
  await page.getByRole('menu').waitFor({ state: 'detached' })
  expect(await said()).toEqual(['two'])
  await expect.poll(focused).toBe('Menu')
})

test('Escape closes a menu without acting', async () => {
  await button('Menu').click()
  await page.getByRole('menu').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('menu').waitFor({ state: 'detached' })
  expect(await said()).toEqual([])
})

test('a select opens, moves and chooses by keyboard', async () => {
  await page.getByRole('button', { name: /State/ }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('option', { name: 'Alpha' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('listbox').waitFor({ state: 'detached' })
  expect(await said()).toEqual(['state b'])
  expect(await page.getByRole('button', { name: /State/ }).textContent()).toBe('Beta')
})

test('a dialog takes the focus, keeps it, and gives it back', async () => {
  await button('Open dialog').focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Settings' })
  await dialog.waitFor()
  for (let presses = 0; presses < 6; presses++) {
    await page.keyboard.press('Tab')
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true)
  }
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(focused).toBe('Open dialog')
})

test('a question starts on the safe answer and is not closed by a press beside it', async () => {
  await button('Ask').click()
  const question = page.getByRole('alertdialog', { name: 'Uninstall?' })
  await question.waitFor()
  await expect.poll(focused).toBe('Cancel')
  await page.mouse.click(5, 5)
  expect(await question.isVisible()).toBe(true)
  await button('Uninstall').click()
  await question.waitFor({ state: 'detached' })
  expect(await said()).toEqual(['confirmed'])
})

test('a table says how it is sorted, and turns by keyboard', async () => {
  const header = page.getByRole('columnheader', { name: 'Name' })
  const names = () => page.locator('tbody .m-table__press').allTextContents()
  expect(await header.getAttribute('aria-sort')).toBe('none')
  expect(await names()).toEqual(['w-10', 'w-9', 'w-1'])
  await header.getByRole('button').focus()
  await page.keyboard.press('Enter')
  expect(await header.getAttribute('aria-sort')).toBe('ascending')
  expect(await names()).toEqual(['w-1', 'w-9', 'w-10'])
  await page.keyboard.press('Enter')
  expect(await names()).toEqual(['w-10', 'w-9', 'w-1'])
})

test('the whole row is the target of its first cell, its actions are not', async () => {
  const note = await page.locator('tbody td', { hasText: '–' }).first().boundingBox()
  await page.mouse.click(note!.x + 5, note!.y + 5)
  await page.getByRole('button', { name: 'Act' }).first().click()
  expect(await said()).toEqual(['row w-10', 'action w-10'])
})

test('a toast can be undone, and is gone then', async () => {
  await button('Toast').click()
  const toast = page.getByRole('alertdialog').filter({ hasText: 'Hibernated' })
  await toast.getByRole('button', { name: 'Undo' }).click()
  await toast.waitFor({ state: 'detached' })
  expect(await said()).toEqual(['undone'])
})

test('a field with an error is marked invalid and described by it', async () => {
  const field = page.getByLabel('Address')
  expect(await field.getAttribute('aria-invalid')).toBe('true')
  const ids = (await field.getAttribute('aria-describedby'))?.split(' ') ?? []
  const texts = await Promise.all(
    ids.map((id) => page.evaluate((of) => document.getElementById(of)?.textContent, id)),
  )
  expect(texts.join(' ')).toContain('Is not an address.')
})

test('a link shows the real host and refuses an address that runs code', async () => {
  const links = await page
    .locator('a')
    .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href))
  expect(links).toEqual(['https://user@xn--e1afmkfd.example/x'])
  expect(await page.locator('.m-outbound__host').textContent()).toBe('xn--e1afmkfd.example')
  expect(await page.getByText('Unsafe').evaluate((element) => element.closest('a'))).toBe(null)
})
