import { type DomainDefinition, findCustomEvent, MortiseError, type PublishedEvent } from '@mortise/contract'
import type { Causes } from './causes.ts'

export interface EmittedEventsOptions {
  readonly domains: readonly DomainDefinition[]
  readonly causes: Causes
  /** Publishes in the name of the plugin. */
  publish(event: PublishedEvent, plugin: string): Promise<unknown>
  isGranted(plugin: string, permission: string): boolean
  onDrop(plugin: string, type: string): void
}

/** Events that plugins emit. */
export class EmittedEvents {
  readonly #options: EmittedEventsOptions

  constructor(options: EmittedEventsOptions) {
    this.#options = options
  }

  /**
   * Publishes a custom event of a domain under its name, any other as
   * `plugin.<plugin>.<type>`, or drops it when it is too deep.
   *
   * @throws `PERMISSION_DENIED` for a custom event that the plugin was not granted.
   */
  async emit(plugin: string, type: string, data: unknown): Promise<void> {
    const { causes, onDrop, publish } = this.#options
    const eventType = this.#typeOf(plugin, type)
    if (causes.isTooDeep) {
      onDrop(plugin, eventType)
      return
    }
    await publish(
      {
        event_type: eventType,
        username: plugin,
        target_type: 'plugin',
        target_id: plugin,
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
}
