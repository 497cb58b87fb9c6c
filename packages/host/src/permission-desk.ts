import { type DescribedPermission, MortiseError, type PluginRecord } from '@mortise/contract'
import type { HostOptions } from './types.ts'

/** How long a plugin that was refused a permission has to wait before it may ask for it again. */
const coolDownMs = 10_000

/** Puts the permission requests of plugins before the person, one of a plugin at a time. */
export class PermissionDesk {
  readonly #options: HostOptions
  readonly #asking = new Map<string, { permission: string; answer: Promise<PluginRecord | undefined> }>()
  readonly #refusedAt = new Map<string, number>()

  constructor(options: HostOptions) {
    this.#options = options
  }

  /**
   * The plugin as it is after the person agreed, `undefined` where they did not.
   *
   * @throws PERMISSION_DENIED where the manifest does not declare the permission.
   */
  async ask(
    plugin: PluginRecord,
    permission: DescribedPermission,
    reason: string,
  ): Promise<PluginRecord | undefined> {
    if (!plugin.permissions.some(({ name }) => name === permission.name)) {
      throw new MortiseError(
        'PERMISSION_DENIED',
        `The manifest of ${plugin.displayName} does not declare the permission ${permission.name}.`,
      )
    }
    const open = this.#asking.get(plugin.id)
    if (open) return open.permission === permission.name ? open.answer : undefined
    const key = `${plugin.id} ${permission.name}`
    if (performance.now() - (this.#refusedAt.get(key) ?? Number.NEGATIVE_INFINITY) < coolDownMs)
      return undefined
    const answer = this.#decide(plugin, permission, reason, key)
    this.#asking.set(plugin.id, { permission: permission.name, answer })
    try {
      return await answer
    } finally {
      this.#asking.delete(plugin.id)
    }
  }

  async #decide(
    plugin: PluginRecord,
    permission: DescribedPermission,
    reason: string,
    key: string,
  ): Promise<PluginRecord | undefined> {
    const { backend, onPermissionRequest } = this.#options
    if (await onPermissionRequest?.(plugin, permission, reason)) {
      return backend.grant(plugin.id, { [permission.name]: true })
    }
    this.#refusedAt.set(key, performance.now())
    return undefined
  }
}
