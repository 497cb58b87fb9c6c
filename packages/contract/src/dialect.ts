/**
 * The thin mapping of a foreign system's plugins onto ours: a manifest table
 * and a shim. Nothing else about a foreign system may live outside its dialect.
 */
export interface Dialect {
  readonly name: string
  /**
   * Classic script that evaluates to `(host) => GuestDialect`. It runs inside the
   * isolate before plugin code and is trusted to shape globals, not to guard.
   */
  readonly guestSource: string
}

/** What the isolate hands to a dialect's guest source. Everything behind it is guarded on the other side. */
export interface GuestHost {
  readonly manifest: unknown
  readonly config: Record<string, unknown>
  /** Arguments are JSON; one of them, and the answer, may be a `Uint8Array` in its place. */
  call(method: string, args: readonly unknown[]): Promise<unknown>
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, data?: unknown): void
}

/** What happens when plugin code that was asked to decide fails: go on without it, or stop. */
export type FailPolicy = 'open' | 'closed'

/** One event type that a plugin filters. */
export interface GuestFilter {
  readonly type: string
  /** Lowest first. */
  readonly priority: number
}

/** How a plugin takes part in one ring. What is left out comes from the domain. */
export interface GuestRing {
  readonly ring: string
  /** Lowest first. */
  readonly priority: number
  /** Milliseconds. */
  readonly timeoutMs?: number
  readonly failPolicy?: FailPolicy
}

/** One address, or many by a pattern, at which a plugin answers web requests. */
export interface GuestRoute {
  /** `GET`, `POST` and so on, or `*` for every method. */
  readonly method: string
  /** Below `/plugins/<name>`: `/items`, with parameters `/items/:id`, or with a rest `/files/*`. */
  readonly path: string
}

/** A web request as plugin code gets it. */
export interface GuestRequest {
  /** In upper case. `HEAD` arrives as `GET`; the host leaves the body of the answer out. */
  readonly method: string
  /** Below `/plugins/<name>`, starting with `/`, percent-encoded as it was sent. */
  readonly path: string
  /** Decoded parts of the path by their names in the route; the rest of a `/*` is under `*`. */
  readonly params: Readonly<Record<string, string>>
  /** The first value of each name. */
  readonly query: Readonly<Record<string, string>>
  /** By lower-case name. Never cookies or credentials. */
  readonly headers: Readonly<Record<string, string>>
  /** The body as UTF-8 text, empty where there is none. */
  readonly body: string
  /** The body parsed as JSON. @throws SyntaxError */
  json(): unknown
  /** A copy of the body as it was sent. */
  bytes(): Uint8Array
  /** Whether the host knows who asks. */
  readonly authenticated: boolean
  /** The person who asks, where the host knows. */
  readonly user?: { readonly id: string; readonly name: string; readonly role: string }
  readonly remoteAddress: string
  /**
   * Lets a page of the plugin ask the plugin's own addresses as this person, by
   * `?ticket=…`, for an hour. Only where the host knows who asks.
   */
  readonly ticket?: string
}

/** What a plugin is asked to do by name. */
export type GuestWork = 'job' | 'command'

/** What the code of a plugin says about itself; what it does not say is left out. */
export interface GuestDeclaration {
  readonly name?: string
  readonly version?: string
  readonly permissions?: readonly string[]
}

/** What a dialect's guest source makes of a plugin. */
export interface GuestDialect {
  /** Put on the isolate's global object before plugin code runs. */
  readonly globals: Record<string, unknown>
  /** Specifiers that `require` and `import` answer besides the package's own files. */
  readonly modules?: Record<string, unknown>
  /** Takes what the entry file exports and says what the plugin listens to. */
  adopt(exports: unknown): {
    /** Compared with the manifest when the plugin is loaded. */
    readonly declared?: GuestDeclaration
    readonly handlers: readonly string[]
    readonly subscriptions: readonly string[]
    deliver(event: unknown): unknown
    /** Event types that the plugin filters. */
    readonly filters?: readonly GuestFilter[]
    /** Rings that the plugin takes part in. */
    readonly rings?: readonly GuestRing[]
    /** Answers `{action: 'pass' | 'modify' | 'drop', payload?, reason?}`; nothing means pass. */
    filter?(type: string, payload: unknown): unknown
    /** Answers `{action: 'passthrough' | 'modify' | 'block' | 'cache_hit', …}`; nothing means passthrough. */
    ring?(ring: string, context: unknown): unknown
    /** Where the plugin answers web requests; the first that fits is asked. */
    readonly routes?: readonly GuestRoute[]
    /** Answers a `Response`, `{status?, headers?, body?}`, or nothing for an address that does not exist. */
    request?(route: GuestRoute, request: GuestRequest): unknown
    /** Does scheduled work, or carries out a command of a person. Throws where the plugin has none of this name. */
    work?(what: GuestWork, name: string, args: readonly unknown[]): unknown
    call(name: string, args: readonly unknown[]): unknown
    configure(config: Record<string, unknown>): void
  }
}
