import type { CallTuple } from '@mortise/contract'
import type { BoundMethod, BridgePort } from '../src/types.ts'

interface Request {
  readonly id: string
  readonly path: readonly string[]
  readonly argumentList: readonly [{ readonly value: CallTuple | readonly CallTuple[] }]
}

/** The host's end of the same wire with the guard taken out: whatever arrives is looked up and called. */
export function createUncheckedBridge(port: BridgePort, methods: ReadonlyMap<string, BoundMethod>): void {
  const run = ([name, args]: CallTuple) => ({ ok: true, value: methods.get(name)?.invoke(args) })
  port.addEventListener('message', ({ data }) => {
    const { id, path, argumentList } = data as Request
    const [{ value }] = argumentList
    const answer = path[0] === 'batch' ? (value as readonly CallTuple[]).map(run) : run(value as CallTuple)
    port.postMessage({ id, type: 'RAW', value: answer })
  })
  port.start?.()
}
