import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openTestPages, type TestPages } from './open-page.ts'
import type {} from './page/fixture.ts'

let pages: TestPages
let page: Page
let problems: string[]

beforeAll(async () => {
  pages = await openTestPages()
})
afterAll(() => pages[Symbol.asyncDispose]())
afterEach(async () => {
  expect(problems).toEqual([])
  await page.close()
})

const step = (name: string) => page.evaluate((of) => window.fixture.step!(of), name)
const colorOf = (selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => getComputedStyle(element).getPropertyValue('--m-color-surface-page'))
/** The color of the frame's own document. */
const frameColor = async () => {
  const frame = page.frames().find((each) => each.url().includes('frame0.localhost'))
  return frame?.locator('#area').evaluate((element) => getComputedStyle(element).backgroundColor)
}
/** What each part wears: the last number names the theme, the first what holds. */
const looks = async () => ({
  page: await colorOf('[data-probe=page]'),
  inside: await colorOf('[data-probe=inside]'),
  nested: await colorOf('[data-probe=nested]'),
  worker: await colorOf('[data-slot="test.main"] .m-frame__body *'),
  frame: await frameColor(),
})
const rgb = (first: number, theme: number) => `rgb(${first}, 0, ${theme})`
const open = async () => {
  ;({ page, problems } = await pages.open('themes'))
  await page.locator('iframe').first().waitFor({ state: 'attached' })
  await page.getByText('Log:').waitFor()
  await expect.poll(looks).toEqual({
    page: rgb(0, 0),
    inside: rgb(0, 100),
    nested: rgb(0, 150),
    worker: rgb(0, 100),
    frame: rgb(0, 100),
  })
}

test('host components, worker widgets and frames wear the scope around them, a scope in a scope its own', async () => {
  await open()
  await page.getByRole('button', { name: 'Open a menu' }).click()
  expect(await colorOf('.m-menu')).toBe(rgb(0, 100))
  await page.keyboard.press('Escape')
})

test('a slot with a theme wears it with its frames, and what is around it again without', async () => {
  await open()
  await step('slot: clay')
  await expect.poll(frameColor).toBe(rgb(0, 200))
  expect(await colorOf('[data-slot="test.frames"]')).toBe(rgb(0, 200))
  expect(await looks()).toMatchObject({ inside: rgb(0, 100), worker: rgb(0, 100), page: rgb(0, 0) })
  await step('slot: none')
  await expect.poll(frameColor).toBe(rgb(0, 100))
  expect(await colorOf('[data-slot="test.frames"]')).toBe(rgb(0, 100))
})

test('another theme of a scope comes without a moment in the theme of the page', async () => {
  await open()
  const seen = await page.evaluate(async () => {
    const probe = document.querySelector('[data-probe=inside]')!
    const seen = new Set<string>()
    const look = () => seen.add(getComputedStyle(probe).getPropertyValue('--m-color-surface-page'))
    window.fixture.step!('outer: clay')
    while (!seen.has('rgb(0, 0, 200)')) {
      look()
      await new Promise(requestAnimationFrame)
    }
    return [...seen]
  })
  expect(seen).toEqual([rgb(0, 100), rgb(0, 200)])
  await expect.poll(looks).toEqual({
    page: rgb(0, 0),
    inside: rgb(0, 200),
    nested: rgb(0, 150),
    worker: rgb(0, 200),
    frame: rgb(0, 200),
  })
})

test('what the system prefers holds in every scope that leaves it open, in page and frames', async () => {
  await open()
  const all = (first: number, nested = first) => ({
    page: rgb(first, 0),
    inside: rgb(first, 100),
    nested: rgb(nested, 150),
    worker: rgb(first, 100),
    frame: rgb(first, 100),
  })
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect.poll(looks).toEqual(all(1, 0))
  await page.emulateMedia({ contrast: 'more' })
  await expect.poll(looks).toEqual(all(5, 2))
  await page.emulateMedia({ colorScheme: 'light', contrast: 'no-preference', reducedMotion: 'reduce' })
  await expect.poll(looks).toEqual(all(3))
  await page.emulateMedia({ reducedMotion: 'no-preference', forcedColors: 'active' })
  await expect.poll(() => colorOf('[data-probe=inside]')).toBe('CanvasText')
  expect(await colorOf('[data-probe=nested]')).toBe('CanvasText')
  // The sheet of the first paint says so itself, and means it.
  expect(await colorOf('[data-probe=page]')).toBe('Canvas')
  await page.emulateMedia({ forcedColors: 'none' })
  await expect.poll(looks).toEqual(all(0))
})

test('a part that runs right to left has the values of that direction, in its frames too', async () => {
  await open()
  await step('direction: rtl')
  await expect.poll(looks).toEqual({
    page: rgb(0, 0),
    inside: rgb(4, 100),
    nested: rgb(4, 150),
    worker: rgb(4, 100),
    frame: rgb(4, 100),
  })
  await step('direction: ltr')
  await expect.poll(frameColor).toBe(rgb(0, 100))
})
