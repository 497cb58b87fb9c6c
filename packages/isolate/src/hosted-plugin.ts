import {
  type ErrorRecord,
  type GuestDeclaration,
  type GuestFilter,
  type GuestRing,
  type GuestRoute,
  type GuestWork,
  MortiseError,
  toErrorRecord,
} from '@mortise/contract'
import { answerFetch, answerHostCall } from './answer-request.ts'
import { findDynamicImports } from './dynamic-imports.ts'
import type { GuardedFetch } from './guarded-fetch.ts'
import { parseGuestJson, readGuestNames, readGuestRecord } from './parse-json.ts'
import { readGuestAnswer } from './read-answer.ts'
import { readGuestDeclaration, readGuestFilters, readGuestRings, readGuestRoutes } from './read-lists.ts'
import type { RunnerProcess, SandboxListener } from './runner-process.ts'
import { SourceMaps } from './source-maps.ts'
import { thrownByPlugin } from './thrown-by-plugin.ts'
import type {
  LoadedPlugin,
  PluginAnswer,
  PluginRequest,
  PluginSpec,
  PluginUsage,
  RunnerLog,
  SandboxCall,
  SandboxFetch,
} from './types.ts'
import { UsageMeter } from './usage-meter.ts'
import { type CallKind, type ChildMessage, loadCallId, type PluginLimits, type SandboxEnd } from './wire.ts'

/** What a plugin needs from the pool. */
export interface PluginHome {
  readonly maxStrikes: number
  process(): Promise<RunnerProcess>
  newKey(): number
  log(record: RunnerLog): void
  aroundCall<T>(call: SandboxCall, work: () => Promise<T>): Promise<T>
  keepContext(): (work: () => void) => void
  aroundFetch<T>(request: SandboxFetch, work: () => Promise<T>): Promise<T>
  makeFetch(allowedHosts: () => readonly string[], limits: PluginLimits): GuardedFetch
  forget(plugin: HostedPlugin): void
}

interface Connection {
  readonly process: RunnerProcess
  readonly key: number
  readonly calls: Map<number, PendingCall>
  readonly requests: Map<number, AbortController>
}

interface CallAnswer {
  readonly payload: string | undefined
  readonly bytes: Uint8Array | undefined
}

interface PendingCall {
  /** Runs something in the asynchronous context of whoever called. */
  readonly within: (work: () => void) => void
  resolve(answer: CallAnswer): void
  reject(error: MortiseError): void
}

/** How long past its own deadline a child may stay silent before it is killed, in milliseconds. */
const silenceMs = 3_000
const farewells = new Set(['onUnload', 'onDisable', 'onShutdown'])
const levels = new Set(['debug', 'info', 'warn', 'error'])

/** The parent's side of one plugin: its queue, its present sandbox and its strikes. */
export class HostedPlugin implements LoadedPlugin {
  readonly #spec: PluginSpec
  readonly #limits: PluginLimits
  readonly #home: PluginHome
  readonly #fetch: GuardedFetch
  readonly #maps: SourceMaps
  readonly #meter = new UsageMeter()
  readonly #crashListeners = new Set<(reason: ErrorRecord) => void>()
  #config: Record<string, unknown>
  #allowedHosts: readonly string[]
  #connection: Connection | undefined
  #starting: Promise<Connection> | undefined
  #queue: Promise<unknown> = Promise.resolve()
  #onLoadPayload: string | undefined
  #handlers: readonly string[] = []
  #subscriptions: readonly string[] = []
  #filters: readonly GuestFilter[] = []
  #rings: readonly GuestRing[] = []
  #routes: readonly GuestRoute[] = []
  #declared: GuestDeclaration = {}
  #crashes = 0
  #strikesInARow = 0
  #lastCallId = loadCallId
  #isDisposed = false

  constructor(spec: PluginSpec, limits: PluginLimits, home: PluginHome) {
    this.#spec = spec
    this.#limits = limits
    this.#home = home
    this.#maps = new SourceMaps({ plugin: spec.id, files: spec.files, readMap: spec.readMap })
    this.#config = spec.config
    this.#allowedHosts = spec.allowedHosts
    this.#fetch = home.makeFetch(() => this.#allowedHosts, limits)
  }

  get id(): string {
    return this.#spec.id
  }

