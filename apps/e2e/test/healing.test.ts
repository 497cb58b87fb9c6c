import { expect, test } from 'vitest'
import { openConsole, useConsole } from '../src/index.ts'

const stage = useConsole()

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
  await stage.client.install(release('1.0.0', working('1.0.0')))
  const { page, context, problems } = await openConsole(stage.browser, stage.console)
  const widget = page.getByRole('article', { name: 'Greeting' })
  await widget.getByText('This is 1.0.0').waitFor()

  await stage.client.install(release('1.1.0', "throw new Error('1.1.0 is broken')"))
  await widget.getByText('The installed version did not load. Running:').waitFor({ state: 'attached' })
  await widget.getByText('This is 1.0.0').waitFor()
  const line = await stage.client.logLine('greeter', (message) => message.includes('did not load'))
  expect(line.message).toMatch(
    /^Greeter 1\.1\.0 did not load, so 1\.0\.0 runs in its place: .*1\.1\.0 is broken/,
  )

  await page.goto(`${stage.console.url}/installed/greeter`)
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Roll back to 1.0.0' }).click()
  await page.getByText('Greeter is back at 1.0.0').waitFor()
  expect(await stage.client.plugin('greeter')).toMatchObject({
    version: '1.0.0',
    status: 'active',
    previousVersion: '1.1.0',
  })
  await page.goto(stage.console.url)
  await widget.getByText('This is 1.0.0').waitFor()
  expect(await widget.getByText('The installed version did not load').count()).toBe(0)
  expect(problems.policy).toEqual([])
  await context.close()
})
