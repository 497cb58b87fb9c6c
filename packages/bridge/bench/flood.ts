/** The longest time a page stands still while a worker sends it a million calls without waiting for any. */
import { expose } from 'comlink'
import { createHostBridge, type MethodMap } from '../src/host.ts'

export const floodMessages = 1_000_000

/** How long the page is watched after the flood is over. */
const calmMs = 500
const tickMs = 4

/** Milliseconds of the longest gap between two ticks of the page's timer. */
export async function floodGap(side: 'comlink' | 'guarded', methods: MethodMap): Promise<number> {
  const { port1, port2 } = new MessageChannel()
  const worker = new Worker('/worker.js')
  const over = new Promise<void>((resolve) => {
    worker.onmessage = () => resolve()
    if (side === 'guarded') createHostBridge({ port: port1, methods, onClose: () => resolve() })
    else expose({ call: ([, [text]]: [string, [string]]) => text.length }, port1)
  })
  const stop = watchGaps()
  worker.postMessage({ flood: floodMessages, port: port2 }, [port2])
  await over
  if (side === 'guarded') worker.terminate()
  await new Promise((resolve) => setTimeout(resolve, calmMs))
  worker.terminate()
  return stop()
}

function watchGaps(): () => number {
  let longest = 0
  let last = performance.now()
  const tick = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  const timer = setInterval(tick, tickMs)
  return () => {
    tick()
    clearInterval(timer)
    return longest
  }
}
