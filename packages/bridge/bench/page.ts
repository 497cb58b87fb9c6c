/** The host side of the bench: the same function behind plain Comlink, its peers and the guard. */
import { s } from '@mortise/contract'
import { ThreadMessagePort } from '@quilted/threads'
import { expose } from 'comlink'
import { connect, PortMessenger } from 'penpal'
import { createHostBridge } from '../src/host.ts'
import { FlightRecorder } from '../src/recorder.ts'
import { floodGap } from './flood.ts'
import { guardCost } from './guard-cost.ts'
import { type BenchSettings, type Side, sides } from './sides.ts'
import { answerBuffers } from './transfer.ts'
import { createUncheckedBridge } from './unchecked-bridge.ts'

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
/** The table of a host that checks no arguments. */
const anything = { ...definition, args: s.any() } as unknown as typeof definition
const schemaless = new Map([['notes.measure', { definition: anything, invoke }]])

// The rate limit is there to stop floods, and a bench is one.
const limits = { messagesPerSecond: 1e9 }

const hosts: Readonly<Record<Side, (port: MessagePort) => unknown>> = {
  comlink: (port) => expose({ measure: note }, port),
  penpal: (port) => connect({ messenger: new PortMessenger({ port }), methods: { measure: note } }).promise,
  threads: (port) => {
    ThreadMessagePort.export(port, { measure: note })
    port.start()
  },
  unchecked: (port) => createUncheckedBridge(port, methods),
  guarded: (port) => createHostBridge({ port, methods, limits }),
  recorded: (port) => {
    const recorder = new FlightRecorder({ methods: new Map([[definition.name, definition]]) })
    return createHostBridge({ port, methods, limits, onCall: recorder.observe('bench') })
  },
}

/** Runs all rounds in one worker and answers its figures. */
function run(settings: BenchSettings): Promise<unknown> {
  return inWorker(
    { settings },
    channels(sides, (side, port) => hosts[side](port)),
  )
}

/** Milliseconds of round trips of a large buffer. */
function buffers(rounds: number): Promise<unknown> {
  const bytes = { ...definition, args: s.tuple([s.unknown()]), output: s.unknown() }
  const ends = {} as Record<'transferred' | 'copied' | 'comlink', MessagePort>
  const names = ['transferred', 'copied', 'comlink'] as const
  const ports = channels(names, (name, port) => {
    ends[name] = port
  })
  answerBuffers(bytes as unknown as typeof definition, ends)
  return inWorker({ buffers: rounds, method: definition.name }, ports)
}

/** The guest's ends of as many channels. */
function channels<Name extends string>(
  names: readonly Name[],
  open: (name: Name, port: MessagePort) => unknown,
): Record<Name, MessagePort> {
  return Object.fromEntries(
    names.map((name) => {
      const { port1, port2 } = new MessageChannel()
      open(name, port1)
      return [name, port2]
    }),
  ) as Record<Name, MessagePort>
}

function inWorker(message: object, ports: Readonly<Record<string, MessagePort>>): Promise<unknown> {
  const worker = new Worker('/worker.js')
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      worker.terminate()
      if (data instanceof Error) reject(data)
      else resolve(data)
    }
    worker.onerror = ({ message: said }) => reject(new Error(said))
    worker.postMessage({ ...message, ports }, Object.values(ports))
  })
}

async function flood(rounds: number): Promise<Record<'comlink' | 'guarded', number[]>> {
  const gaps = { comlink: [] as number[], guarded: [] as number[] }
  for (let round = 0; round < rounds; round++) gaps.guarded.push(await floodGap('guarded', methods))
  // Once: it stands still for the better part of a minute.
  gaps.comlink.push(await floodGap('comlink', methods))
  return gaps
}

const cost = (rounds: number) => guardCost(rounds, methods, schemaless)

Object.assign(globalThis, { run, flood, buffers, cost })