  get handlers(): readonly string[] {
    return this.#handlers
  }

  get subscriptions(): readonly string[] {
    return this.#subscriptions
  }

  get filters(): readonly GuestFilter[] {
    return this.#filters
  }

  get rings(): readonly GuestRing[] {
    return this.#rings
  }

  get declared(): GuestDeclaration {
    return this.#declared
  }

  get routes(): readonly GuestRoute[] {
    return this.#routes
  }

  get crashes(): number {
    return this.#crashes
  }

  async deliver(event: unknown): Promise<void> {
    await this.#enqueue(() => this.#invoke('deliver', JSON.stringify(event)))
  }

  filter(type: string, value: unknown, timeoutMs: number): Promise<unknown> {
    return this.#ask('filter', JSON.stringify({ type, value }), timeoutMs)
  }

  ring(ring: string, context: unknown, timeoutMs: number): Promise<unknown> {
    return this.#ask('ring', JSON.stringify({ ring, context }), timeoutMs)
  }

  async request(
    route: GuestRoute,
    { body, ...head }: PluginRequest,
    timeoutMs: number,
  ): Promise<PluginAnswer | undefined> {
    const payload = JSON.stringify({ route, head })
    const answer = await this.#askBeside('http', payload, timeoutMs, body)
    if (answer.payload === undefined) return undefined
    return readGuestAnswer(this.#parseResult(answer.payload), answer.bytes, this.id)
  }

  async work(what: GuestWork, name: string, args: readonly unknown[]): Promise<unknown> {
    const payload = JSON.stringify({ what, name, args })
    const result = await this.#enqueue(() => this.#invoke('work', payload))
    return result === undefined ? undefined : this.#parseResult(result)
  }

  async call(name: string, args: readonly unknown[]): Promise<unknown> {
    // What does not run has nothing to unload.
    if (farewells.has(name) && !this.#connection) return undefined
    const payload = JSON.stringify({ name, args })
    const result = await this.#enqueue(() => this.#invoke('call', payload))
    if (name === 'onLoad') this.#onLoadPayload = payload
    if (name === 'onUnload') this.#onLoadPayload = undefined
    return result === undefined ? undefined : this.#parseResult(result)
  }

  async update(change: {
    config?: Record<string, unknown>
    allowedHosts?: readonly string[]
  }): Promise<void> {
    if (change.allowedHosts) this.#allowedHosts = change.allowedHosts
    if (!change.config) return
    this.#config = change.config
    // A plugin that is down gets the new configuration when it starts again.
    if (this.#connection) await this.#enqueue(() => this.#invoke('configure', JSON.stringify(change.config)))
  }

  onDidCrash(listener: (reason: ErrorRecord) => void): () => void {
    this.#crashListeners.add(listener)
    return () => this.#crashListeners.delete(listener)
  }

  async usage(): Promise<PluginUsage> {
    const connection = this.#connection
    const reading = connection
      ? await this.#meter.measure(() => connection.process.send({ type: 'measure', key: connection.key }))
      : this.#meter.reading
    return { plugin: this.id, ...reading }
  }

  async dispose(): Promise<void> {
    if (this.#isDisposed) return
    this.#isDisposed = true
    this.#home.forget(this)
    this.#disconnect(new MortiseError('PLUGIN_NOT_RUNNING', `${this.id} was stopped`))
    await this.#fetch.close()
  }

  /** Starts the sandbox unless it runs. */
  async start(): Promise<void> {
    const places = findDynamicImports(this.#spec.files)
    if (places.length > 0) {
      const message = `Plugins have no import(), and it is called at ${places.join(', ')}: import at the top of the file, or bundle without code splitting`
      this.#home.log({ level: 'warn', plugin: this.id, message })
    }
    await this.#ensureRunning()
  }

  /** Starts again after the process died through somebody else's fault. */
  revive(): void {
    if (this.#isDisposed || this.#connection || this.#isQuarantined) return
    this.#ensureRunning().catch((thrown: unknown) => {
      this.#home.log({
        level: 'error',
        plugin: this.id,
        message: 'Could not start again',
        data: toErrorRecord(thrown),
      })
    })
  }

  get #isQuarantined(): boolean {
    return this.#strikesInARow >= this.#home.maxStrikes
  }

  #parseResult(text: string): unknown {
    try {
      return parseGuestJson(text)
    } catch {
      throw new MortiseError('PLUGIN_THREW', `${this.id}: The result cannot be read`, { source: 'plugin' })
    }
  }

