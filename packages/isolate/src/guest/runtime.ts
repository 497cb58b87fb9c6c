import type { GuestDialect, GuestHost, GuestRoute, GuestWork } from '@mortise/contract'
import { Channel, type Powers, reviveError } from './channel.ts'
import { createModuleLoader, type ModuleLoader } from './commonjs.ts'
import { inspect } from './console.ts'
import { describeThrown } from './describe-error.ts'
import { evaluate } from './evaluate.ts'
import { define, installPowers } from './globals.ts'
import type { GuestRequestHead, HttpAnswer } from './http.ts'
import { createTimers } from './timers.ts'

/**
 * The one function the child process calls: a kind, an id, JSON text or bytes. Answers the result of a call as JSON
 * text where it is there at once; any other outcome is sent.
 */
export type Receive = (kind: string, id: number, payload?: string, bytes?: ArrayBuffer) => string | undefined

/** What a dialect's guest source gets here: the common host, and a blocking call. */
export interface IsolateHost extends GuestHost {
  /** Like `call`, but the isolate waits. For systems whose plugins expect synchronous calls. */
  callSync(method: string, args?: readonly unknown[]): unknown
}

interface Preparation {
  readonly id: string
  readonly shim: string
  readonly config: Record<string, unknown>
  readonly manifest: unknown
  readonly files: Record<string, string>
  readonly importers: Record<string, string>
}

// Captured before plugin code can replace them.
const { parse, stringify } = JSON

