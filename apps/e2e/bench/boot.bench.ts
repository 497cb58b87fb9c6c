// How long the console takes until its first slot is filled, against the same
// console with no plugin until its dashboard stands. Rounds alternate, so that
// both see the same machine.
import { launchChromium } from '@mortise/testing'
import type { Browser } from 'playwright-core'
import { createClient, openConsole, start } from '../src/index.ts'

const rounds = 9

export default async function run() {
  const [bare, full, browser] = await Promise.all([start(), start(), launchChromium()])
  try {
    const client = createClient(full)
    await client.install({
      manifest: {
        name: 'first',
        version: '1.0.0',
        displayName: 'First',
        description: 'The smallest widget.',
        type: 'extension',
        author: 'Mortise',
        permissions: [],
        entrypoints: { ui: 'plugin.js' },
        contributes: { widgets: [{ id: 'w', title: 'First', slot: 'dashboard.main' }] },
      },
      files: {
        'plugin.js': "export default { widgets: { w({ root }) { root.append('the first widget stands') } } }",
      },
    })
    const times: Record<'bare' | 'full', number[]> = { bare: [], full: [] }
    const bareContext = await openConsole(browser, bare)
    const fullContext = await openConsole(browser, full)
    for (let round = -1; round < rounds; round++) {
      const bareTime = await timeTo(bareContext.context, bare.url, 'h1')
      const fullTime = await timeTo(fullContext.context, full.url, 'text=the first widget stands')
      // The first round warms both up.
      if (round < 0) continue
      times.bare.push(bareTime)
      times.full.push(fullTime)
    }
    const ratios = times.full.map((time, index) => time / times.bare[index]!)
    const sorted = [...times.full].sort((a, b) => a - b)
    return [
      {
        suite: 'boot',
        case: 'navigation until the first slot is filled',
        peer: 'same console, no plugin, until its dashboard stands',
        ratio: median(ratios),
        median: median(times.full),
        min: sorted[0]!,
        max: sorted.at(-1)!,
        unit: 'ms',
      },
    ]
  } finally {
    await Promise.all([browser.close(), bare.stop(), full.stop()])
  }
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

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
