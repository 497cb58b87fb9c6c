/**
 * From the moment the engine ends a worker until its successor has drawn the saved state.
 *
 * Run alone: `node packages/host/bench/respawn.bench.ts`.
 */
import { type BenchRow, launchChromium, median, spread } from '@mortise/testing'
import type { Stage } from '../test/stage/page.ts'
import { serveStage } from '../test/stage/serve-stage.ts'

declare const stage: Stage

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

export default async function run(): Promise<BenchRow[]> {
  await using server = await serveStage()
  const record = server.install({ id: 'rogue', entry })
  const browser = await launchChromium()
  try {
    const rows: BenchRow[] = []
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

function row(name: string, times: readonly number[]): BenchRow {
  const peer = `goal of ${goalMs} ms`
  const ratio = median(times) / goalMs
  return {
    suite: 'respawn',
    case: `${name}, from its end until its successor has drawn`,
    peer,
    ratio,
    ...spread(times),
    unit: 'ms',
  }
}

if (import.meta.main) console.log(JSON.stringify(await run(), null, 2))
