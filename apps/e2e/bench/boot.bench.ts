// How long the console takes until its first slot is filled: against the same console with no plugin until its
// dashboard stands, and with 200 more plugins installed that nothing on the page needs. Rounds take turns, so that
// all see the same machine.
import { launchChromium } from '@mortise/testing'
import type { Browser } from 'playwright-core'
import { type Client, createClient, openConsole, start } from '../src/index.ts'

const rounds = Number(process.env.BENCH_ROUNDS ?? 15)
const lazyPlugins = 200
/** Events that a page reads when it starts. */
const eventsRead = 1000

const consoles = ['none', 'one', 'many'] as const
type Installed = (typeof consoles)[number]

const shows: Readonly<Record<Installed, string>> = {
  none: 'h1',
  one: 'text=the first widget stands',
  many: 'text=the first widget stands',
}

export default async function run() {
  const browser = await launchChromium()
  const running = await Promise.all(consoles.map(() => start()))
  try {
    const [none, one, many] = running as [(typeof running)[0], (typeof running)[0], (typeof running)[0]]
    for (const console of [one, many]) await installFirst(createClient(console))
    for (let index = 0; index < lazyPlugins; index++) await installLazy(createClient(many), index)
    // Installing is told of in the log, whose newest events every page reads: both have as many.
    for (let index = 0; index < eventsRead; index += 50) {
      await Promise.all(Array.from({ length: 50 }, () => publish(createClient(one))))
    }
    const pages = { none, one, many }
    const contexts = Object.fromEntries(
      await Promise.all(
        consoles.map(async (name) => [name, (await openConsole(browser, pages[name])).context] as const),
      ),
    )
    const times: Record<Installed, number[]> = { none: [], one: [], many: [] }
    for (let round = -2; round < rounds; round++) {
      for (const name of round % 2 === 0 ? consoles : consoles.toReversed()) {
        const time = await timeTo(contexts[name]!, pages[name].url, shows[name])
        // The first rounds warm all up.
        if (round >= 0) times[name].push(time)
      }
    }
    return [
      row(
        'navigation until the first slot is filled',
        'same console, no plugin, until its dashboard stands',
        times.one,
        times.none,
      ),
      row(
        `the same with ${lazyPlugins} lazy plugins installed`,
        'same console without them',
        times.many,
        times.one,
      ),
    ]
  } finally {
    await Promise.all([browser.close(), ...running.map((each) => each.stop())])
  }
}

const manifest = { version: '1.0.0', type: 'extension', author: 'Mortise', entrypoints: { ui: 'plugin.js' } }

async function installFirst(client: Client): Promise<void> {
  await client.install({
    manifest: {
      ...manifest,
      name: 'first',
      displayName: 'First',
      description: 'The smallest widget.',
      permissions: [],
      contributes: { widgets: [{ id: 'w', title: 'First', slot: 'dashboard.main' }] },
    },
    files: {
      'plugin.js': "export default { widgets: { w({ root }) { root.append('the first widget stands') } } }",
    },
  })
}

/** Asks for something, brings settings, and draws where nobody looks. */
async function installLazy(client: Client, index: number): Promise<void> {
  await client.install({
    manifest: {
      ...manifest,
      name: `lazy-${index}`,
      displayName: `Lazy ${index}`,
      description: `Says more about a session, in the panel beside it: way number ${index}.`,
      permissions: ['read:sessions', 'read:users'],
      configSchema: {
        type: 'object',
        properties: {
          columns: { type: 'integer', minimum: 1, maximum: 6, default: 3, title: 'Columns' },
          label: { type: 'string', maxLength: 40, default: 'Sessions', title: 'Label' },
        },
      },
      contributes: { widgets: [{ id: 'w', title: `Lazy ${index}`, slot: 'session.detail' }] },
    },
    files: { 'plugin.js': "export default { widgets: { w({ root }) { root.append('lazy') } } }" },
  })
}

async function publish(client: Client): Promise<void> {
  const { status } = await client.request('POST', '/events', {
    event_type: 'bench.sent',
    username: 'ada',
    target_type: 'plugin',
    target_id: 'lazy',
  })
  if (status !== 202) throw new Error(`An event was answered with ${status}`)
}

async function timeTo(
  context: Awaited<ReturnType<Browser['newContext']>>,
  url: string,
  selector: string,
): Promise<number> {
  const page = await context.newPage()
  const started = performance.now()
  await page.goto(url, { waitUntil: 'commit' })
  await page.locator(selector).first().waitFor()
  const time = performance.now() - started
  await page.close()
  return time
}

function row(name: string, peer: string, ours: readonly number[], theirs: readonly number[]) {
  const ratios = ours.map((time, index) => time / theirs[index]!)
  return {
    suite: 'boot',
    case: name,
    peer,
    ratio: median(ratios),
    median: median(ours),
    min: Math.min(...ours),
    max: Math.max(...ours),
    unit: 'ms',
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}

if (import.meta.main) console.table(await run())
