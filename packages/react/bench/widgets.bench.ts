/**
 * Widgets in worker sandboxes against one frame each, against remote-dom alone, against qiankun,
 * and against the same React components with no plugin in between. Each way has
 * a page of its own; rounds alternate, so that all see the same machine.
 */
import { type BenchRow, medianRatio, spread } from '@mortise/testing'
import { type BareBrowser, launchBareBrowser } from './bare-browser.ts'
import type { Way } from './page/main.tsx'
import { costsSince, type Processes, processesBelow } from './process-costs.ts'
import { type BenchServer, serveBench } from './serve-bench.ts'

/** Milliseconds on the clock, megabytes, and milliseconds of processor time of the browser. */
const units = { ms: 'ms', mb: 'MB', cpuMs: 'ms', pageMs: 'ms' } as const
const what: Readonly<Record<keyof typeof units, string>> = {
  ms: 'until they stand',
  cpuMs: 'processor time until they stand',
  pageMs: 'processor time of the thread that draws the page',
  mb: 'memory added (PSS)',
}

type Taken = Readonly<Record<keyof typeof units, number | undefined>>

const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
const plugins = 20

const peers: Readonly<Partial<Record<Way, string>>> = {
  frames: 'one frame each',
  'remote-dom': 'remote-dom alone, a worker for each plugin',
  'bare-realms':
    'as many sandboxed workers that render the same and send nothing, the page drawing it itself',
  qiankun: 'an application of qiankun each, in the page',
  native: 'the same React components, no plugin',
}

export default async function run(): Promise<BenchRow[]> {
  await using server = await serveBench()
  await using browser = await launchBareBrowser()
  const hundred = await take(browser, server, 100, ['ours', 'frames', 'remote-dom', 'qiankun'])
  const thousand = await take(browser, server, 1000, ['ours', 'native', 'remote-dom', 'bare-realms'])
  return [...rowsOf('100 widgets of 20 plugins', hundred), ...rowsOf('1000 widgets of 20 plugins', thousand)]
}

type Figures = Readonly<Partial<Record<Way, readonly Taken[]>>>

async function take(
  browser: BareBrowser,
  server: BenchServer,
  count: number,
  ways: readonly Way[],
): Promise<Figures> {
  const figures: Partial<Record<Way, Taken[]>> = {}
  for (let round = -1; round < rounds; round++) {
    const order = round % 2 === 0 ? ways : ways.toReversed()
    for (const way of order) {
      const taken = await mountAll(browser, server, way, count)
      // The first round fills the caches.
      if (round >= 0) figures[way] = [...(figures[way] ?? []), taken]
    }
  }
  return figures
}

async function mountAll(browser: BareBrowser, server: BenchServer, way: Way, count: number): Promise<Taken> {
  let before: Processes | undefined
  const { promise, resolve, reject } = Promise.withResolvers<Taken>()
  server.onReport = (name, body) => {
    if (name === 'ready') before = processesBelow(process.pid)
    else if (name === 'done') resolve({ ms: Number(body), ...costsSince(before) })
    else reject(new Error(`${way}: ${body}`))
  }
  const query = new URLSearchParams({ way, count: String(count), plugins: String(plugins) })
  const close = await browser.open(`${server.url}?${query}`)
  try {
    return await promise
  } finally {
    await close()
  }
}

function rowsOf(name: string, figures: Figures): BenchRow[] {
  const ours = figures.ours ?? []
  return (Object.keys(figures) as Way[])
    .filter((way) => way !== 'ours')
    .flatMap((way) =>
      (Object.keys(units) as (keyof typeof units)[]).map((figure) =>
        row(
          `${name}, ${what[figure]}`,
          peers[way] ?? way,
          ours.map((taken) => taken[figure] ?? Number.NaN),
          (figures[way] ?? []).map((taken) => taken[figure] ?? Number.NaN),
          units[figure],
        ),
      ),
    )
    .filter(({ median }) => Number.isFinite(median))
}

function row(
  name: string,
  peer: string,
  ours: readonly number[],
  theirs: readonly number[],
  unit: string,
): BenchRow {
  return { suite: 'widgets', case: name, peer, ratio: medianRatio(ours, theirs), ...spread(ours), unit }
}

if (import.meta.main) console.table(await run())
