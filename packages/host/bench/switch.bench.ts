/**
 * What a page spends on switching the largest token set with 20 frames attached, and how long that takes.
 *
 * Page work is the processor time of the host page's main thread (script, styles, layout, paint, messages)
 * from the record's arrival until page and frames show it, by the browser's own count. Frames are other
 * processes: what they do is not in it, and neither is waiting for them.
 *
 * Run alone: `npm run bench -- switch`.
 */
import type { ThemeRecord } from '@mortise/contract'
import { launchChromium } from '@mortise/testing'
import { composeTheme, themeDeclarations } from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import type { Stage } from '../test/stage/page.ts'
import { serveStage } from '../test/stage/serve-stage.ts'

declare const stage: Stage

/** One line of `npm run bench`. `ratio` is the 95th percentile by the goal; the rest are of all rounds. */
interface Row {
  readonly suite: 'switch'
  readonly case: string
  readonly peer: string
  readonly ratio: number
  readonly median: number
  readonly min: number
  readonly max: number
  readonly unit: string
}

const frames = 20
const rounds = 60
const goalMs = 16
/** Frames that take longer are not waited for. */
const patienceMs = 400

const entry = `
  export default { widgets: { main({ root }) {
    root.textContent = 'frame'
    root.style.color = 'var(--m-color-text-default)'
  } } }`

export default async function run(): Promise<Row[]> {
  const base = composeTheme(baseSource)
  // As many properties as the large set of the suite `themes` prints, of which as many change.
  const large = (mode: 'light' | 'dark') =>
    Array.from({ length: 2860 }, (_, i): [string, string] => [
      `--m-role-component${i}-part`,
      `rgb(${i % 256} ${i < 1500 && mode === 'dark' ? 9 : 8} ${i % 199})`,
    ])
  const own = (mode: 'light' | 'dark') => themeDeclarations(base, { mode })
  await using server = await serveStage()
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    const records = Array.from({ length: frames }, (_, i) =>
      server.install({ id: `frame${i}`, entry, surface: 'frame' }),
    )
    await page.goto(server.origin)
    await page.evaluate((given) => stage.open(given, { load: 120_000, mount: 60_000 }), records)
    await page.evaluate(() => stage.mountAll())
    const rows: Row[] = []
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    const workMs = async () => {
      const { metrics } = await session.send('Performance.getMetrics')
      return 1000 * metrics.find(({ name }) => name === 'TaskDuration')!.value
    }
    for (const modes of [
      [own('light'), own('dark')],
      [large('light'), large('dark')],
    ] as const) {
      const before = new Map(modes[0])
      const differing = modes[1].filter(([name, value]) => before.get(name) !== value).length
      await page.evaluate((modes) => {
        const records = modes.map(
          (declarations): ThemeRecord => ({ ...stage.theme, rules: [{ when: {}, declarations }] }),
        )
        Object.assign(globalThis, { records })
      }, modes)
      const work: number[] = []
      const shown: number[] = []
      for (let round = -4; round < rounds; round++) {
        const start = await workMs()
        const tookMs = await page.evaluate(async (index) => {
          const { records } = globalThis as unknown as { records: readonly ThemeRecord[] }
          const start = performance.now()
          await stage.host.applyTheme(records[index]!)
          await new Promise(requestAnimationFrame)
          await new Promise(requestAnimationFrame)
          return performance.now() - start
        }, Math.abs(round) % 2)
        const spent = (await workMs()) - start
        await page.waitForTimeout(100)
        if (round < 0) continue
        work.push(spent)
        shown.push(tookMs)
      }
      const what = `${before.size} properties of which ${differing} change, ${frames} frames`
      rows.push(row(`page work, ${what}`, work, goalMs), row(`until all show it, ${what}`, shown, patienceMs))
    }
    return rows
  } finally {
    await browser.close()
  }
}

function row(name: string, times: readonly number[], goal: number): Row {
  const sorted = times.toSorted((a, b) => a - b)
  return {
    suite: 'switch',
    case: name,
    peer: `goal of ${goal} ms at p95`,
    ratio: sorted[Math.ceil(sorted.length * 0.95) - 1]! / goal,
    median: sorted[sorted.length >> 1]!,
    min: sorted[0]!,
    max: sorted.at(-1)!,
    unit: 'ms',
  }
}
