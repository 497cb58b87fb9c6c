/**
 * What a page spends on switching the largest fixture system with 20 frames attached, and how long that takes.
 *
 * Page work is the processor time of the host page's main thread (script, styles, layout, paint, messages)
 * from the record's arrival until page and frames show it, by the browser's own count. Frames are other
 * processes: what they do is not in it, and neither is waiting for them. Each round is taken by our page and by a
 * bare one that does the same without any code of ours.
 *
 * Run alone: `npm run bench -- switch`.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ThemeRecord } from '@mortise/contract'
import { type BenchRow, launchChromium, spread } from '@mortise/testing'
import {
  composeTheme,
  type Declaration,
  readSource,
  resolveTokens,
  themeDeclarations,
  toDeclarations,
} from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import { importTheme } from '@mortise/tokens/import'
import type { Page } from 'playwright-core'
import type { Stage } from '../test/stage/page.ts'
import { serveStage } from '../test/stage/serve-stage.ts'
import { serveBarePages, setBare } from './bare-page.ts'

declare const stage: Stage
declare const bare: { switchTo(index: number): Promise<void> }

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

type Modes = readonly [light: readonly Declaration[], dark: readonly Declaration[]]

export default async function run(): Promise<BenchRow[]> {
  const base = composeTheme(baseSource)
  const sets: readonly (readonly [string, Modes])[] = [
    [
      'built-in theme',
      [themeDeclarations(base, { mode: 'light' }), themeDeclarations(base, { mode: 'dark' })],
    ],
    ...(await largest()),
  ]
  await using server = await serveStage()
  await using bares = await serveBarePages()
  const browser = await launchChromium()
  try {
    const page = await (await browser.newContext()).newPage()
    const records = Array.from({ length: frames }, (_, i) =>
      server.install({ id: `frame${i}`, entry, surface: 'frame' }),
    )
    await page.goto(server.origin)
    await page.evaluate((given) => stage.open(given, { load: 120_000, mount: 60_000 }), records)
    await page.evaluate(() => stage.mountAll())
    const ours = await measured(page, (index) =>
      page.evaluate(async (index) => {
        const { records } = globalThis as unknown as { records: readonly ThemeRecord[] }
        const start = performance.now()
        await stage.host.applyTheme(records[index]!)
        await new Promise(requestAnimationFrame)
        await new Promise(requestAnimationFrame)
        return performance.now() - start
      }, index),
    )
    const barePage = await (await browser.newContext()).newPage()
    await bares.open(barePage, frames)
    const floor = await measured(barePage, (index) =>
      barePage.evaluate(async (index) => {
        const start = performance.now()
        await bare.switchTo(index)
        await new Promise(requestAnimationFrame)
        await new Promise(requestAnimationFrame)
        return performance.now() - start
      }, index),
    )
    const rows: BenchRow[] = []
    for (const [name, modes] of sets) {
      const before = new Map(modes[0])
      const differing = modes[1].filter(([name, value]) => before.get(name) !== value).length
      await page.evaluate((modes) => {
        const records = modes.map(
          (declarations): ThemeRecord => ({
            ...stage.theme,
            rules: [{ when: {}, declarations: [...declarations] }],
          }),
        )
        Object.assign(globalThis, { records })
      }, modes)
      await setBare(barePage, modes)
      const taken = { ours: [] as Taken[], floor: [] as Taken[] }
      for (let round = -4; round < rounds; round++) {
        const [one, other] = [await ours(Math.abs(round) % 2), await floor(Math.abs(round) % 2)]
        if (round < 0) continue
        taken.ours.push(one)
        taken.floor.push(other)
      }
      const what = `${name}: ${before.size} properties of which ${differing} change, ${frames} frames`
      const [work, least] = [taken.ours, taken.floor].map((list) => list.map(({ workMs }) => workMs)) as [
        number[],
        number[],
      ]
      rows.push(
        row(`page work, ${what}`, work, `goal of ${goalMs} ms at p95`, at(work, 0.95) / goalMs),
        row(`page work, ${what}`, work, 'a bare page that does the same', at(work, 0.5) / at(least, 0.5)),
        row(
          `page work of the bare page, ${what}`,
          least,
          `goal of ${goalMs} ms at p95`,
          at(least, 0.95) / goalMs,
        ),
      )
      const shown = taken.ours.map(({ shownMs }) => shownMs)
      rows.push(
        row(
          `until all show it, ${what}`,
          shown,
          `goal of ${patienceMs} ms at p95`,
          at(shown, 0.95) / patienceMs,
        ),
      )
    }
    return rows
  } finally {
    await browser.close()
  }
}

/**
 * The largest real design system, light and dark: as a theme that somebody imported and installed, and with every
 * token of it set. A set of as many properties where it is absent.
 */
async function largest(): Promise<readonly (readonly [string, Modes])[]> {
  const folder = fileURLToPath(new URL('../../../../shared/fixtures/dtcg/', import.meta.url))
  const file = 'adobe-spectrum.resolver.json'
  if (!existsSync(folder + file)) {
    console.log('switch: ../shared/fixtures/dtcg is absent, a made-up set was measured')
    const made = (shade: number) =>
      Array.from(
        { length: 1425 },
        (_, i): Declaration => [
          `--m-role-component${i}-part`,
          `rgb(${i % 256} ${i < 500 ? shade : 8} ${i % 199})`,
        ],
      )
    return [['made-up set', [made(8), made(9)]]]
  }
  const { source } = await readSource(file, (path) => readFileSync(folder + path, 'utf8'))
  const inMode = (theme: string) => toDeclarations(resolveTokens([source], { theme, size: 'desktop' }).tokens)
  const texts = Object.entries({ [file]: source.document, ...source.files })
  const imported = await importTheme(
    baseSource,
    new Map(texts.map(([name, document]) => [name, JSON.stringify(document)])),
  )
  const theme = composeTheme(baseSource, imported.source)
  return [
    [
      'Spectrum, installed as a theme',
      [themeDeclarations(theme, { mode: 'light' }), themeDeclarations(theme, { mode: 'dark' })],
    ],
    ['Spectrum', [inMode('light'), inMode('dark')]],
  ]
}

interface Taken {
  readonly workMs: number
  readonly shownMs: number
}

/** Counts what a page spends on a switch. */
async function measured(page: Page, change: (index: number) => Promise<number>) {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const workMs = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return 1000 * metrics.find(({ name }) => name === 'TaskDuration')!.value
  }
  return async (index: number): Promise<Taken> => {
    const start = await workMs()
    const shownMs = await change(index)
    const taken = { workMs: (await workMs()) - start, shownMs }
    await page.waitForTimeout(100)
    return taken
  }
}

function at(times: readonly number[], part: number): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * part) - 1]!
}

/** `ratio` is the 95th percentile by the goal, and our median by the bare page's; the rest are of all our rounds. */
function row(name: string, times: readonly number[], peer: string, ratio: number): BenchRow {
  return { suite: 'switch', case: name, peer, ratio, ...spread(times), unit: 'ms' }
}
