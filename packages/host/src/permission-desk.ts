import { type DescribedPermission, MortiseError, type PluginRecord } from '@mortise/contract'
import type { HostOptions } from './types.ts'

/** How long a plugin that was refused a permission has to wait before it may ask for it again. */
const coolDownMs = 10_000

/** Puts the permission requests of plugins before the person, one of a plugin at a time. */
export class PermissionDesk {
  readonly #options: HostOptions
  readonly #asking = new Map<string, { key: string; answer: Promise<PluginRecord | undefined> }>()
  readonly #refusedAt = new Map<string, number>()

  constructor(options: HostOptions) {
    this.#options = options
  }

  /**
   * The plugin as it is after the person agreed to some of the permissions, `undefined` where they did to none.
   *
   * @throws PERMISSION_DENIED where the manifest does not declare one of them.
   */
  async ask(
    plugin: PluginRecord,
    permissions: readonly DescribedPermission[],
    reason: string,
  ): Promise<PluginRecord | undefined> {
    const declared = new Set(plugin.permissions.map(({ name }) => name))
    const foreign = permissions.find(({ name }) => !declared.has(name))
    if (foreign) {
      throw new MortiseError(
        'PERMISSION_DENIED',
        `The manifest of ${plugin.displayName} does not declare the permission ${foreign.name}.`,
      )
    }
    const key = JSON.stringify(permissions.map(({ name }) => name).sort())
    const open = this.#asking.get(plugin.id)
    if (open) return open.key === key ? open.answer : undefined
    // What was refused a moment ago is left out, so that asking in another company does not ask again.
    const due = permissions.filter(({ name }) => !this.#isCooling(plugin.id, name))
    if (due.length === 0) return undefined
    const answer = this.#decide(plugin, due, reason)
    this.#asking.set(plugin.id, { key, answer })
    try {
      return await answer
    } finally {
      this.#asking.delete(plugin.id)
    }
  }

  #isCooling(plugin: string, permission: string): boolean {
    const refusedAt = this.#refusedAt.get(`${plugin} ${permission}`)
    return refusedAt !== undefined && performance.now() - refusedAt < coolDownMs
  }

  async #decide(
    plugin: PluginRecord,
    permissions: readonly DescribedPermission[],
    reason: string,
  ): Promise<PluginRecord | undefined> {
    const { backend, onPermissionRequest } = this.#options
    const agreed = new Set(await onPermissionRequest?.(plugin, permissions, reason))
    const granted = permissions.filter(({ name }) => agreed.has(name))
    for (const { name } of permissions) {
      if (!agreed.has(name)) this.#refusedAt.set(`${plugin.id} ${name}`, performance.now())
    }
    if (granted.length === 0) return undefined
    return backend.grant(plugin.id, Object.fromEntries(granted.map(({ name }) => [name, true])))
  }
}
