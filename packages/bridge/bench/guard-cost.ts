/**
 * What the guard itself costs: messages that are in the page already, handed to its listener. No channel, no
 * clone and no other thread is in the figures, so little that the machine does besides is.
 */
import type { CallRun, CallTuple } from '@mortise/contract'
import { createHostBridge } from '../src/host.ts'
import type { BoundMethod, BridgePort } from '../src/types.ts'
import { createUncheckedBridge } from './unchecked-bridge.ts'

type Methods = ReadonlyMap<string, BoundMethod>
type Hand = (event: MessageEvent) => void

export type CostSide = 'guarded' | 'schemaless' | 'unchecked'
export type CostFigures = Readonly<Record<string, Readonly<Record<CostSide, readonly number[]>>>>

const messages = 20_000
const batch = 1000

/** Microseconds for each call, by how calls travel and by what is checked. */
export async function guardCost(rounds: number, methods: Methods, schemaless: Methods): Promise<CostFigures> {
  const call: CallTuple = ['notes.measure', ['hello']]
  const alone = { count: messages, calls: 1, path: 'call', value: () => call }
  const batched = {
    count: messages / batch,
    calls: batch,
    path: 'batch',
    value: (): readonly CallRun[] => [[call[0], Array.from({ length: batch }, () => call[1])]],
  }
  const limits = { messagesPerSecond: 1e9, flood: 1e9 }
  const sides: Record<CostSide, (port: BridgePort) => void> = {
    guarded: (port) => void createHostBridge({ port, methods, limits }),
    schemaless: (port) => void createHostBridge({ port, methods: schemaless, limits }),
    unchecked: (port) => createUncheckedBridge(port, methods),
  }
  const figures: Record<string, Record<CostSide, number[]>> = {}
  for (const [name, { count, calls, path, value }] of Object.entries({ alone, batched })) {
    const taken: Record<CostSide, number[]> = { guarded: [], schemaless: [], unchecked: [] }
    for (let round = -1; round < rounds; round++) {
      const order = Object.keys(sides) as CostSide[]
      for (const side of round % 2 === 0 ? order : order.reverse()) {
        const events = Array.from({ length: count }, (_, id) => ({
          data: {
            id: `c${id}`,
            type: 'APPLY',
            path: [path],
            argumentList: [{ type: 'RAW', value: value() }],
          },
          ports: [],
        }))
        const elapsed = await handOver(sides[side], events as unknown as MessageEvent[])
        if (round >= 0) taken[side].push((elapsed * 1000) / (count * calls))
      }
    }
    figures[name] = taken
  }
  return figures
}

/** Milliseconds until all messages are answered. */
function handOver(open: (port: BridgePort) => void, events: readonly MessageEvent[]): Promise<number> {
  return new Promise((resolve) => {
    let hand: Hand = () => {}
    let answers = 0
    let startedAt = 0
    open({
      postMessage() {
        if (++answers === events.length) resolve(performance.now() - startedAt)
      },
      addEventListener(type, listener) {
        if (type === 'message') hand = listener
      },
      removeEventListener() {},
      close() {},
    })
    startedAt = performance.now()
    for (const event of events) hand(event)
  })
}
