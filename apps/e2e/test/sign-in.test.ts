import { expect, test } from 'vitest'
import { useConsole } from '../src/index.ts'

const stage = useConsole()

test('a link that is broken says nothing, and the right one works on the page that stands there', async () => {
  const context = await stage.browser.newContext()
  const page = await context.newPage()
  // Not an escape that can be read.
  await page.goto(`${stage.console.url}/sign-in#%`)
  await page.getByLabel('Sign-in token').waitFor()
  // The same page with another fragment: the browser loads nothing.
  await page.goto(stage.console.signInUrl)
  await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor()
  expect(page.url()).not.toContain('#')
  await context.close()
})
