// Filters: inside a runner child against QuickJS, and over the process boundary; what plugins cost in memory and start,
// and what a hostile one costs the others.
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BenchRow, median, spread } from '@mortise/testing'
import { createRunnerPool, type RunnerPool } from '../src/index.ts'
import { hostile, measureNeighbours } from './neighbours.ts'
import { benchSpec, payload } from './plugin.ts'

/** Makes something of each, when it is loaded. */
const usesWeb = `const made = [new URL('/a?b=c', 'https://d.example').searchParams, new Headers({ a: 'b' }), new AbortController(),
  new TextEncoder().encode('text'), structuredClone({ a: new Map() }), Response.json({}), fetch]`

/** How often memory is measured. */
const memoryRounds = 3

export default async function run(): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  rows.push(await benchInside())
  const pool = createRunnerPool({ children: 2 })
  try {
    rows.push(await benchChain(pool))
    rows.push(await benchColdStart(pool))
  } finally {
    await pool.close()
  }
  rows.push(await benchMemory('200 loaded plugins, memory added'))
  rows.push(
    await benchMemory(
      '200 loaded plugins that use URL, Headers, AbortController and more of the web, memory added',
      usesWeb,
    ),
  )
  for (const [what, source] of Object.entries(hostile)) {
    for (const restarts of ['at once', 'held back'] as const) {
      const { noisy, quiet, ends } = await measureNeighbours(source, restarts)
      const name = `p99 of six plugins while a seventh ${what} with every call; restarts ${restarts}, ended ${ends} times`
      rows.push(row(name, 'the six alone', median(noisy) / median(quiet), noisy, 'ms'))
    }
  }
  return rows
}

/** JSON text in, filter, JSON text out: in an isolate as the child enters it, and in QuickJS. */
async function benchInside(): Promise<BenchRow> {
  // An isolate needs a process without Node's own snapshot, as the runner children are.
  const child = fork(join(import.meta.dirname, 'inside.ts'), [], { execArgv: ['--no-node-snapshot'] })
  const { times, ratios } = await new Promise<{ times: number[]; ratios: number[] }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { times: number[]; ratios: number[] }))
    child.once('exit', (code) => reject(new Error(`The measuring process ended with ${code}`)))
  })
  child.disconnect()
  return row('trivial filter in the child', 'quickjs-emscripten', median(ratios), times, 'µs')
}

/** Five plugins, one after the other, over the process boundary, at a steady 500 a second. */
async function benchChain(pool: RunnerPool): Promise<BenchRow> {
  const plugins = await Promise.all(
    Array.from({ length: 5 }, (_, index) => pool.load(benchSpec(`chain-${index}`))),
  )
  const chain = async () => {
    let value: unknown = payload
    for (const plugin of plugins) {
      value = ((await plugin.filter('x.y', value, 1_000)) as { payload: unknown }).payload
    }
  }
  for (let index = 0; index < 300; index++) await chain()
  const times: number[] = []
  const seconds = 4
  const started = performance.now()
  const open: Promise<void>[] = []
  for (let index = 0; index < 500 * seconds; index++) {
    const due = started + index * 2
    while (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, 1))
    // From when it was due, so that waiting behind others counts.
    open.push(chain().then(() => void times.push(performance.now() - due)))
  }
  await Promise.all(open)
  await Promise.all(plugins.map((plugin) => plugin.dispose()))
  times.sort((a, b) => a - b)
  const p99 = times[Math.floor(times.length * 0.99)]!
  const p50 = times[Math.floor(times.length / 2)]!
  return {
    suite: 'isolate',
    case: `five-plugin chain at 500/s, p99 (p50 ${p50.toFixed(2)})`,
    peer: 'goal of 5 ms',
    ratio: p99 / 5,
    median: p99,
    min: times[0]!,
    max: times.at(-1)!,
    unit: 'ms',
  }
}

async function benchColdStart(pool: RunnerPool): Promise<BenchRow> {
  const times: number[] = []
  for (let round = 0; round < 25; round++) {
    const started = performance.now()
    const plugin = await pool.load(benchSpec(`cold-${round}`))
    await plugin.filter('x.y', payload, 1_000)
    times.push(performance.now() - started)
    await plugin.dispose()
  }
  return row('cold start with first call', 'goal of 10 ms', median(times) / 10, times, 'ms')
}

/**
 * In processes of their own: those of other rows have room that ended plugins left.
 *
 * @param source - Added to the plugin: naming something of the web loads the web's part of the runtime.
 */
async function benchMemory(name: string, source = ''): Promise<BenchRow> {
  const values: number[] = []
  for (let round = 0; round < memoryRounds; round++) {
    const pool = createRunnerPool({ children: 2 })
    try {
      values.push(await memoryAdded(pool, source))
    } finally {
      await pool.close()
    }
  }
  return row(name, 'goal of 300 MB', median(values) / 300, values, 'MB')
}

async function memoryAdded(pool: RunnerPool, source: string): Promise<number> {
  // One in each process, so that what a process itself needs is not counted.
  for (const id of ['first', 'other']) await pool.load(benchSpec(id, source))
  const before = residentMb(pool)
  for (let index = 0; index < 200; index++) {
    const plugin = await pool.load(benchSpec(`loaded-${index}`, source))
    await plugin.filter('x.y', payload, 5_000)
  }
  return residentMb(pool) - before
}

function residentMb({ children }: RunnerPool): number {
  const ofChildren = children.reduce((sum, { pid }) => {
    const [, kb] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return sum + Number(kb) * 1024
  }, 0)
  return (ofChildren + process.memoryUsage.rss()) / 1e6
}

function row(name: string, peer: string, ratio: number, values: readonly number[], unit: string): BenchRow {
  return { suite: 'isolate', case: name, peer, ratio, ...spread(values), unit }
}

if (import.meta.main) console.table(await run())
