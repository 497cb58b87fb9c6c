/**
 * From the moment the engine ends a worker until its successor has drawn the saved state.
 *
 * Run alone: `node packages/host/bench/respawn.bench.ts`.
 */
import { launchChromium } from '@mortise/testing'
import type { Stage } from '../test/stage/page.ts'
import { serveStage } from '../test/stage/serve-stage.ts'

declare const stage: Stage

/** One line of `npm run bench`. `ratio` is ours by the peer's. */
interface Row {
  readonly suite: string
  readonly case: string
  readonly peer: string
  readonly ratio: number
  readonly median: number
  readonly min: number
  readonly max: number
  readonly unit: string
}

const rounds = 9
const goalMs = 250

const entry = `
  let port
  const post = MessagePort.prototype.postMessage
  MessagePort.prototype.postMessage = function (...args) { port = this; return post.apply(this, args) }
  export default { widgets: { main({ root, state }) {
    const hang = document.createElement('m-button')
    hang.addEventListener('press', () => { state.save((state.value ?? 0) + 1); while (true) {} })
    const flood = document.createElement('m-switch')
    flood.addEventListener('change', () => {
      state.save((state.value ?? 0) + 1)
      const message = { id: 'x', type: 'APPLY', path: ['call'], argumentList: [{ type: 'RAW', value: ['permissions.has', ['x']] }] }
      for (let count = 0; count < 1e6; count++) post.call(port, message)
    })
    root.append(hang, flood, String(state.value ?? 0))
  } } }`

const offenses = {
  'a worker that hung': ['m-button', 'press'],
  'a worker that flooded': ['m-switch', 'change'],
} as const

export default async function run(): Promise<Row[]> {
  await using server = await serveStage()
  const record = server.install({ id: 'rogue', entry })
  const browser = await launchChromium()
  try {
    const rows: Row[] = []
    for (const [name, offense] of Object.entries(offenses)) {
      const page = await browser.newPage()
      await page.goto(server.origin)
      await page.evaluate(
        async ([given, times]) => {
          const restarts = Array.from({ length: times + 1 }, () => 0)
          await stage.open([given], { heartbeat: 250, misses: 4, restarts })
          await stage.mountAll()
        },
        [record, rounds] as const,
      )
      const times: number[] = []
      for (let round = 1; round <= rounds; round++) {
        times.push(
          await page.evaluate(
            async ([element, event, saved]) => {
              stage.use(element, event, [true])
              await stage.settled(0, ['loading'])
              const ended = performance.now()
              await stage.settled(0, ['running'])
              const back = performance.now() - ended
              if (!stage.tree().includes(String(saved))) throw new Error('The state is not what was saved.')
              return back
            },
            [...offense, round] as const,
          ),
        )
      }
      rows.push(row(name, times))
      await page.close()
    }
    return rows
  } finally {
    await browser.close()
  }
}

function row(name: string, times: readonly number[]): Row {
  const sorted = times.toSorted((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0
  return {
    suite: 'respawn',
    case: `${name}, from its end until its successor has drawn`,
    peer: `goal of ${goalMs} ms`,
    ratio: Math.round((median / goalMs) * 100) / 100,
    median: Math.round(median),
    min: Math.round(sorted[0] ?? 0),
    max: Math.round(sorted.at(-1) ?? 0),
    unit: 'ms',
  }
}

if (import.meta.main) console.log(JSON.stringify(await run(), null, 2))