  #enqueue<T>(task: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(task)
    this.#queue = run.catch(() => {})
    return run
  }

  async #ask(kind: CallKind, payload: string, timeoutMs: number): Promise<unknown> {
    const { payload: result } = await this.#askBeside(kind, payload, timeoutMs)
    return result === undefined ? undefined : this.#parseResult(result)
  }

  /** A call beside the queue, because a call in the queue may be what it answers for. */
  async #askBeside(
    kind: CallKind,
    payload: string,
    timeoutMs: number,
    bytes?: Uint8Array,
  ): Promise<CallAnswer> {
    const connection = await this.#ensureRunning()
    const answer = await this.#send(connection, kind, payload, timeoutMs, bytes)
    this.#strikesInARow = 0
    return answer
  }

  async #invoke(kind: CallKind, payload: string): Promise<string | undefined> {
    const connection = await this.#ensureRunning()
    const { payload: result } = await this.#send(connection, kind, payload)
    this.#strikesInARow = 0
    return result
  }

  #ensureRunning(): Promise<Connection> {
    if (this.#isDisposed) return Promise.reject(this.#notRunning('was stopped'))
    if (this.#isQuarantined) {
      return Promise.reject(this.#notRunning(`was stopped after ${this.#strikesInARow} failures in a row`))
    }
    if (this.#starting) return this.#starting
    if (this.#connection) return Promise.resolve(this.#connection)
    this.#starting = this.#startSandbox().finally(() => {
      this.#starting = undefined
    })
    return this.#starting
  }

  async #startSandbox(): Promise<Connection> {
    const process = await this.#home.process()
    if (this.#isDisposed) throw this.#notRunning('was stopped')
    const connection: Connection = {
      process,
      key: this.#home.newKey(),
      calls: new Map(),
      requests: new Map(),
    }
    this.#connection = connection
    process.listen(connection.key, this.#listenerFor(connection))
    const { id, entry, files, manifest, shim } = this.#spec
    const loaded = this.#around('load', () =>
      this.#waitFor(connection, loadCallId, this.#limits.loadTimeoutMs),
    )
    process.send({
      type: 'load',
      key: connection.key,
      spec: { id, entry, files, manifest, shim, config: this.#config },
      limits: this.#limits,
    })
    try {
      await loaded
      if (this.#onLoadPayload !== undefined) await this.#send(connection, 'call', this.#onLoadPayload)
      return connection
    } catch (thrown) {
      if (this.#connection === connection) this.#disconnect(this.#notRunning('could not be loaded'))
      throw thrown
    }
  }

  #send(
    connection: Connection,
    kind: CallKind,
    payload: string,
    timeoutMs?: number,
    bytes?: Uint8Array,
  ): Promise<CallAnswer> {
    const id = ++this.#lastCallId
    const answer = this.#around(kind, () =>
      this.#waitFor(connection, id, timeoutMs ?? this.#limits.callTimeoutMs),
    )
    if (this.#connection === connection) {
      connection.process.send({ type: 'call', key: connection.key, id, kind, payload, bytes, timeoutMs })
    } else {
      connection.calls.get(id)?.reject(new MortiseError('PLUGIN_CRASHED', `The sandbox of ${this.id} ended`))
    }
    return answer
  }

  #around<T>(kind: SandboxCall['kind'], work: () => Promise<T>): Promise<T> {
    return this.#home.aroundCall({ plugin: this.id, kind }, work)
  }

  #waitFor(connection: Connection, id: number, timeoutMs: number): Promise<CallAnswer> {
    return new Promise((resolve, reject) => {
      const silence = setTimeout(() => connection.process.kill(), timeoutMs + silenceMs)
      const settle = () => {
        clearTimeout(silence)
        connection.calls.delete(id)
      }
      connection.calls.set(id, {
        within: this.#home.keepContext(),
        resolve: (answer) => {
          settle()
          resolve(answer)
        },
        reject: (error) => {
          settle()
          reject(error)
        },
      })
    })
  }

  #listenerFor(connection: Connection): SandboxListener {
    return {
      onMessage: (message) => this.#onMessage(connection, message),
      onProcessExit: () =>
        this.#onEnd(connection, {
          code: 'PLUGIN_CRASHED',
          message: 'The process of the sandbox ended',
          strike: false,
        }),
    }
  }

  #onMessage(connection: Connection, message: Extract<ChildMessage, { key: number }>): void {
    if (message.type === 'answered') this.#onAnswer(connection, message)
    else if (message.type === 'request') this.#onRequest(connection, message)
    else if (message.type === 'abort') connection.requests.get(message.id)?.abort()
    else if (message.type === 'log') this.#onLog(message.payload)
    else if (message.type === 'lists') this.#onLists(message.payload)
    else if (message.type === 'usage') this.#meter.note(message)
    else if (message.type === 'ended') this.#onEnd(connection, message.end)
    else message satisfies never
  }

  #onAnswer(
    connection: Connection,
    { id, ok, payload, bytes }: Extract<ChildMessage, { type: 'answered' }>,
  ): void {
    const call = connection.calls.get(id)
    if (ok) call?.resolve({ payload, bytes })
    else {
      const code = id === loadCallId ? 'PLUGIN_LOAD_FAILED' : 'PLUGIN_THREW'
      call?.reject(thrownByPlugin(code, this.id, payload, (text) => this.#maps.apply(text)))
    }
  }

  /** A sandbox does not say for which call it asks, and could lie: the one that waits longest is taken. */
  #onRequest(connection: Connection, message: Extract<ChildMessage, { type: 'request' }>): void {
    const [oldest] = connection.calls.values()
    const answer = () => this.#answerRequest(connection, message)
    if (oldest) oldest.within(answer)
    else answer()
  }

  async #answerRequest(
    { process, key, requests }: Connection,
    { id, kind, payload, bytes }: Extract<ChildMessage, { type: 'request' }>,
  ): Promise<void> {
    const abort = new AbortController()
    requests.set(id, abort)
    try {
      const answer =
        kind === 'host'
          ? await answerHostCall((method, args) => this.#spec.hostCall(method, args), payload, bytes)
          : await answerFetch(this.#fetch, payload, bytes, abort.signal, (request, work) =>
              this.#home.aroundFetch({ plugin: this.id, ...request }, work),
            )
      process.send({ type: 'settle', key, id, ok: true, ...answer })
    } catch (thrown) {
      const record = JSON.stringify(toErrorRecord(thrown))
      process.send({ type: 'settle', key, id, ok: false, payload: record, bytes: undefined })
    } finally {
      requests.delete(id)
    }
  }

  #onLog(payload: string): void {
    const { level, message, data } = readGuestRecord(payload)
    this.#home.log({
      level: levels.has(String(level)) ? (level as RunnerLog['level']) : 'info',
      plugin: this.id,
      message: this.#maps.apply(String(message)),
      ...(data === undefined ? {} : { data }),
    })
  }

  #onLists(payload: string): void {
    const { declared, handlers, subscriptions, filters, rings, routes } = readGuestRecord(payload)
    this.#declared = readGuestDeclaration(declared)
    this.#routes = readGuestRoutes(routes)
    this.#filters = readGuestFilters(filters)
    this.#rings = readGuestRings(rings)
    this.#handlers = readGuestNames(handlers)
    this.#subscriptions = readGuestNames(subscriptions)
  }

  #onEnd(connection: Connection, end: SandboxEnd): void {
    if (this.#connection !== connection) return
    const error = new MortiseError(end.code, `${this.id}: ${end.message}`, { source: 'plugin' })
    this.#disconnect(error)
    if (!end.strike) return
    this.#crashes++
    this.#strikesInARow++
    this.#home.log({ level: 'error', plugin: this.id, message: error.message, data: { code: end.code } })
    for (const listener of this.#crashListeners) listener(toErrorRecord(error))
  }

  #disconnect(error: MortiseError): void {
    const connection = this.#connection
    if (!connection) return
    this.#connection = undefined
    this.#meter.end()
    const { process, key, calls, requests } = connection
    process.unlisten(key)
    process.send({ type: 'dispose', key })
    for (const request of requests.values()) request.abort()
    for (const call of [...calls.values()]) call.reject(error)
  }

  #notRunning(why: string): MortiseError {
    return new MortiseError('PLUGIN_NOT_RUNNING', `${this.id} ${why}`)
  }
}
