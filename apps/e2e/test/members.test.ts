import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { launchChromium, type RunningConsole, startConsole } from '@mortise/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, collectProblems, configFile, createClient, type Problems } from '../src/index.ts'

// A front end with people of its own: somebody without administrator rights looks for themes.

let console_: RunningConsole
let client: Client
let browser: Browser
let page: Page
let problems: Problems

beforeAll(async () => {
  const config = join(await mkdtemp(join(tmpdir(), 'mortise-config-')), 'mortise.config.mjs')
  await writeFile(
    config,
    `import config from ${JSON.stringify(pathToFileURL(configFile).href)}
export default { ...config, identify: ({ cookies: { person } }) =>
  person === 'ada' ? { id: 'ada', name: 'Ada', permissions: ['read:sessions'] } : undefined }
`,
  )
  const command = fileURLToPath(new URL('../../../packages/cli/bin/mortise.mjs', import.meta.url))
  ;[console_, browser] = await Promise.all([startConsole({ command, config }), launchChromium()])
  client = createClient(console_)
  await client.request('POST', '/plugins/install', { name: 'theme-harbor' })
  await client.request('POST', '/plugins/theme-harbor/enable')
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  context.setDefaultTimeout(15_000)
  await context.addCookies([{ name: 'person', value: 'ada', url: console_.url }])
  problems = await collectProblems(context)
  page = await context.newPage()
})

afterAll(async () => {
  await Promise.all([browser?.close(), console_?.stop()])
})

const installed = async () =>
  ((await client.request('GET', '/plugins')).body as { plugins: { id: string }[] }).plugins.map(
    ({ id }) => id,
  )

test('a member chooses among the themes that are installed and is offered no others', async () => {
  await page.goto(`${console_.url}/appearance`)
  const themes = page.getByRole('radiogroup', { name: 'Theme' })
  await themes.getByRole('radio', { name: 'Harbor' }).waitFor({ state: 'attached' })
  // The catalog has answered by then: no list of it is still on its way.
  await page.waitForLoadState('networkidle')
  await expect.poll(() => themes.getByRole('radio').count()).toBe(2)
  expect(await page.getByText('More themes').count()).toBe(0)
  expect(await page.getByRole('button', { name: /^Install/ }).count()).toBe(0)
  await themes.getByRole('radio', { name: 'Harbor' }).press('Space')
  await expect
    .poll(() => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme))
    .toBeTruthy()
  await expect.poll(() => page.title()).toContain('Harbor')
  // The choice is theirs alone.
  expect((await client.request('GET', '/theme')).body).toMatchObject({ theme: null })
})

test('an administrator on the same console is offered the others', async () => {
  const context = await browser.newContext()
  const other = await context.newPage()
  await other.goto(console_.signInUrl)
  await other.goto(`${console_.url}/appearance`)
  await other.getByRole('list', { name: 'More themes' }).getByRole('heading', { name: 'Moss' }).waitFor()
  await context.close()
})

test('a member makes a theme and takes the package away, but cannot install it', async () => {
  await page.goto(`${console_.url}/studio`)
  await page.getByLabel('Name of the theme').fill('Mine')
  await page.getByRole('button', { name: 'Package' }).click()
  const dialog = page.getByRole('dialog', { name: 'Package the theme' })
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Download' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('theme-mine-1.0.0.mortise')
  expect(await dialog.getByRole('button', { name: 'Install here' }).count()).toBe(0)
  await dialog.getByText('An administrator installs it.').waitFor()
  await page.keyboard.press('Escape')
})

test('a member who asks the server all the same is refused', async () => {
  const answers = await page.evaluate(async () => {
    const body = JSON.stringify({ name: 'theme-moss' })
    const headers = { 'content-type': 'application/json' }
    const ask = async (path: string, init?: RequestInit) => {
      const response = await fetch(`/api/v1${path}`, init)
      return [response.status, ((await response.json()) as { code: string }).code]
    }
    return [
      await ask('/plugins/install', { method: 'POST', headers, body }),
      await ask('/plugins/catalog'),
      await ask('/plugins/catalog/theme-moss/themes'),
      await ask('/plugins/theme-harbor', { method: 'DELETE' }),
    ]
  })
  expect(answers).toEqual(Array.from({ length: 4 }, () => [403, 'ADMIN_REQUIRED']))
  expect(await installed()).toEqual(['theme-harbor'])
})

test('nothing was thrown and no policy was violated', () => {
  expect(problems).toEqual({ errors: [], policy: [] })
})
