import type { LifecycleEvent, PublishedEvent } from '@mortise/contract'

/** How deep events may cause each other. */
const maxDepth = 8
/** How long what a plugin emits is still put down to the last event it got, in milliseconds. */
const echoMs = 1000
const depthKey = 'emit_depth'

interface Cause {
  readonly depth: number
  /** When the cause ended, `undefined` while the plugin is busy with it. */
  until: number | undefined
}

/** Events that plugins emit, with an end to those that cause each other. */
export class EmittedEvents {
  readonly #causes = new Map<string, Cause>()
  readonly #publish: (event: PublishedEvent) => Promise<unknown>
  readonly #onDrop: (plugin: string, type: string) => void
  readonly #now: () => Date

  constructor(options: {
    readonly publish: (event: PublishedEvent) => Promise<unknown>
    readonly onDrop: (plugin: string, type: string) => void
    readonly now: () => Date
  }) {
    this.#publish = options.publish
    this.#onDrop = options.onDrop
    this.#now = options.now
  }

  /** Notes what a plugin is busy with while `work` runs. */
  during(
    plugin: string,
    event: LifecycleEvent,
    work: () => Promise<void> | undefined,
  ): Promise<void> | undefined {
    const running = work()
    if (!running) return undefined
    const depth = Number(event.meta[depthKey] ?? 0) || 0
    const before = this.#causes.get(plugin)
    // Deliveries wait for each other inside the plugin, so the deepest of them counts.
    const cause: Cause = {
      depth: Math.max(depth, this.#isAlive(before) ? before.depth : 0),
      until: undefined,
    }
    this.#causes.set(plugin, cause)
    return running.finally(() => {
      cause.until = this.#now().getTime() + echoMs
    })
  }

  /** Publishes `plugin.<plugin>.<type>`, or drops it when it is too deep. */
  async emit(plugin: string, type: string, data: unknown): Promise<void> {
    const cause = this.#causes.get(plugin)
    const depth = (this.#isAlive(cause) ? cause.depth : 0) + 1
    const eventType = `plugin.${plugin}.${type}`
    if (depth > maxDepth) {
      this.#onDrop(plugin, eventType)
      return
    }
    await this.#publish({
      event_type: eventType,
      username: plugin,
      target_type: 'plugin',
      target_id: plugin,
      meta: { [depthKey]: depth },
      data: data ?? null,
    })
  }

  #isAlive(cause: Cause | undefined): cause is Cause {
    return cause !== undefined && (cause.until === undefined || cause.until > this.#now().getTime())
  }
}
