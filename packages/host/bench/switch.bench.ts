/**
 * What a page spends on switching the largest token set with 20 frames attached,
 * from the record's arrival until styles are computed.
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
    for (const modes of [
      [own('light'), own('dark')],
      [large('light'), large('dark')],
    ] as const) {
      const before = new Map(modes[0])
      const differing = modes[1].filter(([name, value]) => before.get(name) !== value).length
      const times = await page.evaluate(
        async ([modes, rounds]) => {
          const themes = modes.map(
            (declarations): ThemeRecord => ({ ...stage.theme, rules: [{ when: {}, declarations }] }),
          )
          const times: number[] = []
          for (let round = -4; round < rounds; round++) {
            const theme = themes[Math.abs(round) % 2]!
            const start = performance.now()
            await stage.host.applyTheme(theme)
            getComputedStyle(document.body).color
            const taken = performance.now() - start
            if (round >= 0) times.push(taken)
            await new Promise((resolve) => setTimeout(resolve, 100))
          }
          return times
        },
        [modes, rounds] as const,
      )
      const sorted = times.toSorted((a, b) => a - b)
      const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1]!
      rows.push({
        suite: 'switch',
        case: `page work, ${before.size} properties of which ${differing} change, ${frames} frames`,
        peer: `goal of ${goalMs} ms at p95`,
        ratio: p95 / goalMs,
        median: sorted[sorted.length >> 1]!,
        min: sorted[0]!,
        max: sorted.at(-1)!,
        unit: 'ms',
      })
    }
    return rows
  } finally {
    await browser.close()
  }
}
