import {
  type DomainDefinition,
  type FailPolicy,
  MortiseError,
  parse,
  type RingDefinition,
  toErrorRecord,
  unwrap,
} from '@mortise/contract'
import { bounded } from '../filters/bounded.ts'
import type { Tracing } from '../tracing/tracing.ts'
import { type RingVerdict, readRingResult } from './read-result.ts'
import { type RingOutcome, type RingPluginStats, RingStats, round } from './ring-stats.ts'

/** What a host hands down a ring. */
export interface RingInput {
  readonly body: unknown
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  readonly session_id?: string | undefined
  /** The W3C `traceparent` that the run belongs to. The span at hand where left out. */
  readonly traceparent?: string | undefined
}

/** What became of it. */
export interface RingResult {
  readonly action: 'passthrough' | 'modify' | 'block' | 'cache_hit'
  readonly body: unknown
  /** Carried down the chain. Keys with a leading `_` are the engine's. */
  readonly metadata: Readonly<Record<string, unknown>>
  readonly stop_chain: boolean
  /** HTTP status of a block. */
  readonly status?: number
  readonly error_type?: string
  /** Of a block, else of the last plugin that failed. */
  readonly error?: string
  /** Of a cache hit. */
  readonly response?: unknown
}

/** What one run did and how long it took, in milliseconds. */
export interface RingTrace {
  readonly req_id: string
  readonly timestamp: string
  readonly rings: Readonly<
    Record<
      string,
      {
        readonly duration_ms: number
        readonly plugins: readonly { readonly name: string; readonly ms: number }[]
      }
    >
  >
}

/** A plugin that takes part in a ring. */
export interface RingMember {
  readonly plugin: string
  readonly priority: number
  readonly timeoutMs?: number | undefined
  readonly failPolicy?: FailPolicy | undefined
}

export interface RingsOptions {
  readonly domains: readonly DomainDefinition[]
  readonly now: () => Date
  readonly newId: () => string
  readonly tracing: Tracing
  /** Plugins that run and take part, allowed or not. */
  membersOf(ring: string): readonly RingMember[]
  mayJoin(plugin: string, permission: string | null): boolean
  ask(plugin: string, ring: string, context: unknown, timeoutMs: number): Promise<unknown>
  warn(plugin: string, message: string): void
}

const crossingMs = 500
const keptTraces = 100

/** Asks plugins one after the other what to do with a request of the host. */
export class Rings {
  readonly #options: RingsOptions
  readonly #definitions: ReadonlyMap<string, RingDefinition>
  readonly #stats = new Map<string, Map<string, RingStats>>()
  readonly #traces: RingTrace[] = []

  constructor(options: RingsOptions) {
    this.#options = options
    this.#definitions = new Map(options.domains.flatMap(({ rings = {} }) => Object.entries(rings)))
  }

