import { launchChromium, type RunningConsole } from '@mortise/testing'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, openConsole, start } from '../src/index.ts'

let console_: RunningConsole
let client: Client
let browser: Browser

beforeAll(async () => {
  ;[console_, browser] = await Promise.all([start(), launchChromium()])
  client = createClient(console_)
})
afterAll(() => Promise.all([browser?.close(), console_?.stop()]))

const release = (version: string, code: string) => ({
  manifest: {
    name: 'greeter',
    version,
    displayName: 'Greeter',
    description: 'Says which version it is.',
    type: 'extension',
    author: 'Tests',
    permissions: [],
    entrypoints: { ui: 'widget.js' },
    contributes: { widgets: [{ id: 'main', title: 'Greeting', slot: 'dashboard.main' }] },
  },
  files: { 'widget.js': code },
})
const working = (version: string) =>
  `export default { widgets: { main({ root }) { root.append('This is ${version}') } } }`

test('an update that does not load leaves the version before on the page, until somebody rolls back', async () => {
  await client.install(release('1.0.0', working('1.0.0')))
  const { page, context, problems } = await openConsole(browser, console_)
  const widget = page.getByRole('article', { name: 'Greeting' })
  await widget.getByText('This is 1.0.0').waitFor()

  await client.install(release('1.1.0', "throw new Error('1.1.0 is broken')"))
  await widget.getByText('The installed version did not load. Running:').waitFor({ state: 'attached' })
  await widget.getByText('This is 1.0.0').waitFor()
  const line = await client.logLine('greeter', (message) => message.includes('did not load'))
  expect(line.message).toMatch(
    /^Greeter 1\.1\.0 did not load, so 1\.0\.0 runs in its place: .*1\.1\.0 is broken/,
  )

  await page.goto(`${console_.url}/installed/greeter`)
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Roll back to 1.0.0' }).click()
  await page.getByText('Greeter is back at 1.0.0').waitFor()
  expect(await client.plugin('greeter')).toMatchObject({
    version: '1.0.0',
    status: 'active',
    previousVersion: '1.1.0',
  })
  await page.goto(console_.url)
  await widget.getByText('This is 1.0.0').waitFor()
  expect(await widget.getByText('The installed version did not load').count()).toBe(0)
  expect(problems.policy).toEqual([])
  await context.close()
})
