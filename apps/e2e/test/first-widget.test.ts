import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { launchBrowser } from '@mortise/testing'
import { expect, test } from 'vitest'
import { openConsole, useConsole } from '../src/index.ts'

// The pages that teach the first widget, taken at their word.

const stage = useConsole(launchBrowser)

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
    await stage.client.install({ manifest, files: { 'widget.js': block(text, 'js') } })

    const { page, context, problems } = await openConsole(stage.browser, stage.console)
    const widget = page.getByRole('article', { name: 'Running now' })
    const sentence = widget.getByText(/^\d+ sessions are running\.$/)
    await sentence.waitFor()
    const before = Number.parseInt((await sentence.textContent())!, 10)
    await stage.client.calls([['sessions.create', [{ user: 'mira', template: 'firefox' }]]])
    await widget.getByText(`${before + 1} sessions are running.`).waitFor()

    await stage.client.grant('hello-widget', { 'read:sessions': false })
    const button = widget.getByRole('button', { name: 'Count again' })
    if (await button.isVisible()) {
      await button.click()
      await stage.client.calls([['sessions.create', [{ user: 'mira', template: 'firefox' }]]])
      expect(await sentence.textContent()).toBe(`${before + 1} sessions are running.`)
    }
    expect(problems.errors).toEqual([])
    await context.close()
    await stage.client.uninstall('hello-widget')
  },
)
