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
  ;({ page, problems } = await pages.open('slots'))
  await main().waitFor()
})
afterEach(async () => {
  // React reports what the boundary caught; nothing else may be there.
  expect(problems.filter((problem) => !problem.includes('options.map'))).toEqual([])
  await page.close()
})

const main = () => page.getByRole('region', { name: 'Main' })
const step = (name: string) => page.evaluate((of) => window.fixture.step!(of), name)
const said = () => page.evaluate(() => window.fixture.said)
const frame = (plugin: string) => page.locator(`[data-plugin="${plugin}"]`)
const log = (name: 'mounted' | 'unmounted' | 'retried' | 'reloaded') =>
  page.evaluate((of) => window.fixture.host![of], name)

test('a slot is busy until the plugins are known, then says that it is empty or shows them', async () => {
  expect(await main().getAttribute('aria-busy')).toBe('true')
  expect(await main().textContent()).not.toContain('Nothing here yet')
  await step('gone')
  await main().getByText('Nothing here yet').waitFor()
  await step('ready')
  await frame('list').getByText('drawn by a worker').waitFor()
  expect(await main().getAttribute('aria-busy')).toBe('false')
})

test('a widget is named by its title and always by its plugin', async () => {
  await step('ready')
  await frame('broken').getByRole('heading', { name: 'Deployments' }).waitFor()
  expect(await frame('broken').locator('.m-frame__plugin').textContent()).toBe('Broken')
})

test('a failed widget says whose it is, why, the code, and starts again on request', async () => {
  await step('ready')
  const failure = frame('broken').getByRole('alert')
  await failure.waitFor()
  const text = await failure.textContent()
  for (const part of ['Broken could not be shown', 'Answered 404.', 'REMOTE_UNREACHABLE'])
    expect(text).toContain(part)
  await failure.getByRole('button', { name: 'Retry' }).click()
  expect(await log('retried')).toEqual(['broken:main'])
  await failure.waitFor({ state: 'detached' })
  expect(await frame('broken').getAttribute('aria-busy')).toBe('true')
})

test('an error in drawing stays in its frame', async () => {
  await step('ready')
  await frame('bug').getByText('Bug could not be shown').waitFor()
  expect(await frame('bug').getAttribute('data-state')).toBe('failed')
  expect(await frame('list').getByText('drawn by a worker').isVisible()).toBe(true)
})

test('a quarantined plugin is not mounted and has no retry', async () => {
  await step('ready')
  await frame('jail').getByText('Jailed is quarantined').waitFor()
  expect(await frame('jail').getByRole('button', { name: 'Retry' }).count()).toBe(0)
  expect(await log('mounted')).not.toContain('jail:main')
})

test('the place of a frame has its declared height before it loads, and its iframe a title', async () => {
  await step('ready')
  const surface = frame('chart').locator('.m-frame__surface')
  await frame('chart').locator('iframe').waitFor({ state: 'attached' })
  expect((await surface.boundingBox())!.height).toBe(222)
  expect(await frame('chart').locator('iframe').getAttribute('title')).toBe('Over time, Chart')
  expect(await said()).toEqual(['attached'])
})

test('a widget starts only when it is nearly on the screen', async () => {
  await step('ready')
  await frame('list').getByText('drawn by a worker').waitFor()
  expect(await log('mounted')).not.toContain('far:main')
  await frame('far').scrollIntoViewIfNeeded()
  await page.waitForFunction(() => window.fixture.host!.mounted.includes('far:main'))
})

test('a changed grant keeps the widget mounted and shows what is denied', async () => {
  await step('ready')
  await frame('list').getByText('drawn by a worker').waitFor()
  const before = await log('mounted')
  await step('granted')
  await frame('list').getByRole('button', { name: '1 permission denied' }).click()
  expect(await said()).toContain('open list permissions')
  expect(await log('mounted')).toEqual(before)
  expect(await log('unmounted')).toEqual([])
})

test('a plugin that goes away is unmounted', async () => {
  await step('ready')
  await frame('list').getByText('drawn by a worker').waitFor()
  await step('gone')
  await main().getByText('Nothing here yet').waitFor()
  expect(await log('unmounted')).toContain('list:main')
})

test('the menu reloads, hides and leads to the plugin', async () => {
  await step('ready')
  const choose = async (name: string) => {
    await frame('list').getByRole('button', { name: 'Widget menu' }).click()
    await page.getByRole('menuitem', { name }).click()
    await page.getByRole('menu').waitFor({ state: 'detached' })
  }
  await frame('list').waitFor()
  await choose('Reload')
  expect(await log('reloaded')).toEqual(['list'])
  await choose('Logs')
  expect(await said()).toContain('open list logs')
  await choose('Hide')
  await frame('list').waitFor({ state: 'detached' })
  await main().getByText('1 widget hidden').waitFor()
  await main().getByRole('button', { name: 'Show' }).click()
  await frame('list').scrollIntoViewIfNeeded()
  await frame('list').getByText('drawn by a worker').waitFor()
})