  /** @throws `NOT_FOUND` for an unknown ring, `INPUT_INVALID` for a body that does not fit it. */
  async run(ring: string, input: RingInput): Promise<RingResult> {
    const definition = this.#definitions.get(ring)
    if (!definition) throw new MortiseError('NOT_FOUND', `There is no ring '${ring.slice(0, 64)}'.`)
    const body = unwrap(parse(definition.payload, input.body), 'INPUT_INVALID', 'The body was refused')
    const chain = new Chain(body, input.metadata ?? {})
    const started = performance.now()
    const plugins: { name: string; ms: number }[] = []
    const span = { parent: input.traceparent, attributes: { 'mortise.ring': ring } }
    const result = await this.#options.tracing.run(`ring ${ring}`, span, async (note) => {
      for (const member of this.#membersOf(ring, definition)) {
        const ms = await this.#askMember(ring, definition, member, chain, input.session_id ?? 'default')
        if (ms !== undefined) plugins.push({ name: member.plugin, ms: round(ms) })
        if (chain.isStopped) break
      }
      const read = chain.read()
      note({ 'mortise.decision': read.action })
      return read
    })
    this.#traces.push({
      req_id: this.#options.newId(),
      timestamp: this.#options.now().toISOString(),
      rings: { [ring]: { duration_ms: round(performance.now() - started), plugins } },
    })
    if (this.#traces.length > keptTraces) this.#traces.shift()
    return result
  }

  /** Counters by ring and plugin, and the last runs, newest last. */
  stats(): {
    readonly rings: Readonly<Record<string, Readonly<Record<string, RingPluginStats>>>>
    readonly traces: readonly RingTrace[]
  } {
    const byOrder = [...this.#definitions].sort(([, one], [, other]) => one.order - other.order)
    const rings = byOrder.map(([ring]) => {
      const plugins = [...(this.#stats.get(ring) ?? [])].map(([plugin, stats]) => [plugin, stats.read()])
      return [ring, Object.fromEntries(plugins)]
    })
    return { rings: Object.fromEntries(rings), traces: [...this.#traces] }
  }

  #membersOf(ring: string, { permission }: RingDefinition): readonly RingMember[] {
    return this.#options
      .membersOf(ring)
      .filter(({ plugin }) => this.#options.mayJoin(plugin, permission))
      .sort((one, other) => one.priority - other.priority || (one.plugin < other.plugin ? -1 : 1))
  }

  /** Asks one plugin, in a span of its own. Answers how long it took, nothing where it was not asked. */
  async #askMember(
    ring: string,
    definition: RingDefinition,
    member: RingMember,
    chain: Chain,
    sessionId: string,
  ): Promise<number | undefined> {
    const { plugin, failPolicy = definition.failPolicy } = member
    const stats = this.#statsOf(ring, plugin)
    const attributes = { 'mortise.ring': ring, 'mortise.plugin': plugin }
    return this.#options.tracing.run('ring ask', { attributes }, async (note) => {
      if (!stats.enter()) {
        // A guard that must not be passed by stays one while it is out of order.
        if (failPolicy === 'closed') chain.fail(`Plugin ${plugin} is in quarantine`, true)
        note({ 'mortise.decision': 'quarantined' })
        return undefined
      }
      const began = performance.now()
      const { outcome, decision, code } = await this.#ask(ring, definition, member, chain, sessionId)
      const ms = performance.now() - began
      stats.leave(outcome, ms)
      note({ 'mortise.decision': decision, ...(code === undefined ? {} : { 'error.type': code }) })
      return ms
    })
  }

  async #ask(
    ring: string,
    definition: RingDefinition,
    { plugin, timeoutMs = definition.timeoutMs, failPolicy: policy = definition.failPolicy }: RingMember,
    chain: Chain,
    sessionId: string,
  ): Promise<Asked> {
    const { ask, warn } = this.#options
    const limitMs = Math.min(timeoutMs, definition.timeoutMs)
    try {
      const context = { body: chain.body, metadata: chain.metadata, session_id: sessionId }
      const answer = await bounded(ask(plugin, ring, context, limitMs), limitMs + crossingMs)
      const verdict = readRingResult(answer)
      if (verdict.action === 'block' && verdict.corrected !== undefined) {
        warn(
          plugin,
          `A block needs a status from 400 to 599; 403 is used in place of ${String(verdict.corrected).slice(0, 20)}.`,
        )
      }
      const changed = verdict.action === 'modify' && verdict.body !== undefined
      const body = changed
        ? unwrap(parse(definition.payload, verdict.body), 'INPUT_INVALID', 'The body was refused')
        : chain.body
      chain.apply(verdict, body)
      return { outcome: verdict.action === 'block' ? 'block' : 'ok', decision: verdict.action }
    } catch (thrown) {
      const { code, message } = toErrorRecord(thrown)
      const isLate = code === 'PLUGIN_TIMEOUT'
      if (code === 'PLUGIN_UNAVAILABLE') {
        chain.fail(message, policy === 'closed')
        return { outcome: 'unasked', decision: 'failed', code }
      }
      chain.fail(isLate ? `Plugin ${plugin} timed out` : message, policy === 'closed')
      warn(plugin, `The ring ${ring} failed: ${message}`)
      return { outcome: isLate ? 'timeout' : 'error', decision: 'failed', code }
    }
  }

  #statsOf(ring: string, plugin: string): RingStats {
    const ofRing = this.#stats.get(ring) ?? new Map<string, RingStats>()
    const stats = ofRing.get(plugin) ?? new RingStats(() => this.#options.now().getTime())
    this.#stats.set(ring, ofRing.set(plugin, stats))
    return stats
  }
}

/** What came of asking one plugin; `code` is that of the error it failed with. */
interface Asked {
  readonly outcome: RingOutcome
  readonly decision: RingVerdict['action'] | 'failed'
  readonly code?: string
}

/** What is handed from plugin to plugin. */
class Chain {
  body: unknown
  metadata: Record<string, unknown>
  isStopped = false
  #result: Omit<RingResult, 'body' | 'metadata' | 'stop_chain'> = { action: 'passthrough' }

  constructor(body: unknown, metadata: Readonly<Record<string, unknown>>) {
    this.body = body
    this.metadata = { ...metadata }
  }

  apply(verdict: RingVerdict, body: unknown): void {
    Object.assign(this.metadata, verdict.metadata)
    if (verdict.action === 'block') {
      const { status, errorType, message } = verdict
      Object.assign(this.metadata, { _block_status: status, _block_error_type: errorType })
      this.#stop({ action: 'block', status, error_type: errorType, error: message })
    } else if (verdict.action === 'cache_hit') {
      this.metadata._cache_hit = true
      this.#stop({ action: 'cache_hit', response: verdict.response })
    } else if (verdict.action === 'modify') {
      this.body = body
      if (verdict.message !== undefined) this.metadata._plugin_message = verdict.message
      this.#result = { ...this.#result, action: 'modify' }
    }
  }

  fail(error: string, isFinal: boolean): void {
    if (isFinal) this.#stop({ action: 'block', status: 503, error_type: 'plugin_error', error })
    else this.#result = { ...this.#result, error }
  }

  read(): RingResult {
    return { ...this.#result, body: this.body, metadata: this.metadata, stop_chain: this.isStopped }
  }

  #stop(result: Omit<RingResult, 'body' | 'metadata' | 'stop_chain'>): void {
    this.isStopped = true
    this.#result = result
  }
}
