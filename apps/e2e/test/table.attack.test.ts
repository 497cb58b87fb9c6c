/** Every method of the console's domain, called by a plugin that was granted nothing: in the page and at the server. */
import { methodTable } from '@mortise/contract'
import { streamspace } from '@mortise/domains/streamspace'
import { launchChromium, type RunningConsole } from '@mortise/testing'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, openConsole, start } from '../src/index.ts'

const guarded = [...methodTable([streamspace]).values()].filter(({ permission }) => permission !== null)
const permissions = [...new Set(guarded.map(({ permission }) => permission!))]
const names = guarded.map(({ name }) => name)

let console_: RunningConsole
let client: Client
let browser: Browser
let inPage: Record<string, string[]>

beforeAll(async () => {
  ;[console_, browser] = await Promise.all([start(), launchChromium()])
  client = createClient(console_)
  const source = `
    export default { widgets: { async main({ api, log, root, withSignal }) {
      const outcome = (call) => call.then(() => 'RAN', (error) => error.code)
      const on = (target, name) => { const [resource, method] = name.split('.'); return target[resource][method]('x', {}, 1) }
      const names = ${JSON.stringify(names)}
      const outcomes = {}
      for (const name of names) outcomes[name] = [await outcome(on(api, name))]
      const batch = await Promise.all(names.map((name) => outcome(on(api, name))))
      const until = await Promise.all(names.map((name) => outcome(on(withSignal(new AbortController().signal), name))))
      names.forEach((name, index) => outcomes[name].push(batch[index], until[index]))
      root.textContent = 'tried'
      log.info('outcomes', outcomes)
    } } }`
  await client.install({
    manifest: {
      name: 'grabber',
      version: '1.0.0',
      displayName: 'Grabber',
      description: 'Wants everything, has nothing.',
      type: 'extension',
      author: 'Mallory',
      permissions,
      entrypoints: { ui: 'grab.js' },
      contributes: { widgets: [{ id: 'main', title: 'Grabber', slot: 'dashboard.main' }] },
    },
    files: { 'grab.js': source },
    grant: [],
  })
  const { context } = await openConsole(browser, console_)
  const { data } = await client.logLine('grabber', (message) => message === 'outcomes')
  inPage = data as Record<string, string[]>
  await context.close()
})

afterAll(async () => {
  await Promise.all([browser?.close(), console_?.stop()])
})

test.each(names)(
  '%s is denied by the page, alone, in a batch and with a signal, and by the server',
  async (name) => {
    expect(inPage[name]).toEqual(['PERMISSION_DENIED', 'PERMISSION_DENIED', 'PERMISSION_DENIED'])
    const [result] = await client.calls([[name, []]], 'grabber')
    expect(result).toMatchObject({ ok: false, error: { code: 'PERMISSION_DENIED' } })
  },
)
