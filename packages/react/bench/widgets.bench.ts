/**
 * Widgets in worker sandboxes against one frame each, against remote-dom alone,
 * and against the same React components with no plugin in between. Each way has
 * a page of its own; rounds alternate, so that all see the same machine.
 */
import { launchChromium } from '@mortise/testing'
import type { Browser } from 'playwright-core'
import { memoryBelow } from './memory.ts'
import type { Way } from './page/main.tsx'
import { serveBench } from './serve-bench.ts'

interface Row {
  readonly suite: 'widgets'
  readonly case: string
  readonly peer: string
  readonly ratio: number
  readonly median: number
  readonly min: number
  readonly max: number
  readonly unit: string
}

interface Taken {
  readonly ms: number
  readonly mb: number | undefined
}

const rounds = 3
const plugins = 20

export default async function run(): Promise<Row[]> {
  await using server = await serveBench()
  const browser = await launchChromium()
  try {
    const hundred = await take(browser, server.url, 100, ['ours', 'frames', 'remote-dom'])
    const thousand = await take(browser, server.url, 1000, ['ours', 'native', 'remote-dom'])
    return [
      ...rowsOf('100 widgets of 20 plugins', hundred, [
        ['frames', 'one frame each'],
        ['remote-dom', 'remote-dom alone, a worker for each plugin'],
      ]),
      ...rowsOf('1000 widgets of 20 plugins', thousand, [
        ['native', 'the same React components, no plugin'],
        ['remote-dom', 'remote-dom alone, a worker for each plugin'],
      ]),
    ]
  } finally {
    await browser.close()
  }
}

type Figures = Readonly<Partial<Record<Way, readonly Taken[]>>>

async function take(browser: Browser, url: string, count: number, ways: readonly Way[]): Promise<Figures> {
  const figures: Partial<Record<Way, Taken[]>> = {}
  for (let round = -1; round < rounds; round++) {
    const order = round % 2 === 0 ? ways : ways.toReversed()
    for (const way of order) {
      const taken = await mountAll(browser, url, way, count)
      // The first round fills the caches.
      if (round < 0) continue
      figures[way] = [...(figures[way] ?? []), taken]
    }
  }
  return figures
}

async function mountAll(browser: Browser, url: string, way: Way, count: number): Promise<Taken> {
  const page = await browser.newPage()
  try {
    await page.goto(url)
    const before = memoryBelow(process.pid)
    const ms = await page.evaluate(
      ([name, widgets, of]) =>
        (globalThis as unknown as { run(...args: unknown[]): Promise<number> }).run(name, widgets, of),
      [way, count, plugins] as const,
    )
    const after = memoryBelow(process.pid)
    return { ms, mb: before === undefined || after === undefined ? undefined : after - before }
  } finally {
    await page.close()
  }
}

function rowsOf(name: string, figures: Figures, peers: readonly (readonly [Way, string])[]): Row[] {
  const ours = figures.ours ?? []
  return peers.flatMap(([way, peer]) => {
    const theirs = figures[way] ?? []
    return [
      row(
        `${name}, until they stand`,
        peer,
        ours.map(({ ms }) => ms),
        theirs.map(({ ms }) => ms),
        'ms',
      ),
      row(`${name}, memory added (PSS)`, peer, memoryOf(ours), memoryOf(theirs), 'MB'),
    ].filter(({ median }) => Number.isFinite(median))
  })
}

function memoryOf(taken: readonly Taken[]): number[] {
  return taken.flatMap(({ mb }) => (mb === undefined ? [] : [mb]))
}

function row(
  name: string,
  peer: string,
  ours: readonly number[],
  theirs: readonly number[],
  unit: string,
): Row {
  return {
    suite: 'widgets',
    case: name,
    peer,
    ratio: median(ours.map((value, round) => value / (theirs[round] ?? value))),
    median: median(ours),
    min: Math.min(...ours),
    max: Math.max(...ours),
    unit,
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

if (import.meta.main) console.table(await run())
