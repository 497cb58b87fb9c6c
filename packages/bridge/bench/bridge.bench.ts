/**
 * Guarded calls against plain Comlink, in the same page and the same worker.
 *
 * Run alone: `node packages/bridge/bench/bridge.bench.ts`.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { launchChromium } from '@mortise/testing'
import { build } from 'vite'
import type { BenchSettings } from './worker.ts'

/** One line of `pnpm bench`. `ratio` is ours by the peer's, taken in one run. */
export interface Row {
  readonly suite: string
  readonly case: string
  readonly peer: string
  readonly ratio: number
  readonly median: number
  readonly min: number
  readonly max: number
  readonly unit: string
}

type Figures = Readonly<
  Record<string, Readonly<Record<'comlink' | 'guarded' | 'recorded', readonly number[]>>>
>

type Gaps = Readonly<Record<'comlink' | 'guarded', readonly number[]>>

const settings: BenchSettings = { rounds: 48, sequential: 200, bursts: 1 }
const floodRounds = 3

export default async function run(): Promise<Row[]> {
  const scripts = new Map<string, string>(
    await Promise.all(['page', 'worker'].map(async (name) => [`/${name}.js`, await bundle(name)] as const)),
  )
  const server = createServer(({ url = '/' }, response) => {
    const script = scripts.get(url)
    response.writeHead(200, { 'content-type': script ? 'text/javascript' : 'text/html' })
    response.end(script ?? '<!doctype html><script src="/page.js"></script>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    const figures = await page.evaluate(
      (given) => (globalThis as unknown as { run(given: unknown): Promise<Figures> }).run(given),
      settings,
    )
    const { guarded, comlink } = await page.evaluate(
      (rounds) => (globalThis as unknown as { flood(rounds: number): Promise<Gaps> }).flood(rounds),
      floodRounds,
    )
    const calls = Object.entries(figures).flatMap(([name, { comlink, guarded, recorded }]) => [
      row(name, 'comlink', guarded, ratioOf(guarded, comlink)),
      row(`${name}, recorded`, 'comlink', recorded, ratioOf(recorded, comlink)),
      row(`${name}, the peer itself`, 'comlink', comlink, 1),
    ])
    const gap = 'a million messages, longest gap of the page'
    return [
      ...calls,
      row(gap, 'comlink', guarded, ratioOf(guarded, comlink), 'ms'),
      row(`${gap}, the peer itself`, 'comlink', comlink, 1, 'ms'),
    ]
  } finally {
    await browser.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

function row(name: string, peer: string, values: readonly number[], ratio: number, unit = 'calls/s'): Row {
  const round = (value: number) => Math.round(value)
  return {
    suite: 'bridge',
    case: name,
    peer,
    ratio: Number(ratio.toPrecision(2)),
    median: round(median(values)),
    min: round(Math.min(...values)),
    max: round(Math.max(...values)),
    unit,
  }
}

function ratioOf(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((value, round) => value / (theirs[round] ?? value)))
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

async function bundle(name: string): Promise<string> {
  const built = await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'error',
    build: {
      write: false,
      target: 'esnext',
      rolldownOptions: {
        input: join(import.meta.dirname, `${name}.ts`),
        output: { format: 'iife', codeSplitting: false },
      },
    },
  })
  const [result] = Array.isArray(built) ? built : [built]
  if (!result || !('output' in result)) throw new Error(`${name} did not build`)
  return result.output[0].code
}

if (import.meta.main) console.log(JSON.stringify(await run(), null, 2))
