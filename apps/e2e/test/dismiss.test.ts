import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { launchChromium, type RunningConsole } from '@mortise/testing'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, openConsole, start } from '../src/index.ts'

// What an administrator does about events that never reached a plugin and a webhook.

let dataDir: string
let console_: RunningConsole
let browser: Browser

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'mortise-dismiss-'))
  const env = { MORTISE_DATA_DIR: dataDir }
  const first = await start(env)
  const client = createClient(first)
  await client.install({
    manifest: {
      name: 'helper',
      displayName: 'Helper',
      version: '1.0.0',
      description: 'A plugin of the tests',
      author: 'Tests',
      type: 'webhook',
      permissions: ['read:sessions'],
    },
    files: { 'index.js': 'module.exports = { onSessionCreated() {} }' },
  })
  await fetch(`${first.url}/api/v1/webhooks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${first.adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      name: 'Receiver',
      url: 'https://example.com/hook',
      event_types: ['user.created'],
    }),
  })
  await first.stop()
  // As they are after a receiver stood still for as long as the log goes back.
  const database = new DatabaseSync(join(dataDir, 'mortise.db'))
  const lose = database.prepare('insert into mortise_behind (receiver, lost, lost_at) values (?, ?, ?)')
  lose.run('helper', 1234, '2026-01-01T10:00:00.000Z')
  lose.run('webhook:1', 1, '2026-01-01T10:00:00.000Z')
  database.close()
  ;[console_, browser] = await Promise.all([start(env), launchChromium()])
})

afterAll(async () => {
  await Promise.all([browser?.close(), console_?.stop()])
  await rm(dataDir, { recursive: true, force: true })
})

test('dismisses what was lost, for the plugin and the webhook, and the log of events says who did', async () => {
  const { page, problems } = await openConsole(browser, console_)
  await page.goto(`${console_.url}/installed/helper/deliveries`)
  await page.getByText('1,234 events never reached Helper').waitFor()
  await page.getByRole('button', { name: 'Dismiss what Helper lost' }).press('Enter')
  await page.getByText('1,234 events never reached Helper').waitFor({ state: 'detached' })
  await page.goto(`${console_.url}/webhooks/1`)
  await page.getByText('1 event never reached Receiver').waitFor()
  await page.getByRole('button', { name: 'Dismiss what Receiver lost' }).press('Enter')
  await page.getByText('1 event never reached Receiver').waitFor({ state: 'detached' })
  await page.reload()
  await page.getByText('https://example.com/hook').first().waitFor()
  expect(await page.getByText('never reached').count()).toBe(0)
  await page.goto(`${console_.url}/activity`)
  await page.getByText('plugin.loss_dismissed').first().waitFor()
  await page.getByText('webhook.loss_dismissed').first().waitFor()
  expect(problems).toEqual({ errors: [], policy: [] })
})
