import type { MethodMap } from '@mortise/bridge/host'
import { bridgeLimits, type NamedMethod } from '@mortise/contract'

/** A person may take a while to decide. */
const requestDeadlineMs = 10 * 60_000

/** What the engine itself answers. The arguments were parsed with the framework domain's schemas. */
export interface FrameworkMethods {
  'guest.ready'(widgets: readonly string[]): void
  'guest.mounted'(mount: number): void
  'guest.failed'(error: { code: string; name: string; message: string }, mount?: number): void
  'guest.pong'(nonce: number): void
  'guest.painted'(scene: number): void
  'guest.log'(level: 'debug' | 'info' | 'warn' | 'error', message: string, data?: unknown): void
  'events.subscribe'(id: number, type: string): void
  'events.unsubscribe'(id: number): void
  'events.acknowledge'(count: number): void
  'calls.cancel'(key: number): void
  'permissions.has'(permission: string): boolean
  'permissions.request'(permissions: readonly string[], reason: string): Promise<readonly string[]>
  'state.save'(value: unknown, options?: { mount?: number | undefined; cursor?: string | undefined }): void
  'ui.mutate'(mount: number, records: readonly unknown[]): void | Promise<void>
  'ui.resize'(mount: number, height: number): void
}

/** Compiles what a guest may call from the methods of all domains and its grants. */
export function compileMethods(
  table: ReadonlyMap<string, NamedMethod>,
  framework: FrameworkMethods,
  callDomain: (method: string, args: readonly unknown[], signal?: AbortSignal) => Promise<unknown>,
  granted: ReadonlySet<string>,
): MethodMap {
  const own = framework as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>
  const methods = new Map<string, ReturnType<MethodMap['get']> & object>()
  for (const [name, definition] of table) {
    const answer = Object.hasOwn(own, name) ? own[name] : undefined
    if (answer) {
      const deadlineMs = name === 'permissions.request' ? requestDeadlineMs : undefined
      const maxBytes = name === 'state.save' ? bridgeLimits.stateBytes : undefined
      methods.set(name, { definition, invoke: (args) => answer(...args), deadlineMs, maxBytes })
    } else if (definition.permission === null || granted.has(definition.permission)) {
      methods.set(name, { definition, invoke: (args, signal) => callDomain(name, args, signal) })
    } else {
      methods.set(name, { definition })
    }
  }
  return methods
}
