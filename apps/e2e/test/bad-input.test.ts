import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ErrorBody } from '@mortise/contract'
import { fixturePlugin, launchChromium, type RunningConsole } from '@mortise/testing'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, openConsole, start } from '../src/index.ts'

let console_: RunningConsole
let client: Client
let browser: Browser

const manifest = {
  name: 'subject',
  version: '1.0.0',
  displayName: 'Subject',
  description: 'A plugin with something wrong.',
  type: 'webhook',
  author: 'Somebody',
  permissions: [],
}

beforeAll(async () => {
  ;[console_, browser] = await Promise.all([start(), launchChromium()])
  client = createClient(console_)
})

afterAll(async () => {
  await Promise.all([browser?.close(), console_?.stop()])
})

const { author: _, ...withoutAuthor } = manifest
const cases: [string, { manifest: unknown; files?: Record<string, string> }, string, RegExp][] = [
  [
    'is not JSON',
    { manifest: '{ "name": "subject",', files: { 'index.js': '' } },
    'MANIFEST_NOT_JSON',
    /manifest\.json/,
  ],
  [
    'lacks a field',
    { manifest: withoutAuthor, files: { 'index.js': '' } },
    'MANIFEST_INVALID',
    /manifest\.json#\/author .*Add it/,
  ],
  [
    'has an unknown type',
    { manifest: { ...manifest, type: 'gadget' }, files: { 'index.js': '' } },
    'MANIFEST_INVALID',
    /manifest\.json#\/type .*extension/,
  ],
  [
    'names a missing entry',
    { manifest: { ...manifest, entrypoints: { main: 'server.js' } } },
    'ENTRYPOINT_NOT_FOUND',
    /manifest\.json#\/entrypoints\/main .*server\.js/,
  ],
]

test.each(cases)(
  'a manifest that %s is refused with its place, and nothing is stored',
  async (_what, plugin, code, message) => {
    const { status, body } = await client.upload(fixturePlugin(plugin))
    expect(status).toBe(400)
    expect((body as ErrorBody).code).toBe(code)
    expect((body as ErrorBody).message).toMatch(message)
    expect((await client.request('GET', '/plugins/subject')).status).toBe(404)
    expect(await readdir(join(console_.dataDir, 'plugins')).catch(() => [])).toEqual([])
  },
)

test('a person who drops such a package on the plugins page reads the same', async () => {
  const { page, context } = await openConsole(browser, console_)
  await page.getByRole('link', { name: 'Plugins' }).first().click()
  await page.locator('input[type=file]').setInputFiles({
    name: 'broken.mortise',
    mimeType: 'application/zip',
    buffer: Buffer.from(
      fixturePlugin({ manifest: { ...manifest, type: 'gadget' }, files: { 'index.js': '' } }),
    ),
  })
  await page.getByText(/manifest\.json#\/type/).waitFor()
  expect(await page.getByText('MANIFEST_INVALID').isVisible()).toBe(true)
  await context.close()
})

test('a wrong event body is answered 400 with the pointer, and no event is kept', async () => {
  const before = await client.request('GET', '/events?limit=5')
  const { status, body } = await client.request('POST', '/events', {
    event_type: 'session.created',
    severity: 'loud',
  })
  expect(status).toBe(400)
  expect((body as ErrorBody).issues?.map(({ pointer }) => pointer)).toContain('/severity')
  expect(await client.request('GET', '/events?limit=5')).toEqual(before)
})
