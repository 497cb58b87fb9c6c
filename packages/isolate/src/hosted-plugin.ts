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
import { type RewrittenFiles, rewriteImports } from './dynamic-imports.ts'
import type { GuardedFetch } from './guarded-fetch.ts'
import { parseGuestJson, readGuestNames, readGuestRecord } from './parse-json.ts'
import { readGuestAnswer } from './read-answer.ts'
import { readGuestDeclaration, readGuestFilters, readGuestRings, readGuestRoutes } from './read-lists.ts'
import { RestartBackoff } from './restart-backoff.ts'
import type { RunnerProcess } from './runner-process.ts'
import { type CallAnswer, SandboxConnection, type SandboxNews } from './sandbox-connection.ts'
import { SourceMaps } from './source-maps.ts'
import type { Suspects } from './suspects.ts'
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
import type { CallKind, PluginLimits, SandboxEnd } from './wire.ts'

/** What a plugin needs from the pool. */
export interface PluginHome {
  readonly maxStrikes: number
  readonly restartWaitsMs: readonly number[]
  readonly suspects: Suspects
  /** The process that the plugin belongs into now. */
  process(plugin: HostedPlugin): Promise<RunnerProcess>
  now(): number
  newKey(): number
  log(record: RunnerLog): void
  aroundCall<T>(call: SandboxCall, work: () => Promise<T>): Promise<T>
  keepContext(): (work: () => void) => void
  aroundFetch<T>(request: SandboxFetch, work: () => Promise<T>): Promise<T>
  makeFetch(plugin: string, allowedHosts: () => readonly string[], limits: PluginLimits): GuardedFetch
  forget(plugin: HostedPlugin): void
}

const farewells = new Set(['onUnload', 'onDisable', 'onShutdown'])
const levels = new Set(['debug', 'info', 'warn', 'error'])

/** The parent's side of one plugin: its queue, its present sandbox and its strikes. */
export class HostedPlugin implements LoadedPlugin {
  readonly #spec: PluginSpec
  readonly #limits: PluginLimits
  readonly #home: PluginHome
  readonly #fetch: GuardedFetch
  readonly #maps: SourceMaps
  readonly #code: RewrittenFiles
  readonly #meter = new UsageMeter()
  readonly #backoff: RestartBackoff
  readonly #crashListeners = new Set<(reason: ErrorRecord) => void>()
  readonly #readyListeners = new Set<() => void>()
  #config: Record<string, unknown>
  #allowedHosts: readonly string[]
  #connection: SandboxConnection | undefined
  #starting: Promise<SandboxConnection> | undefined
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
  #isDisposed = false

  constructor(spec: PluginSpec, limits: PluginLimits, home: PluginHome) {
    this.#spec = spec
    this.#limits = limits
    this.#home = home
    this.#maps = new SourceMaps({ plugin: spec.id, files: spec.files, readMap: spec.readMap })
    this.#code = rewriteImports(spec.files)
    this.#config = spec.config
    this.#allowedHosts = spec.allowedHosts
    this.#fetch = home.makeFetch(spec.id, () => this.#allowedHosts, limits)
    this.#backoff = new RestartBackoff(home.restartWaitsMs, home.now, () => {
      for (const listener of this.#readyListeners) listener()
    })
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

