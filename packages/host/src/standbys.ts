import type { PluginRecord } from '@mortise/contract'
import { openSandbox, type Sandbox } from './open-sandbox.ts'

/**
 * Sandboxes opened ahead of time for plugins whose worker has begun to miss pings,
 * so that its successor waits for nothing but the plugin itself. They hold no code
 * of the plugin before they are started.
 */
export class Standbys {
  readonly #parent: () => HTMLElement
  readonly #sandboxes = new Map<string, Sandbox>()

  constructor(parent: () => HTMLElement) {
    this.#parent = parent
  }

  /** Opens a sandbox for the worker of a plugin. Frames of a plugin share a process: one that hangs holds up the next. */
  prepare({ id, displayName, ui }: PluginRecord): void {
    if (ui?.surface !== 'worker' || this.#sandboxes.has(id)) return
    this.#sandboxes.set(
      id,
      openSandbox({ url: ui.sandboxUrl, title: displayName, parent: this.#parent(), hidden: true }),
    )
  }

  /** The sandbox prepared for a plugin, where it still fits. */
  take({ id, ui }: PluginRecord): Sandbox | undefined {
    const sandbox = this.#sandboxes.get(id)
    if (!sandbox) return undefined
    if (sandbox.url !== ui?.sandboxUrl) {
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
