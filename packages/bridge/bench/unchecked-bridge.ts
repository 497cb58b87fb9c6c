import type { BatchAnswer, CallResult, CallRun, CallTuple } from '@mortise/contract'
import type { BoundMethod, BridgePort } from '../src/types.ts'

interface Request {
  readonly id: string
  readonly path: readonly string[]
  readonly argumentList: readonly [{ readonly value: CallTuple | readonly CallRun[] }]
}

/** The host's end of the same wire with the guard taken out: whatever arrives is looked up and called. */
export function createUncheckedBridge(port: BridgePort, methods: ReadonlyMap<string, BoundMethod>): void {
  const run = (name: string, args: readonly unknown[]) => methods.get(name)?.invoke(args)
  const answerTo = ([name, args]: CallTuple): CallResult => ({ ok: true, value: run(name, args) })
  const answerAll = (runs: readonly CallRun[]): BatchAnswer => [
    runs.flatMap(([name, list]) => list.map((args) => run(name, args))),
    [],
  ]
  port.addEventListener('message', ({ data }) => {
    const { id, path, argumentList } = data as Request
    const [{ value }] = argumentList
    const answer = path[0] === 'batch' ? answerAll(value as readonly CallRun[]) : answerTo(value as CallTuple)
    port.postMessage({ id, type: 'RAW', value: answer })
  })
  port.start?.()
}
