/**
 * Messages between the parent process and a runner child.
 *
 * `key` names one sandbox for its whole life; a respawned plugin gets a new
 * key, so that late messages of a dead sandbox mean nothing. Payloads are JSON
 * text that the child passes on without reading.
 */

/** What a sandbox is made of. */
export interface SandboxSpec {
  readonly id: string
  readonly entry: string
  readonly files: Readonly<Record<string, string>>
  /** What `import` is called in files that call it, by path. */
  readonly importers: Readonly<Record<string, string>>
  readonly manifest: unknown
  readonly config: Record<string, unknown>
  readonly shim: string
}

/** Limits of one plugin. Every one of them holds for one sandbox. */
export interface PluginLimits {
  /** Heap and buffers of the isolate, in MiB. V8 treats it as a soft limit. Default 64. */
  memoryMb: number
  /** CPU time of one uninterrupted run of guest code, in milliseconds. Default 250. */
  cpuMsPerSlice: number
  /** CPU time that timers and late answers may use while no call is pending, in milliseconds per second. Default 100. */
  backgroundCpuMsPerSecond: number
  /** Wall time of one call, in milliseconds. Default 5000. */
  callTimeoutMs: number
  /** Wall time of loading, in milliseconds. Default 5000. */
  loadTimeoutMs: number
  /** Wall time of one outbound request with its redirects, in milliseconds. Default 10000. */
  fetchTimeoutMs: number
  /** Largest response body, and largest request body, in bytes. Default 10 MiB. */
  fetchBodyBytes: number
  /** Largest body of one answer to a web request, in bytes. Default 10 MiB. */
  answerBytes: number
  /** Host calls and fetches one plugin may have open. Default 64. */
  openRequests: number
  /** Fetches among them; each may hold a body of `fetchBodyBytes` in the parent's memory. Default 16. */
  openFetches: number
  /** Messages the isolate may send per second before it is stopped. Default 5000. */
  messagesPerSecond: number
  /** Longest JSON text of one message, in UTF-16 units. Default 1 Mi. */
  messageLength: number
}

export type CallKind = 'call' | 'deliver' | 'configure' | 'filter' | 'ring' | 'http' | 'work'
export type RequestKind = 'host' | 'fetch'

/**
 * What came of a call. `late` is the child's own word that a deadline cut it
 * while the sandbox goes on: whatever a plugin throws is `threw`.
 */
export type CallOutcome = 'ok' | 'threw' | 'late'

/** Why a sandbox ended on its own. */
export interface SandboxEnd {
  readonly code: 'PLUGIN_TIMEOUT' | 'PLUGIN_MEMORY' | 'PLUGIN_CRASHED'
  readonly message: string
  /** Whether the plugin is to blame: waiting too long for somebody else's answer is not a strike. */
  readonly strike: boolean
}

export type ParentMessage =
  | {
      readonly type: 'start'
      /** The guest runtime that isolates start with, and the part that they load when they need it. */
      readonly runtime: string
      readonly web: string
      readonly addon: string
    }
  | { readonly type: 'load'; readonly key: number; readonly spec: SandboxSpec; readonly limits: PluginLimits }
  | {
      readonly type: 'call'
      readonly key: number
      readonly id: number
      readonly kind: CallKind
      readonly payload: string
      /** The body of a web request. */
      readonly bytes: Uint8Array | undefined
      /** Milliseconds for a call that somebody waits for; it fails alone, unless it spins. */
      readonly timeoutMs: number | undefined
    }
  | {
      readonly type: 'settle'
      readonly key: number
      readonly id: number
      readonly ok: boolean
      readonly payload: string | undefined
      readonly bytes: Uint8Array | undefined
    }
  | { readonly type: 'dispose'; readonly key: number }
  | { readonly type: 'measure'; readonly key: number }

export type ChildMessage =
  | { readonly type: 'ready' }
  /** The process is about to end itself; nothing sent from now on is read. */
  | { readonly type: 'dying' }
  | {
      readonly type: 'answered'
      readonly key: number
      readonly id: number
      readonly outcome: CallOutcome
      readonly payload: string | undefined
      readonly bytes: Uint8Array | undefined
    }
  | {
      readonly type: 'request'
      readonly key: number
      readonly id: number
      readonly kind: RequestKind
      readonly payload: string
      readonly bytes: Uint8Array | undefined
    }
  | { readonly type: 'abort'; readonly key: number; readonly id: number }
  | { readonly type: 'log'; readonly key: number; readonly payload: string }
  | { readonly type: 'lists'; readonly key: number; readonly payload: string }
  | {
      readonly type: 'usage'
      readonly key: number
      /** CPU time of the sandbox since it started. */
      readonly cpuMs: number
      readonly memoryBytes: number
    }
  | { readonly type: 'ended'; readonly key: number; readonly end: SandboxEnd }

/** The call id under which loading is answered. */
export const loadCallId = 0
