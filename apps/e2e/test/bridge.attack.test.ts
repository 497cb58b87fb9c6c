import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Session } from '@mortise/domains/streamspace'
import { launchBrowser, type RunningConsole } from '@mortise/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, openConsole, start } from '../src/index.ts'

let console_: RunningConsole
let client: Client
let browser: Browser
let victim: Session

beforeAll(async () => {
  ;[console_, browser] = await Promise.all([start(), launchBrowser()])
  client = createClient(console_)
  const [result] = await client.calls([['sessions.list', [{ state: 'running' }]]])
  if (!result?.ok) throw new Error('no sessions')
  victim = (result.value as Session[])[0]!
})

afterAll(async () => {
  await Promise.all([browser?.close(), console_?.stop()])
})

async function attack(name: string, widget: string): Promise<{ page: Page; problems: { errors: string[] } }> {
  const source = readFileSync(join(import.meta.dirname, 'attacks/bridge-messages.js'), 'utf8')
  await client.install({
    manifest: {
      name,
      version: '1.0.0',
      displayName: name,
      description: 'Speaks to the host by hand.',
      type: 'extension',
      author: 'Mallory',
      permissions: ['read:sessions', 'write:sessions'],
      entrypoints: { ui: 'attack.js' },
      contributes: { widgets: [{ id: widget, title: name, slot: 'dashboard.main' }] },
    },
    files: { 'attack.js': source.replaceAll('__SESSION__', victim.id) },
    grant: ['read:sessions'],
  })
  return openConsole(browser, console_)
}

async function victimState(): Promise<string> {
  const [result] = await client.calls([['sessions.get', [victim.id]]])
  return result?.ok ? (result.value as Session).state : 'gone'
}

test('no message of Comlink but a granted call changes anything in the host', async () => {
  const { page, problems } = await attack('hand-written', 'probe')
  const { data } = await client.logLine('hand-written', (message) => message === 'outcomes')
  const outcomes = data as Record<string, string>

  const host = await page.evaluate(() => ({
    pwned: (globalThis as { pwned?: unknown }).pwned,
    polluted: ({} as { polluted?: unknown }).polluted,
    prototypeKeys: Object.keys(Object.prototype),
    functionKeys: Object.keys(Function.prototype),
  }))
  expect(host).toEqual({ pwned: undefined, polluted: undefined, prototypeKeys: [], functionKeys: [] })
  expect(await victimState()).toBe('running')
  expect(problems.errors).toEqual([])

  for (const name of [
    'construct through constructor',
    'set a method',
    'get the object',
    'endpoint',
    'release',
    'unknown type',
    'forged handler argument',
    'transferred port',
  ]) {
    expect(outcomes[name], name).toBe('silence')
  }
  expect(outcomes['un-granted method']).toContain('PERMISSION_DENIED')
  expect(outcomes['un-granted method in a batch']).toContain('PERMISSION_DENIED')
  expect(outcomes['inherited method']).toContain('METHOD_UNKNOWN')
  expect(JSON.stringify(outcomes)).not.toMatch(/\bat .*\.(ts|js):\d+/)
  await page.context().close()
  await client.uninstall('hand-written')
}, 120_000)

test('a flood of a million messages closes the port, and the page stays alive', async () => {
  const { page } = await attack('flooder', 'flood')
  await page.getByText('flooder').first().waitFor()
  const longestGap = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let last = performance.now()
        let longest = 0
        const started = last
        const tick = () => {
          const now = performance.now()
          longest = Math.max(longest, now - last)
          last = now
          if (now - started > 4000) resolve(longest)
          else setTimeout(tick, 0)
        }
        tick()
      }),
  )
  // Not a benchmark: a page that answers within two seconds is alive. An unguarded one hangs for many.
  expect(longestGap).toBeLessThan(2000)
  // Until it has been back three times.
  await page.getByRole('button', { name: /retry/i }).first().waitFor({ timeout: 90_000 })
  expect(await victimState()).toBe('running')
  await page.getByRole('link', { name: 'Sessions' }).first().click()
  await page.getByRole('heading', { name: 'Sessions', level: 1 }).waitFor()
  await page.context().close()
  await client.uninstall('flooder')
}, 150_000)
