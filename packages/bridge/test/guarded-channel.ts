import { type NamedMethod, s } from '@mortise/contract'
import { createHostBridge, type HostBridge, type HostBridgeOptions, type MethodMap } from '../src/host.ts'

/** What the methods of the channel were called with, in order. */
export type Journal = unknown[][]

export interface GuardedChannel extends Disposable {
  readonly host: HostBridge
  /** The guest's end, for messages made by hand. */
  readonly guest: MessagePort
  readonly journal: Journal
  /** Reasons of dropped messages, in order. */
  readonly violations: string[]
  /** Why the guard closed the port. */
  readonly closedFor: string[]
  /** Sends one message and answers what the host said to its id. */
  ask(message: unknown, transfer?: Transferable[]): Promise<{ id: string; value: unknown }>
  /** A well-formed call to `echo`, answered only after everything sent before it was read. */
  flush(): Promise<unknown>
}

const definition = (name: string, fields: Partial<NamedMethod> = {}): NamedMethod => ({
  name,
  summary: '',
  permission: null,
  effect: 'read',
  params: [],
  args: s.tuple([s.optional(s.unknown())]),
  output: s.unknown(),
  ...fields,
})

/** Methods of every kind: open, with arguments, async, throwing, hanging, not granted. */
export function testMethods(journal: Journal): MethodMap {
  const method = (
    name: string,
    invoke: (args: readonly unknown[]) => unknown,
    fields?: Partial<NamedMethod>,
  ) => [name, { definition: definition(name, fields), invoke }] as const
  const noted =
    (name: string, answer: (args: readonly unknown[]) => unknown) => (args: readonly unknown[]) => {
      journal.push([name, ...args])
      return answer(args)
    }
  return new Map<string, NonNullable<ReturnType<MethodMap['get']>>>([
    method(
      'echo',
      noted('echo', ([value]) => value),
    ),
    method(
      'notes.add',
      noted('notes.add', ([text]) => text),
      {
        args: s.tuple([s.pipe(s.string(), s.maxLength(5))]),
      },
    ),
    method(
      'later',
      noted('later', async ([value]) => value),
    ),
    method('throws', () => {
      throw Object.assign(new Error('secret path /srv/host'), { stack: 'secret stack' })
    }),
    method('rejects', async () => {
      throw Object.assign(new Error('no such note'), {
        code: 'NOT_FOUND',
        name: 'NoteNotFoundError',
        data: { id: 7 },
      })
    }),
    method('hangs', () => new Promise(() => {})),
    method('function', () => () => 1),
    ['notes.remove', { definition: definition('notes.remove', { permission: 'write:notes' }) }],
  ])
}

/** A guard and the raw port of its guest, in one process. */
export function guardedChannel(options: Partial<HostBridgeOptions> = {}): GuardedChannel {
  const { port1, port2 } = new MessageChannel()
  const journal: Journal = []
  const violations: string[] = []
  const closedFor: string[] = []
  const waiting = new Map<string, (answer: { id: string; value: unknown }) => void>()
  let lastId = 0
  port2.addEventListener('message', ({ data }) => {
    waiting.get(data.id)?.(data)
    waiting.delete(data.id)
  })
  port2.start()
  const host = createHostBridge({
    port: port1,
    methods: testMethods(journal),
    onViolation: (reason) => violations.push(reason),
    onClose: (reason) => closedFor.push(reason),
    ...options,
  })
  const ask: GuardedChannel['ask'] = (message, transfer = []) =>
    new Promise((resolve) => {
      waiting.set((message as { id: string }).id, resolve)
      port2.postMessage(message, transfer)
    })
  return {
    host,
    guest: port2,
    journal,
    violations,
    closedFor,
    ask,
    flush: async () => (await ask(apply('echo', ['flush'], `flush-${++lastId}`))).value,
    [Symbol.dispose]() {
      host.close()
      port2.close()
    },
  }
}

const raw = (value: unknown) => ({ type: 'RAW', value })

/** A call in the one form that is allowed. */
export function apply(method: unknown, args: unknown, id: unknown = 'id') {
  return { id, type: 'APPLY', path: ['call'], argumentList: [raw([method, args])] }
}

/** A batch in the one form that is allowed. */
export function applyBatch(runs: unknown, id: unknown = 'id') {
  return { id, type: 'APPLY', path: ['batch'], argumentList: [raw(runs)] }
}
