/** The host side of the bench: the same function behind plain Comlink and behind the guard. */
import { s } from '@mortise/contract'
import { expose } from 'comlink'
import { createHostBridge } from '../src/host.ts'
import { FlightRecorder } from '../src/recorder.ts'
import { floodGap } from './flood.ts'

const note = (text: string) => text.length

const definition = {
  name: 'notes.measure',
  summary: '',
  permission: null,
  effect: 'read' as const,
  params: ['text'],
  args: s.tuple([s.pipe(s.string(), s.maxLength(100))]),
  output: s.number(),
}
const invoke = ([text]: readonly unknown[]) => note(text as string)
const methods = new Map([['notes.measure', { definition, invoke }]])

/** Runs all rounds in one worker and answers its figures. */
function run(settings: unknown): Promise<unknown> {
  const plain = new MessageChannel()
  const guarded = new MessageChannel()
  const recorded = new MessageChannel()
  expose({ measure: note }, plain.port1)
  // The rate limit is there to stop floods, and a bench is one.
  const limits = { messagesPerSecond: 1e9 }
  createHostBridge({ port: guarded.port1, methods, limits })
  const recorder = new FlightRecorder({ methods: new Map([[definition.name, definition]]) })
  createHostBridge({ port: recorded.port1, methods, limits, onCall: recorder.observe('bench') })
  const worker = new Worker('/worker.js')
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data)
    worker.onerror = ({ message }) => reject(new Error(message))
    const ports = { plain: plain.port2, guarded: guarded.port2, recorded: recorded.port2 }
    worker.postMessage({ settings, ...ports }, Object.values(ports))
  })
}

async function flood(rounds: number): Promise<Record<'comlink' | 'guarded', number[]>> {
  const gaps = { comlink: [] as number[], guarded: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    gaps.guarded.push(await floodGap('guarded', methods))
    gaps.comlink.push(await floodGap('comlink', methods))
  }
  return gaps
}

Object.assign(globalThis, { run, flood })
