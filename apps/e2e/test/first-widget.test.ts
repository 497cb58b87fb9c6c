import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { launchChromium, type RunningConsole } from '@mortise/testing'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, openConsole, start } from '../src/index.ts'

// The pages that teach the first widget, taken at their word.

let console_: RunningConsole
let client: Client
let browser: Browser

beforeAll(async () => {
  ;[console_, browser] = await Promise.all([start(), launchChromium()])
  client = createClient(console_)
})

afterAll(async () => {
  await Promise.all([browser?.close(), console_?.stop()])
})

function block(text: string, language: string): string {
  const found = text.match(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's'))
  if (!found) throw new Error(`The page shows no ${language}.`)
  return found[1]!
}

test.each(['README.md', 'docs/guide/first-widget.md'])(
  'the widget of %s draws and follows events',
  async (page_) => {
    const text = readFileSync(join(import.meta.dirname, '../../..', page_), 'utf8')
    const manifest = JSON.parse(block(text, 'json')) as Record<string, unknown>
    await client.install({ manifest, files: { 'widget.js': block(text, 'js') } })

    const { page, context, problems } = await openConsole(browser, console_)
    const widget = page.getByRole('article', { name: 'Running now' })
    const sentence = widget.getByText(/^\d+ sessions are running\.$/)
    await sentence.waitFor()
    const before = Number.parseInt((await sentence.textContent())!, 10)
    await client.calls([['sessions.create', [{ user: 'mira', template: 'firefox' }]]])
    await widget.getByText(`${before + 1} sessions are running.`).waitFor()

    await client.grant('hello-widget', { 'read:sessions': false })
    const button = widget.getByRole('button', { name: 'Count again' })
    if (await button.isVisible()) {
      await button.click()
      await client.calls([['sessions.create', [{ user: 'mira', template: 'firefox' }]]])
      expect(await sentence.textContent()).toBe(`${before + 1} sessions are running.`)
    }
    expect(problems.errors).toEqual([])
    await context.close()
    await client.uninstall('hello-widget')
  },
)