/** Connects one isolate to its child process. */
export function startRuntime(powers: Powers): Receive {
  const channel = new Channel(powers)
  const { send } = powers
  const log = (level: string, message: string, data?: unknown) =>
    send('log', 0, describeLine(level, message, data))
  const timers = createTimers(send, (thrown) => reportStray(thrown))
  const openWeb = installPowers(channel, log, timers.globals)

  let config: Record<string, unknown> = {}
  let dialect: GuestDialect | undefined
  let loader: ModuleLoader | undefined
  let plugin: ReturnType<GuestDialect['adopt']> | undefined
  let sentLists = ''
  /** Modules by the id under which they were asked for, once they have run. */
  const arrivals = new Map<number, PromiseWithResolvers<object>>()

  function reportStray(thrown: unknown): void {
    const { name, message, stack } = describeThrown(thrown)
    log('error', `Uncaught in a timer: ${stack ?? `${name}: ${message}`}`)
  }

  const handlers: Record<string, (payload: string, bytes: ArrayBuffer | undefined) => unknown> = {
    __proto__: null as never,
    prepare(payload) {
      const preparation = parse(payload) as Preparation
      config = preparation.config
      const makeDialect = evaluate(`${preparation.shim}\n//# sourceURL=mortise/dialect.js`) as (
        host: IsolateHost,
      ) => GuestDialect
      dialect = makeDialect(createHost(preparation.manifest))
      define(dialect.globals ?? {})
      const modules = new Map(Object.entries(dialect.modules ?? {}))
      const { id: plugin, files, importers } = preparation
      loader = createModuleLoader({ plugin, files, importers, importer, modules })
      return [...modules.keys()]
    },
    run(payload) {
      adopt(loader?.requireFile(payload))
    },
    async adoptEntry(payload) {
      adopt(defaultExport(await take(Number(payload))))
    },
    describe(payload) {
      const exports = require(payload)
      return typeof exports === 'object' && exports !== null ? Object.keys(exports) : []
    },
    expose(payload) {
      define({
        [payload]: Object.assign((specifier: string) => require(specifier), {
          importer,
          deliver: (id: number, found: object) => arrival(id).resolve(found),
        }),
      })
    },
    async arrived(payload) {
      await arrival(Number(payload)).promise
    },
    conceal(payload) {
      Reflect.deleteProperty(globalThis, payload)
    },
    filter(payload) {
      const { type, value } = parse(payload) as { type: string; value: unknown }
      return plugin?.filter?.(type, value)
    },
    ring(payload) {
      const { ring, context } = parse(payload) as { ring: string; context: unknown }
      return plugin?.ring?.(ring, context)
    },
    async http(payload, bytes) {
      const { route, head } = parse(payload) as { route: GuestRoute; head: GuestRequestHead }
      const { toGuestRequest, toHttpAnswer } = openWeb()
      return toHttpAnswer(await plugin?.request?.(route, toGuestRequest(head, bytes)))
    },
    deliver: (payload) => plugin?.deliver(parse(payload)),
    work(payload) {
      const { what, name, args } = parse(payload) as { what: GuestWork; name: string; args: unknown[] }
      return plugin?.work?.(what, name, args)
    },
    call(payload) {
      const { name, args } = parse(payload) as { name: string; args: unknown[] }
      return plugin?.call(name, args)
    },
    configure(payload) {
      config = parse(payload) as Record<string, unknown>
      return plugin?.configure(config)
    },
  }

  function require(specifier: string): unknown {
    return specifier.startsWith('file:')
      ? loader?.requireFile(specifier.slice(5))
      : loader?.requireFrom('', specifier)
  }

  function arrival(id: number): PromiseWithResolvers<object> {
    const known = arrivals.get(id) ?? Promise.withResolvers<object>()
    arrivals.set(id, known)
    return known
  }

  async function take(id: number): Promise<object> {
    const found = await arrival(id).promise
    arrivals.delete(id)
    return found
  }

  function importer(from: string): (specifier: unknown) => Promise<object> {
    return async (specifier) => {
      const { id, answer } = channel.request('import', stringify({ from, specifier: `${specifier}` }))
      await answer
      return take(id)
    }
  }

  function adopt(exports: unknown): void {
    plugin = dialect?.adopt(exports)
  }

  function createHost(manifest: unknown): IsolateHost {
    return {
      get config() {
        return config
      },
      manifest,
      async call(method, args = []) {
        // What is no list at all goes as it is: the host refuses it with its own words.
        const bytesAt = Array.isArray(args) ? args.findIndex((arg) => arg instanceof Uint8Array) : -1
        const data = bytesAt < 0 ? undefined : (args[bytesAt] as Uint8Array)
        // JSON has no bytes, so they travel beside it and the place they had holds nothing.
        const text = stringify(data ? { method, args: args.with(bytesAt, null), bytesAt } : { method, args })
        const { answer } = channel.request('host', text, data?.slice().buffer as ArrayBuffer | undefined)
        const { payload, bytes } = await answer
        if (bytes) return new Uint8Array(bytes)
        return payload === undefined ? undefined : parse(payload)
      },
      callSync(method, args = []) {
        const { ok, payload } = parse(powers.requestSync(stringify({ method, args })))
        if (!ok) throw reviveError(payload)
        return payload === undefined ? undefined : parse(payload)
      },
      log,
    }
  }

  function sendLists(): void {
    if (!plugin) return
    const { declared = {}, handlers, subscriptions, filters = [], rings = [], routes = [] } = plugin
    const lists = stringify({ declared, handlers, subscriptions, filters, rings, routes })
    if (lists === sentLists) return
    sentLists = lists
    send('lists', 0, lists)
  }

  /** The newest result that the entry function returned. */
  let returned = { id: Number.NaN, text: '' }

  // A message out of the isolate costs two changes of thread more than what the entry function returns.
  function answer(
    kind: string,
    id: number,
    payload: string,
    bytes: ArrayBuffer | undefined,
  ): string | undefined {
    try {
      const result = handlers[kind]?.(payload, bytes)
      if (isThenable(result)) {
        answerLater(kind, id, result)
        return undefined
      }
      const text = result === undefined ? undefined : stringify(result)
      sendLists()
      if (text === undefined) send('result', id, undefined)
      else returned = { id, text }
      return text
    } catch (thrown) {
      send('error', id, stringify(describeThrown(thrown)))
      return undefined
    }
  }

  async function answerLater(kind: string, id: number, pending: PromiseLike<unknown>): Promise<void> {
    try {
      const result = await pending
      const isHttp = kind === 'http' && result !== undefined
      const { body, ...head } = (isHttp ? result : {}) as Partial<HttpAnswer>
      const value = isHttp ? head : result
      const text = value === undefined ? undefined : stringify(value)
      sendLists()
      send('result', id, text, body)
    } catch (thrown) {
      send('error', id, stringify(describeThrown(thrown)))
    }
  }

  return (kind, id, payload = '', bytes) => {
    if (kind === 'timer') timers.fire(id)
    else if (kind === 'settled') channel.settle(id, true, payload === '' ? undefined : payload, bytes)
    else if (kind === 'failed') channel.settle(id, false, payload, undefined)
    // What an entry returned is lost where it left a rejection that nobody handles.
    else if (kind === 'repeat') return id === returned.id ? returned.text : undefined
    else return answer(kind, id, payload, bytes)
    return undefined
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  const isObject = typeof value === 'object' ? value !== null : typeof value === 'function'
  return isObject && typeof (value as { then?: unknown }).then === 'function'
}

const longestLine = 8_000

/** A log line as JSON. Data that is no JSON, or too much of it, becomes short text. */
function describeLine(level: string, message: unknown, data: unknown): string {
  const line = { level, message: inspect(message, 0).slice(0, longestLine) }
  if (data === undefined) return stringify(line)
  try {
    const text = stringify({ ...line, data })
    if (text.length < 2 * longestLine) return text
  } catch {
    // Circular values and big integers end up below.
  }
  return stringify({ ...line, data: inspect(data, 1).slice(0, longestLine / 4) })
}

function defaultExport(namespace: object): unknown {
  return 'default' in namespace ? namespace.default : namespace
}
