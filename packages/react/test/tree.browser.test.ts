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
  ;({ page, problems } = await pages.open('tree'))
  await page.getByRole('button', { name: 'Hibernate' }).waitFor()
})
afterEach(async () => {
  expect(problems).toEqual([])
  await page.close()
})

test('markup in a text stays text', async () => {
  expect(await page.getByRole('heading', { level: 3 }).textContent()).toContain('<img src=x')
  expect(await page.locator('main img').count()).toBe(0)
})

test('an element outside the table draws nothing, its neighbours do', async () => {
  expect(await page.locator('main script, main iframe').count()).toBe(0)
  expect(await page.locator('main').textContent()).not.toContain('stolen = 1\n')
  expect(await page.getByRole('link', { name: 'Help' }).count()).toBe(1)
})

test('no property or attribute of the tree reaches the page but those of the table', async () => {
  const button = page.getByRole('button', { name: 'Hibernate' })
  const seen = await button.evaluate((element) => ({
    id: element.id,
    className: element.className,
    position: getComputedStyle(element).position,
    onclick: element.getAttribute('onclick'),
    html: element.innerHTML.includes('<img'),
  }))
  expect(seen).toMatchObject({ position: 'relative', onclick: null, html: false })
  expect(seen.id).not.toBe('root')
  expect(seen.className).toBe('m-button m-button--primary m-button--sm')
})

test('a press goes to the listener of the table and to no other', async () => {
  await page.getByRole('button', { name: 'Hibernate' }).click()
  expect(await page.evaluate(() => window.fixture.said)).toEqual(['press'])
})

test('a link that runs code is plain text', async () => {
  const trap = page.getByText('Trap')
  expect(await trap.evaluate((element) => element.closest('a'))).toBe(null)
  await trap.click()
  expect(await page.evaluate(() => window.stolen)).toBeUndefined()
})

test('no key is lost while a slow plugin repeats what is typed', async () => {
  const field = page.getByLabel('Echo')
  await field.pressSequentially('a quick brown fox', { delay: 15 })
  // The plugin's last answer is in the tree; the field still says what was typed.
  await page.waitForFunction(() => {
    const nodes = window.fixture.receiver!.root.children
    return nodes.some((node) => node.type === 1 && node.properties.value === 'a quick brown fox')
  })
  expect(await field.inputValue()).toBe('a quick brown fox')
})

test('a plugin may change what was typed', async () => {
  const field = page.getByLabel('Upper')
  await field.press('x')
  await page.waitForFunction(() =>
    [...document.querySelectorAll('input')].some((input) => input.value === 'X'),
  )
  expect(await field.inputValue()).toBe('X')
})

test('text, properties and children change in place', async () => {
  const button = page.getByRole('button', { name: 'Hibernate' })
  const handle = await button.elementHandle()
  await page.evaluate(() => {
    const { receiver } = window.fixture
    const node = receiver!.root.children[1]!
    const text = node.type === 1 ? node.children[0]! : node
    receiver!.connection.mutate([
      [2, text.id, 'Wake'],
      [3, node.id, 'variant', 'danger', 1],
      [3, node.id, 'label', undefined, 1],
    ])
  })
  await page.getByRole('button', { name: 'Wake' }).waitFor()
  expect(
    await handle!.evaluate((element) => [
      element.textContent,
      element.classList.contains('m-button--danger'),
    ]),
  ).toEqual(['Wake', true])
})

test('a small change is drawn with the next frame, a large one in slices, whole and in order', async () => {
  const seen = await page.evaluate(async () => {
    const { receiver } = window.fixture
    const frame = () => new Promise(requestAnimationFrame)
    const text = (id: string) => ({
      id,
      type: 1 as const,
      element: 'm-text',
      properties: {},
      attributes: {},
      eventListeners: {},
      children: [{ id: `${id}-text`, type: 3 as const, data: id }],
    })
    const drawn = () =>
      [...document.querySelectorAll('main .m-w-text')]
        .map((each) => each.textContent)
        .filter((id) => /^[sl]\d/.test(id))
    const insert = (prefix: string, count: number) =>
      receiver?.connection.mutate(
        Array.from({ length: count }, (_, n) => [0, '~', text(`${prefix}${n}`), 0] as const),
      )
    insert('s', 60)
    await frame()
    const small = drawn().length
    insert('l', 3000)
    await frame()
    const first = drawn().length - small
    // The newest goes in front of what is not drawn yet.
    insert('s-late', 1)
    let frames = 0
    while (drawn().length < 3060 && frames < 3000) {
      await frame()
      frames++
    }
    await frame()
    return { small, first, frames, late: document.body.textContent?.includes('s-late0'), order: drawn() }
  })
  expect(seen.small).toBe(60)
  expect(seen.first).toBeGreaterThan(0)
  expect(seen.first).toBeLessThan(1000)
  expect(seen.frames).toBeGreaterThan(2)
  expect(seen.late).toBe(true)
  const numbers = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, n) => `${prefix}${count - 1 - n}`)
  expect(seen.order).toEqual([...numbers('l', 3000), ...numbers('s', 60)])
  // Typed text is not behind what still waits: the field is drawn already.
  await page.getByLabel('Echo').fill('abc')
  expect(await page.getByLabel('Echo').inputValue()).toBe('abc')
})
