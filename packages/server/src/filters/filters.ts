import {
  type DomainDefinition,
  type ErrorRecord,
  findEvent,
  type LifecycleEvent,
  MortiseError,
  parse,
  toErrorRecord,
} from '@mortise/contract'
import type { Note, Tracing } from '../tracing/tracing.ts'
import { bounded } from './bounded.ts'
import { type FilterVerdict, readVerdict } from './read-verdict.ts'

/** Milliseconds one filter may take where nobody says otherwise. */
const defaultMs = 50
/** What crossing to the sandbox, or starting it, may add for whoever waits, in milliseconds. */
const crossingMs = 200
/** All filters of one event may take as long as so many; those whose turn comes later fail. */
const chainOf = 10
/** Largest `data` that filters may make of an event, in bytes. */
const largestData = 1024 * 1024
/** Failures in a row after which a plugin is stopped. */
const maxFailures = 5
/**
 * Failures that the sandbox counted as a strike itself, or that are nobody's.
 * A call that was given up while the sandbox goes on is neither.
 */
const countedCodes = new Set(['PLUGIN_TIMEOUT', 'PLUGIN_MEMORY', 'PLUGIN_CRASHED', 'PLUGIN_NOT_RUNNING'])

export interface FiltersOptions {
  readonly domains: readonly DomainDefinition[]
  /** Milliseconds one filter may take. Default 50. */
  readonly filterMs?: number | undefined
  readonly tracing: Tracing
  /** Plugins that run and filter this type, in the order in which they are asked. */
  filtersOf(type: string): readonly string[]
  maySee(plugin: string, event: LifecycleEvent): boolean
  ask(plugin: string, type: string, payload: unknown, timeoutMs: number): Promise<unknown>
  /** @param failures - How many filter calls of the plugin failed in a row. */
  onFailure(plugin: string, error: ErrorRecord, failures: number, isCounted: boolean): void
}

type Decision =
  | Exclude<FilterVerdict, { action: 'modify' }>
  | { readonly action: 'modify'; readonly event: LifecycleEvent }
  | { readonly action: 'failed' }

/**
 * Lets plugins pass, change or drop events before they are logged. Only event
 * types of the host's domains are filtered, so no plugin can hide what the
 * backend says about plugins.
 */
export class Filters {
  readonly #options: FiltersOptions
  readonly #failures = new Map<string, number>()

  constructor(options: FiltersOptions) {
    this.#options = options
  }

  /**
   * The event after all filters, `undefined` where nobody filters it.
   *
   * @throws `EVENT_DROPPED` with `data: {plugin, reason}`.
   */
  apply(event: LifecycleEvent): Promise<LifecycleEvent> | undefined {
    const { domains, filtersOf, maySee } = this.#options
    if (!findEvent(domains, event.event_type)) return undefined
    const plugins = filtersOf(event.event_type).filter((plugin) => maySee(plugin, event))
    if (plugins.length === 0) return undefined
    const attributes = { 'mortise.event_type': event.event_type, 'mortise.event_id': event.event_id }
    return this.#options.tracing.run('event filter', { attributes }, (note) =>
      this.#run(event, plugins, note),
    )
  }

  async #run(event: LifecycleEvent, plugins: readonly string[], note: Note): Promise<LifecycleEvent> {
    const { domains, tracing, filterMs = defaultMs } = this.#options
    const { filterPolicy = 'open' } = findEvent(domains, event.event_type)!
    const until = performance.now() + filterMs * chainOf
    let current = event
    for (const plugin of plugins) {
      const timeoutMs = Math.min(filterMs, Math.ceil(until - performance.now()))
      const attributes = { 'mortise.plugin': plugin }
      const decision = await tracing.run('filter ask', { attributes }, (note) =>
        this.#decide(plugin, current, timeoutMs, note),
      )
      if (decision.action === 'drop' || (decision.action === 'failed' && filterPolicy === 'closed')) {
        note({ 'mortise.decision': 'drop' })
        throw dropped(event, plugin, decision.action === 'drop' ? decision.reason : 'the filter failed')
      }
      if (decision.action === 'modify') current = decision.event
    }
    note({ 'mortise.decision': current === event ? 'pass' : 'modify' })
    return current
  }

  /** Asks one plugin. A failure of it is counted here and is an answer as well. */
  async #decide(plugin: string, event: LifecycleEvent, timeoutMs: number, note: Note): Promise<Decision> {
    try {
      if (timeoutMs < 1) throw new MortiseError('PLUGIN_TIMEOUT', 'The filters before it took all the time.')
      const asked = this.#options.ask(plugin, event.event_type, this.#payloadOf(event), timeoutMs)
      const verdict = readVerdict(await bounded(asked, timeoutMs + crossingMs))
      const decision =
        verdict.action === 'modify'
          ? { action: 'modify' as const, event: this.#change(event, verdict) }
          : verdict
      this.#failures.delete(plugin)
      note({ 'mortise.decision': decision.action })
      return decision
    } catch (thrown) {
      const error = toErrorRecord(thrown)
      note({ 'mortise.decision': 'failed', 'error.type': error.code })
      // One that is held back was not asked.
      if (error.code !== 'PLUGIN_UNAVAILABLE') this.#fail(plugin, error)
      return { action: 'failed' }
    }
  }

  /** What the plugin sees: the subject of the event as its handlers get it, else all of `data`. */
  #payloadOf(event: LifecycleEvent): unknown {
    const { subject } = findEvent(this.#options.domains, event.event_type)!
    const data = event.data as Record<string, unknown> | null | undefined
    return (subject === undefined ? data : data?.[subject]) ?? null
  }

  /** @throws `INPUT_INVALID`, `PAYLOAD_TOO_LARGE` for what no event of the type may hold. */
  #change(event: LifecycleEvent, { payload }: Extract<FilterVerdict, { action: 'modify' }>): LifecycleEvent {
    const { subject, data: schema } = findEvent(this.#options.domains, event.event_type)!
    const before = typeof event.data === 'object' && event.data !== null ? event.data : {}
    const parsed = parse(schema, subject === undefined ? payload : { ...before, [subject]: payload })
    if (!parsed.ok) {
      const { pointer, message } = parsed.issues[0]!
      throw new MortiseError('INPUT_INVALID', `The changed payload does not fit: ${pointer} ${message}`)
    }
    if (Buffer.byteLength(JSON.stringify(parsed.value)) > largestData) {
      throw new MortiseError('PAYLOAD_TOO_LARGE', 'The changed payload is too large.')
    }
    return { ...event, data: parsed.value }
  }

  #fail(plugin: string, error: ErrorRecord): void {
    const { givenUp } = (error.data ?? {}) as { givenUp?: unknown }
    const isCounted = countedCodes.has(error.code) && givenUp !== true
    const failures = (this.#failures.get(plugin) ?? 0) + 1
    // A plugin that was stopped starts from nothing when a person enables it again.
    if (failures >= maxFailures) this.#failures.delete(plugin)
    else this.#failures.set(plugin, failures)
    this.#options.onFailure(plugin, error, failures, isCounted)
  }
}

function dropped(event: LifecycleEvent, plugin: string, reason: string): MortiseError {
  const why = reason === '' ? '' : `: ${reason}`
  return new MortiseError('EVENT_DROPPED', `${plugin} dropped ${event.event_type}${why}`, {
    data: { plugin, reason },
    source: 'plugin',
  })
}
