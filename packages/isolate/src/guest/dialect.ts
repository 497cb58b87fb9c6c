/** What the shim of a dialect gets. */
export interface ShimHost {
  /** The configuration as it is now; replaced when the administrator changes it. */
  readonly config: Readonly<Record<string, unknown>>
  readonly manifest: unknown
  /** Calls a method of the host. Arguments and answer are JSON. Rejects with the host's error, `name` and `code` kept. */
  call(method: string, args?: readonly unknown[]): Promise<unknown>
  /** The same, blocking. For systems whose plugins expect synchronous calls. */
  callSync(method: string, args?: readonly unknown[]): unknown
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, data?: unknown): void
}

/** How plugins of one foreign system see the world. Made by the shim, once for each isolate. */
export interface Dialect {
  /** Defined on `globalThis` before plugin code runs. */
  readonly globals?: Readonly<Record<string, unknown>>
  /** What `require` and `import` answer for these specifiers. */
  readonly modules?: Readonly<Record<string, unknown>>
  /** Takes what the entry file exports. */
  adopt(exports: unknown): AdoptedPlugin
}

/** A plugin as the dialect understood it. The lists are read again after each call. */
export interface AdoptedPlugin {
  readonly handlers: readonly string[]
  readonly subscriptions: readonly string[]
  deliver(event: unknown): unknown
  call(name: string, args: readonly unknown[]): unknown
  configure?(config: Readonly<Record<string, unknown>>): unknown
}
