/**
 * Guarded calls against plain Comlink, penpal, `@quilted/threads` and the same wire with nothing checked, in the
 * same page and the same worker.
 *
 * Run alone: `node packages/bridge/bench/bridge.bench.ts`.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type BenchRow, launchChromium, median, medianRatio, spread } from '@mortise/testing'
import { build } from 'vite'
import type { CostFigures } from './guard-cost.ts'
import type { BenchSettings, Side } from './sides.ts'
import { bufferBytes, type TransferSide } from './transfer.ts'

type Figures = Readonly<Record<string, Readonly<Record<Side, readonly number[]>>>>

type Gaps = Readonly<Record<'comlink' | 'guarded', readonly number[]>>

type Milliseconds = Readonly<Record<TransferSide, readonly number[]>>

const settings: BenchSettings = { rounds: 48, sequential: 200, bursts: 1 }
const floodRounds = 3
const bufferRounds = 15
const costRounds = 25

const peers: Readonly<Partial<Record<Side, string>>> = {
  comlink: 'comlink',
  penpal: 'penpal',
  threads: '@quilted/threads',
  unchecked: 'the same wire, nothing checked',
}

export default async function run(): Promise<BenchRow[]> {
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
    const ask = <Answer>(name: string, given: unknown) =>
      page.evaluate(
        ([asked, value]) =>
          (globalThis as unknown as Record<string, (value: unknown) => Promise<Answer>>)[asked as string]!(
            value,
          ),
        [name, given],
      ) as Promise<Answer>
    const figures = await ask<Figures>('run', settings)
    const costs = await ask<CostFigures>('cost', costRounds)
    const buffers = await ask<Milliseconds>('buffers', bufferRounds)
    const { guarded, comlink } = await ask<Gaps>('flood', floodRounds)
    const gap = 'a million messages, longest gap of the page'
    return [
      ...callRows(figures),
      ...costRows(costs),
      ...bufferRows(buffers),
      row(gap, 'comlink', guarded, median(guarded) / median(comlink), 'ms'),
      row(`${gap}, the peer itself`, 'comlink', comlink, 1, 'ms'),
    ]
  } finally {
    await browser.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

function callRows(figures: Figures): BenchRow[] {
  return Object.entries(figures).flatMap(([name, taken]) => {
    const { comlink, guarded, recorded } = taken
    return [
      ...Object.entries(peers).flatMap(([side, peer]) => {
        const theirs = taken[side as Side]
        return [
          row(name, peer, guarded, medianRatio(guarded, theirs)),
          row(`${name}, the peer itself`, peer, theirs, 1),
        ]
      }),
      row(`${name}, recorded`, 'comlink', recorded, medianRatio(recorded, comlink)),
    ]
  })
}

/** Microseconds of the host's thread for each call; the guard's own part is the difference. */
function costRows(costs: CostFigures): BenchRow[] {
  return Object.entries(costs).flatMap(([name, { guarded, schemaless, unchecked }]) => {
    const own = guarded.map((value, round) => value - unchecked[round]!)
    const schema = guarded.map((value, round) => value - schemaless[round]!)
    const share = medianRatio(guarded, unchecked)
    return [
      row(`a call read and answered, ${name}`, peers.unchecked!, guarded, share, 'µs'),
      row(`what the guard adds to a call, ${name}`, peers.unchecked!, own, share - 1, 'µs'),
      row(
        `what the table's schema adds, ${name}`,
        'a table without one',
        schema,
        medianRatio(guarded, schemaless) - 1,
        'µs',
      ),
    ]
  })
}

function bufferRows({ transferred, copied, comlink }: Milliseconds): BenchRow[] {
  const name = `${bufferBytes / 1_000_000} MB there and back, transferred`
  return [
    row(name, 'copied', transferred, medianRatio(transferred, copied), 'ms'),
    row(`${name}, the peer itself`, 'copied', copied, 1, 'ms'),
    row(name, 'comlink, transferred', transferred, medianRatio(transferred, comlink), 'ms'),
  ]
}

function row(
  name: string,
  peer: string,
  values: readonly number[],
  ratio: number,
  unit = 'calls/s',
): BenchRow {
  return { suite: 'bridge', case: name, peer, ratio, ...spread(values), unit }
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
