import { AsyncLocalStorage } from 'node:async_hooks'
import { type LifecycleEvent, MortiseError } from '@mortise/contract'

/** How deep events may cause each other through plugins. */
export const maxDepth = 8
/** How long what a plugin does after a delivery is still put down to it, in milliseconds. */
const echoMs = 1000
const depthKey = 'emit_depth'

/** What is being done because of an event. */
interface Cause {
  /** How many events, one because of the other, led here. */
  readonly depth: number
  /** The call of a plugin that is being carried out, where it is one. */
  readonly call?: { readonly plugin: string; readonly method: string }
}

export interface CausesOptions {
  /** Whether plugins may get events of a type, so that they can go round. */
  canGoRound(eventType: string): boolean
  /** Told of each event that a call would have caused too deep. */
  onRefuse(plugin: string, message: string): void
}

/**
 * Remembers which event made a plugin do what it does, so that plugins that
 * cause events for each other, or for themselves, come to an end.
 */
export class Causes {
  readonly #options: CausesOptions
  readonly #current = new AsyncLocalStorage<Cause | undefined>()
  /** The last event that each plugin got. */
  readonly #last = new Map<string, { readonly depth: number; readonly until: number }>()

  constructor(options: CausesOptions) {
    this.#options = options
  }

  /** Hands an event to a plugin. */
  deliver(
    plugin: string,
    event: LifecycleEvent,
    work: () => Promise<void> | undefined,
  ): Promise<void> | undefined {
    const depth = Number(event.meta[depthKey]) || 0
    return this.#current.run({ depth }, work)?.finally(() => {
      this.#last.set(plugin, { depth, until: performance.now() + echoMs })
    })
  }

  /** Carries out what a plugin calls. */
  call<T>(plugin: string, method: string, work: () => T): T {
    return this.#current.run({ depth: this.#depthOf(plugin), call: { plugin, method } }, work)
  }

  /** Runs work that nothing caused, whoever made it start. */
  outside<T>(work: () => T): T {
    return this.#current.run(undefined, work)
  }

  /** Whether one more event because of what is being done now would be too deep. */
  get isTooDeep(): boolean {
    return (this.#current.getStore()?.depth ?? 0) >= maxDepth
  }

  /**
   * Writes into an event how deep it is, where a call of a plugin causes it.
   *
   * @throws `EVENT_LOOP` for one that is too deep.
   */
  mark(event: LifecycleEvent): LifecycleEvent {
    const { depth = 0, call } = this.#current.getStore() ?? {}
    if (!call) return event
    if (this.isTooDeep && this.#options.canGoRound(event.event_type)) {
      const message = `${call.method} was refused: ${event.event_type} would be the ${maxDepth + 1}th event in a row that plugins cause each other. Leave out events that the plugin's own calls cause.`
      this.#options.onRefuse(call.plugin, message)
      throw new MortiseError('EVENT_LOOP', message)
    }
    return { ...event, meta: { ...event.meta, [depthKey]: depth + 1 } }
  }

  forget(plugin: string): void {
    this.#last.delete(plugin)
  }

  #depthOf(plugin: string): number {
    const current = this.#current.getStore()
    if (current) return current.depth
    const last = this.#last.get(plugin)
    return last && last.until > performance.now() ? last.depth : 0
  }
}
