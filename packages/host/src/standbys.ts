import type { PluginRecord } from '@mortise/contract'
import { openSandbox, type Sandbox } from './open-sandbox.ts'
import type { RealmCode } from './realm-code.ts'

/**
 * Sandboxes opened ahead of time for plugins whose worker has begun to miss pings,
 * so that its successor waits for nothing but the plugin itself. They hold no code
 * of the plugin before they are started.
 */
export class Standbys {
  readonly #parent: () => HTMLElement
  readonly #code: RealmCode
  readonly #sandboxes = new Map<string, Sandbox>()

  constructor(parent: () => HTMLElement, code: RealmCode) {
    this.#parent = parent
    this.#code = code
  }

  /** Opens a sandbox for the worker of a plugin. Frames of a plugin share a process: one that hangs holds up the next. */
  prepare({ id, displayName, ui }: PluginRecord, url: string): void {
    if (ui?.surface !== 'worker' || this.#sandboxes.has(id)) return
    this.#sandboxes.set(
      id,
      openSandbox({
        url,
        title: displayName,
        parent: this.#parent(),
        code: this.#code.of(ui),
      }),
    )
  }

  /** The sandbox prepared for a plugin, where it still fits. */
  take(id: string, url: string): Sandbox | undefined {
    const sandbox = this.#sandboxes.get(id)
    if (!sandbox) return undefined
    if (sandbox.url !== url) {
      this.drop(id)
      return undefined
    }
    this.#sandboxes.delete(id)
    return sandbox
  }

  drop(plugin: string): void {
    this.#sandboxes.get(plugin)?.close()
    this.#sandboxes.delete(plugin)
  }

  clear(): void {
    for (const plugin of [...this.#sandboxes.keys()]) this.drop(plugin)
  }
}
