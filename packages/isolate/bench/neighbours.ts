// What a plugin that spins, or fills its memory, does to the answers of the others.
import { createRunnerPool, type LoadedPlugin } from '../src/index.ts'
import { benchSpec, payload } from './plugin.ts'

/** What hostile plugins do with every call. */
export const hostile = {
  spins: 'module.exports = () => { for (;;); }',
  'fills its memory':
    'module.exports = () => { const kept = []; for (;;) kept.push(new Array(10000).fill(kept.length)) }',
} as const

const pairs = 7
const roundMs = 1500
const others = 6

/** How its restarts are held back. */
export type Restarts = 'at once' | 'held back'

export interface Neighbours {
  /** Milliseconds of the p99 of filter calls to the other plugins, in rounds with the hostile one. */
  readonly noisy: number[]
  /** The same in the rounds between, without it. */
  readonly quiet: number[]
  /** How often the hostile one was ended. */
  readonly ends: number
}

/** @param restarts - `held back` is what a pool does by itself; either way no number of strikes takes it out. */
export async function measureNeighbours(source: string, restarts: Restarts): Promise<Neighbours> {
  const pool = createRunnerPool({
    children: 2,
    maxStrikes: Number.POSITIVE_INFINITY,
    ...(restarts === 'at once' ? { restartWaitsMs: [] } : {}),
  })
  try {
    const plugins = await Promise.all(
      Array.from({ length: others }, (_, index) => pool.load(benchSpec(`other-${index}`))),
    )
    const enemy = await pool.load({ ...benchSpec('hostile'), files: { 'index.js': source } })
    await p99Of(plugins)
    const noisy: number[] = []
    const quiet: number[] = []
    for (let pair = 0; pair < pairs; pair++) {
      quiet.push(await p99Of(plugins))
      const attack = keepCalling(enemy)
      noisy.push(await p99Of(plugins))
      await attack.stop()
    }
    return { noisy, quiet, ends: enemy.crashes }
  } finally {
    await pool.close()
  }
}

/** Calls each plugin a hundred times a second for a round. */
async function p99Of(plugins: readonly LoadedPlugin[]): Promise<number> {
  const times: number[] = []
  const open: Promise<void>[] = []
  const started = performance.now()
  for (let round = 0; performance.now() - started < roundMs; round++) {
    const due = started + round * 10
    while (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, 1))
    for (const plugin of plugins) {
      const called = performance.now()
      open.push(
        plugin
          .filter('x.y', payload, 5_000)
          .catch(() => {})
          .then(() => void times.push(performance.now() - called)),
      )
    }
  }
  await Promise.all(open)
  times.sort((a, b) => a - b)
  return times[Math.floor(times.length * 0.99)]!
}

/** A call as soon as the last one ended, and a millisecond after one that was refused at once. */
function keepCalling(plugin: LoadedPlugin) {
  let isOn = true
  const calling = (async () => {
    while (isOn) {
      await plugin.filter('x.y', payload, 1_000).catch(() => {})
      if (plugin.restartsInMs > 0) await new Promise((resolve) => setTimeout(resolve, 1))
    }
  })()
  return {
    async stop() {
      isOn = false
      await calling
    },
  }
}
