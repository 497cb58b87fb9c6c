/** A buffer there and back: handed over, copied, and handed over by Comlink. */
import { transfer as comlinkTransfer, expose, wrap } from 'comlink'
import { createGuestBridge } from '../src/guest.ts'
import { createHostBridge } from '../src/host.ts'
import { transfer } from '../src/transfer.ts'
import type { BoundMethod } from '../src/types.ts'

export const bufferBytes = 10_000_000

export type TransferSide = 'transferred' | 'copied' | 'comlink'

/** The host's ends, one for each side. More bytes than a guest may send by default. */
export function answerBuffers(
  definition: BoundMethod['definition'],
  ports: Readonly<Record<TransferSide, MessagePort>>,
): void {
  const limits = { messagesPerSecond: 1e9, callBytes: 2 * bufferBytes }
  const open = (port: MessagePort, invoke: BoundMethod['invoke']) =>
    createHostBridge({ port, limits, methods: new Map([[definition.name, { definition, invoke }]]) })
  open(ports.copied, ([buffer]) => buffer)
  open(ports.transferred, ([buffer]) => transfer(buffer as ArrayBuffer, [buffer as ArrayBuffer]))
  expose({ send: (buffer: ArrayBuffer) => comlinkTransfer(buffer, [buffer]) }, ports.comlink)
}

/** Milliseconds of each round trip, measured in the worker. */
export async function sendBuffers(
  rounds: number,
  method: string,
  ports: Readonly<Record<TransferSide, MessagePort>>,
): Promise<Record<TransferSide, number[]>> {
  const copied = createGuestBridge(ports.copied)
  const transferred = createGuestBridge(ports.transferred)
  const { send } = wrap<{ send(buffer: ArrayBuffer): ArrayBuffer }>(ports.comlink)
  const sides: Record<TransferSide, (buffer: ArrayBuffer) => Promise<unknown>> = {
    transferred: (buffer) => transferred.call(method, transfer(buffer, [buffer])),
    copied: (buffer) => copied.call(method, buffer),
    comlink: (buffer) => send(comlinkTransfer(buffer, [buffer])),
  }
  const figures: Record<TransferSide, number[]> = { transferred: [], copied: [], comlink: [] }
  for (let round = -1; round < rounds; round++) {
    const order = Object.keys(sides) as TransferSide[]
    for (const side of round % 2 === 0 ? order : order.reverse()) {
      const buffer = new Uint8Array(bufferBytes).fill(round + 1).buffer
      const startedAt = performance.now()
      const back = (await sides[side](buffer)) as ArrayBuffer
      const elapsed = performance.now() - startedAt
      if (back.byteLength !== bufferBytes) throw new Error(`${side}: ${back.byteLength} bytes came back`)
      if (round >= 0) figures[side].push(elapsed)
    }
  }
  return figures
}
