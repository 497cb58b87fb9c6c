import {
  type DomainDefinition,
  findCustomEvent,
  type LifecycleEvent,
  MortiseError,
  type PublishedEvent,
} from '@mortise/contract'

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

export interface EmittedEventsOptions {
  readonly domains: readonly DomainDefinition[]
  /** Publishes in the name of the plugin. */
  publish(event: PublishedEvent, plugin: string): Promise<unknown>
  isGranted(plugin: string, permission: string): boolean
  onDrop(plugin: string, type: string): void
  readonly now: () => Date
}

/** Events that plugins emit, with an end to those that cause each other. */
export class EmittedEvents {
  readonly #causes = new Map<string, Cause>()
  readonly #options: EmittedEventsOptions

  constructor(options: EmittedEventsOptions) {
    this.#options = options
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
      cause.until = this.#options.now().getTime() + echoMs
    })
  }

  /**
   * Publishes a custom event of a domain under its name, any other as
   * `plugin.<plugin>.<type>`, or drops it when it is too deep.
   *
   * @throws `PERMISSION_DENIED` for a custom event that the plugin was not granted.
   */
  async emit(plugin: string, type: string, data: unknown): Promise<void> {
    const { onDrop, publish } = this.#options
    const cause = this.#causes.get(plugin)
    const depth = (this.#isAlive(cause) ? cause.depth : 0) + 1
    const eventType = this.#typeOf(plugin, type)
    if (depth > maxDepth) {
      onDrop(plugin, eventType)
      return
    }
    await publish(
      {
        event_type: eventType,
        username: plugin,
        target_type: 'plugin',
        target_id: plugin,
        meta: { [depthKey]: depth },
        data: data ?? null,
      },
      plugin,
    )
  }

  #typeOf(plugin: string, type: string): string {
    const { domains, isGranted } = this.#options
    const custom = findCustomEvent(domains, type)
    if (!custom) return `plugin.${plugin}.${type}`
    const { permission } = custom
    if (permission === null || isGranted(plugin, permission)) return type
    throw new MortiseError(
      'PERMISSION_DENIED',
      `Sending ${type} needs the permission '${permission}', which ${plugin} was not granted.`,
      { name: 'PermissionDeniedError', data: { permission } },
    )
  }

  #isAlive(cause: Cause | undefined): cause is Cause {
    return cause !== undefined && (cause.until === undefined || cause.until > this.#options.now().getTime())
  }
}