  get restartsInMs(): number {
    return this.#connection || this.#starting ? 0 : this.#backoff.waitMs
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

  onDidWait(listener: () => void): () => void {
    this.#readyListeners.add(listener)
    return () => this.#readyListeners.delete(listener)
  }

  async usage(): Promise<PluginUsage> {
    const connection = this.#connection
    const reading = connection ? await this.#meter.measure(() => connection.measure()) : this.#meter.reading
    return { plugin: this.id, ...reading }
  }

  async dispose(): Promise<void> {
    if (this.#isDisposed) return
    this.#isDisposed = true
    this.#backoff.close()
    this.#home.forget(this)
    this.#disconnect(new MortiseError('PLUGIN_NOT_RUNNING', `${this.id} was stopped`))
    await this.#fetch.close()
  }

  /** Starts the sandbox unless it runs. */
  async start(): Promise<void> {
    await this.#ensureRunning()
  }

  /** Starts again after the process died through somebody else's fault. */
  revive(): void {
    if (this.#isDisposed || this.#connection || this.#isQuarantined || this.restartsInMs > 0) return
    this.#ensureRunning().catch((thrown: unknown) => {
      this.#home.log({
        level: 'error',
        plugin: this.id,
        message: 'Could not start again',
        data: toErrorRecord(thrown),
      })
    })
  }

  /** Whether its last strike is not long ago. */
  get isSuspect(): boolean {
    return this.#home.suspects.has(this.id)
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
    const answer = await connection.send(kind, payload, timeoutMs, bytes)
    this.#strikesInARow = 0
    return answer
  }

  async #invoke(kind: CallKind, payload: string): Promise<string | undefined> {
    const connection = await this.#ensureRunning()
    const { payload: result } = await connection.send(kind, payload)
    this.#strikesInARow = 0
    return result
  }

  #ensureRunning(): Promise<SandboxConnection> {
    if (this.#isDisposed) return Promise.reject(this.#notRunning('was stopped'))
    if (this.#isQuarantined) {
      return Promise.reject(this.#notRunning(`was stopped after ${this.#strikesInARow} failures in a row`))
    }
    if (this.#starting) return this.#starting
    if (this.#connection?.isIdle && this.#connection.process.isForSuspects && !this.isSuspect)
      this.#disconnect(this.#notRunning('moves'))
    if (this.#connection) return Promise.resolve(this.#connection)
    if (this.restartsInMs > 0) return Promise.reject(this.#waits())
    this.#starting = this.#startSandbox().finally(() => {
      this.#starting = undefined
    })
    return this.#starting
  }

  async #startSandbox(): Promise<SandboxConnection> {
    const process = await this.#home.process(this)
    if (this.#isDisposed) throw this.#notRunning('was stopped')
    const { id, entry, manifest, shim, hostCall } = this.#spec
    const connection = new SandboxConnection({
      process,
      key: this.#home.newKey(),
      plugin: id,
      limits: this.#limits,
      observer: this.#home,
      hostCall,
      fetch: this.#fetch,
      mapSource: (text) => this.#maps.apply(text),
      onNews: (news) => this.#onNews(connection, news),
    })
    this.#connection = connection
    this.#backoff.didStart()
    try {
      await connection.load({ id, entry, ...this.#code, manifest, shim, config: this.#config })
      if (this.#onLoadPayload !== undefined) await connection.send('call', this.#onLoadPayload)
      return connection
    } catch (thrown) {
      if (this.#connection === connection) {
        this.#disconnect(this.#notRunning('could not be loaded'))
        this.#backoff.didEnd()
      }
      throw thrown
    }
  }

  #onNews(connection: SandboxConnection, news: SandboxNews): void {
    if (news.type === 'log') this.#onLog(news.payload)
    else if (news.type === 'lists') this.#onLists(news.payload)
    else if (news.type === 'usage') this.#meter.note(news)
    else if (news.type === 'ended') this.#onEnd(connection, news.end)
    else news satisfies never
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

  #onEnd(connection: SandboxConnection, end: SandboxEnd): void {
    if (this.#connection !== connection) return
    // Whose fault it is: the plugin's own, or that of whoever took the process down.
    const source = end.strike ? 'plugin' : 'server'
    const error = new MortiseError(end.code, `${this.id}: ${end.message}`, { source })
    this.#disconnect(error)
    if (!end.strike) return
    this.#crashes++
    this.#strikesInARow++
    this.#backoff.didEnd()
    this.#home.suspects.add(this.id)
    this.#home.log({ level: 'error', plugin: this.id, message: error.message, data: { code: end.code } })
    for (const listener of this.#crashListeners) listener(toErrorRecord(error))
  }

  #disconnect(error: MortiseError): void {
    const connection = this.#connection
    if (!connection) return
    this.#connection = undefined
    this.#meter.end()
    connection.close(error)
  }

  #waits(): MortiseError {
    const retryAfter = Math.ceil(this.restartsInMs / 1000)
    const message = `${this.id} was ended again and again, so it is down. It is tried again in ${retryAfter} s.`
    return new MortiseError('PLUGIN_UNAVAILABLE', message, { data: { retryAfter } })
  }

  #notRunning(why: string): MortiseError {
    return new MortiseError('PLUGIN_NOT_RUNNING', `${this.id} ${why}`)
  }
}
