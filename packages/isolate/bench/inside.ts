import { createRequire } from 'node:module'
import { filterSource, payload } from './plugin.ts'
import { openQuickJs } from './quickjs.ts'

const rounds = 9
const callsPerRound = 2_000

const ivm = createRequire(import.meta.url)('isolated-vm') as typeof import('isolated-vm')
const isolate = new ivm.Isolate({ memoryLimit: 64 })
const context = await isolate.createContext()
const source = `(function () { ${filterSource}; return (text) => JSON.stringify(filter(JSON.parse(text))) })()`
const script = await isolate.compileScript(source)
const ours = (await script.run(context, { reference: true })) as unknown as {
  applySync(self: undefined, args: string[]): string
}
const peer = await openQuickJs(source)
const text = JSON.stringify(payload)
if (ours.applySync(undefined, [text]) !== peer.call(text)) throw new Error('The two filters differ')
const times: number[] = []
const ratios: number[] = []
for (let round = 0; round <= rounds; round++) {
  const own = perCall(() => ours.applySync(undefined, [text]))
  const other = perCall(() => peer.call(text))
  // The first is to warm up.
  if (round === 0) continue
  times.push(own)
  ratios.push(own / other)
}
peer.close()
isolate.dispose()
process.send?.({ times, ratios })

/** Microseconds of one call, over many. */
function perCall(work: () => unknown): number {
  const started = performance.now()
  for (let index = 0; index < callsPerRound; index++) work()
  return ((performance.now() - started) * 1000) / callsPerRound
}
