/** The guest side of the bench. Rounds alternate, so that what slows the machine slows all sides. */
import { ThreadMessagePort } from '@quilted/threads'
import { wrap } from 'comlink'
import { connect, PortMessenger } from 'penpal'
import { createGuestBridge } from '../src/guest.ts'
import { type BenchSettings, type Side, sides } from './sides.ts'
import { sendBuffers, type TransferSide } from './transfer.ts'

type Send = () => Promise<unknown>
interface Notes {
  measure(text: string): Promise<number>
}

const burst = 1000

self.onmessage = async ({ data }) => {
  if ('flood' in data) return flood(data)
  const work: Promise<unknown> = 'buffers' in data ? buffers(data) : compare(data)
  postMessage(await work.catch((error: unknown) => error))
}

/** A guest that owns its port and never waits. */
function flood({ flood: count, port }: { flood: number; port: MessagePort }): void {
  const argumentList = [{ type: 'RAW', value: ['notes.measure', ['hello']] }]
  for (let id = 0; id < count; id++)
    port.postMessage({ id: `f${id}`, type: 'APPLY', path: ['call'], argumentList })
  postMessage('over')
}

interface Buffers {
  readonly buffers: number
  readonly method: string
  readonly ports: Readonly<Record<TransferSide, MessagePort>>
}

function buffers({ buffers: rounds, method, ports }: Buffers): Promise<unknown> {
  return sendBuffers(rounds, method, ports)
}

const guests: Readonly<Record<Side, (port: MessagePort) => Send | Promise<Send>>> = {
  comlink(port) {
    // Comlink ends a connection when its proxy is collected, so the proxy is kept.
    const remote = wrap<Notes>(port)
    const { measure } = remote
    return () => remote && measure('hello')
  },
  async penpal(port) {
    const remote = await connect<{ measure: Notes['measure'] }>({ messenger: new PortMessenger({ port }) })
      .promise
    const { measure } = remote
    return () => measure('hello')
  },
  threads(port) {
    const { measure } = ThreadMessagePort.import<Notes>(port)
    port.start()
    return () => measure('hello')
  },
  unchecked: throughBridge,
  guarded: throughBridge,
  recorded: throughBridge,
}

function throughBridge(port: MessagePort): Send {
  const bridge = createGuestBridge(port)
  return () => bridge.call('notes.measure', 'hello')
}

interface Comparison {
  readonly settings: BenchSettings
  readonly ports: Readonly<Record<Side, MessagePort>>
}

async function compare({ settings, ports }: Comparison): Promise<unknown> {
  const { rounds, sequential, bursts } = settings
  const sends: [Side, Send][] = []
  for (const side of sides) sends.push([side, await guests[side](ports[side])])
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
    const figures = Object.fromEntries(sides.map((side): [Side, number[]] => [side, []]))
    for (const [, send] of sends) await play(send)
    for (let round = 0; round < rounds; round++) {
      // Each side goes first as often as last, and each comes as often right after each other.
      const order = [...sends]
      for (let turn = round % order.length; turn > 0; turn--) order.push(order.shift()!)
      for (const [side, send] of round % 2 === 0 ? order : order.reverse()) {
        const start = performance.now()
        const calls = await play(send)
        figures[side]?.push((calls / (performance.now() - start)) * 1000)
      }
    }
    perSecond[name] = figures
  }
  return perSecond
}
