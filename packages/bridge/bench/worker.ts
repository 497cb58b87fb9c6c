/** The guest side of the bench. Rounds alternate, so that what slows the machine slows both. */
import { wrap } from 'comlink'
import { createGuestBridge } from '../src/guest.ts'

export interface BenchSettings {
  readonly rounds: number
  /** Calls of one sequential round. */
  readonly sequential: number
  /** How often a round sends its 1000 calls at once. */
  readonly bursts: number
}

type Send = () => Promise<unknown>

const burst = 1000

self.onmessage = ({ data }) => ('flood' in data ? flood(data) : compare(data))

/** A guest that owns its port and never waits. */
function flood({ flood: count, port }: { flood: number; port: MessagePort }): void {
  const argumentList = [{ type: 'RAW', value: ['notes.measure', ['hello']] }]
  for (let id = 0; id < count; id++)
    port.postMessage({ id: `f${id}`, type: 'APPLY', path: ['call'], argumentList })
  postMessage('over')
}

interface Ports {
  readonly settings: BenchSettings
  readonly plain: MessagePort
  readonly guarded: MessagePort
  readonly recorded: MessagePort
}

async function compare({ settings, plain, guarded, recorded }: Ports): Promise<void> {
  const { rounds, sequential, bursts } = settings
  const remote = wrap<{ measure(text: string): number }>(plain)
  const { measure } = remote
  const bridge = createGuestBridge(guarded)
  const recordedBridge = createGuestBridge(recorded)
  const sides: Record<string, Send> = {
    comlink: () => measure('hello'),
    guarded: () => bridge.call('notes.measure', 'hello'),
    recorded: () => recordedBridge.call('notes.measure', 'hello'),
  }
  const cases: Record<string, (send: Send) => Promise<number>> = {
    sequential: async (send) => {
      for (let count = 0; count < sequential; count++) await send()
      return sequential
    },
    '1000 at once': async (send) => {
      for (let count = 0; count < bursts; count++) await Promise.all(Array.from({ length: burst }, send))
      return bursts * burst
    },
  }
  const perSecond: Record<string, Record<string, number[]>> = {}
  for (const [name, play] of Object.entries(cases)) {
    const figures: Record<string, number[]> = { comlink: [], guarded: [], recorded: [] }
    for (const send of Object.values(sides)) await play(send)
    for (let round = 0; round < rounds; round++) {
      // Each side goes first as often as last, and each comes as often right after each other.
      const order = Object.entries(sides)
      for (let turn = round % order.length; turn > 0; turn--) order.push(order.shift()!)
      for (const [side, send] of round % 2 === 0 ? order : order.reverse()) {
        const start = performance.now()
        const calls = await play(send)
        figures[side]?.push((calls / (performance.now() - start)) * 1000)
      }
    }
    perSecond[name] = figures
  }
  postMessage(perSecond)
}
