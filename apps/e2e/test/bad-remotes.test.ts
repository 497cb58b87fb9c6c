import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { launchChromium, type RunningConsole } from '@mortise/testing'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, openConsole, start } from '../src/index.ts'

let console_: RunningConsole
let client: Client
let browser: Browser

const good = `export default { widgets: { w({ root }) { root.append('drawn by the healthy one') } } }`

/** What is served as the entry, and the code a person then reads. */
const remotes: Record<string, { ui?: string; source: string; code: string }> = {
  'remote-gone': { source: good, code: 'REMOTE_UNREACHABLE' },
  'remote-html': { ui: 'index.html', source: '<!doctype html><p>Not found', code: 'REMOTE_NOT_JAVASCRIPT' },
  'remote-hangs': { source: 'await new Promise(() => {})\nexport default {}', code: 'REMOTE_TIMEOUT' },
  'remote-throws': { source: "throw new Error('no luck today')", code: 'PLUGIN_LOAD_FAILED' },
  'remote-empty': { source: 'export const nothing = 1', code: 'REMOTE_INVALID' },
  'remote-syntax': { source: 'export default {', code: 'PLUGIN_LOAD_FAILED' },
}

const manifest = (name: string, ui = 'plugin.js') => ({
  name,
  version: '1.0.0',
  displayName: `The ${name}`,
  description: 'A remote.',
  type: 'extension',
  author: 'Somebody',
  permissions: [],
  entrypoints: { ui },
  contributes: { widgets: [{ id: 'w', title: `Widget of ${name}`, slot: 'dashboard.main' }] },
})

beforeAll(async () => {
  ;[console_, browser] = await Promise.all([start(), launchChromium()])
  client = createClient(console_)
})

afterAll(async () => {
  await Promise.all([browser?.close(), console_?.stop()])
})

test('a remote that is gone, is no JavaScript, hangs or throws fails alone, with its name, a reason and a retry', async () => {
  await client.install({ manifest: manifest('healthy'), files: { 'plugin.js': good } })
  for (const [name, { ui = 'plugin.js', source }] of Object.entries(remotes)) {
    await client.install({ manifest: manifest(name, ui), files: { [ui]: source } })
  }
  await rm(join(console_.dataDir, 'plugins/remote-gone/1.0.0/plugin.js'))

  const { page, context, problems } = await openConsole(browser, console_)
  await page.getByText('drawn by the healthy one').waitFor()
  for (const [name, { code }] of Object.entries(remotes)) {
    const widget = page.getByRole('article', { name: `Widget of ${name}` })
    await widget.scrollIntoViewIfNeeded()
    await widget.getByText(code).waitFor({ timeout: 30_000 })
    expect(await widget.textContent(), name).toContain(`The ${name}`)
    await widget.getByRole('button', { name: /retry/i }).waitFor()
  }
  await page.getByText('drawn by the healthy one').waitFor()
  expect(problems.errors).toEqual([])

  // The page goes on working, and a retry after the repair draws the widget.
  await page.getByRole('link', { name: 'Sessions' }).first().click()
  await page.getByRole('heading', { name: 'Sessions', level: 1 }).waitFor()
  await context.close()
}, 120_000)

test('a widget that threw draws again after a retry', async () => {
  const source = `
    let tries = 0
    export default { widgets: { w({ root }) {
      if (tries++ === 0) throw new Error('first time unlucky')
      root.append('second time lucky')
    } } }`
  await client.install({ manifest: manifest('unlucky'), files: { 'plugin.js': source } })
  const { page, context } = await openConsole(browser, console_)
  const widget = page.getByRole('article', { name: 'Widget of unlucky' })
  await widget.scrollIntoViewIfNeeded()
  await widget.getByText('first time unlucky').waitFor()
  await widget.getByRole('button', { name: /retry/i }).click()
  await widget.getByText('second time lucky').waitFor()
  await context.close()
})
