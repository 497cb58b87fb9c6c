/**
 * The wire between the host and one guest in the browser. Both ends are typed
 * and checked from this file; nothing crosses that is not in it.
 *
 * Guest to host goes in Comlink's own message form, because guests hold
 * `Comlink.wrap(port)`: `{ id, type: 'APPLY', path: ['call' | 'batch'],
 * argumentList: [{ type: 'RAW', value }] }`, where `value` is one `CallTuple` for
 * `call` and a list of `CallRun` for `batch`. The host answers those two paths, with
 * a `CallResult` and a `BatchAnswer`, and nothing else; see docs/internals/threat-model.md for what the rest of
 * Comlink's protocol would allow. Everything a guest wants, its own framework
 * calls included, is a method name looked up in one Map.
 *
 * Host to guest goes as `HostMessage`. It needs no answer: where one is due,
 * the guest makes a call.
 */
import type { ErrorRecord } from './errors.ts'
import type { LifecycleEvent } from './event.ts'

/** Version of this file. A guest built for another major is refused with REMOTE_INVALID. */
export const wireVersion = 3

/**
 * One call: method name and arguments, as raw structured-clone values. A call that may be cancelled has a key: a
 * positive integer that no other call of the guest has while it is unanswered.
 */
export type CallTuple = readonly [method: string, args: readonly unknown[], key?: number]

/** Calls of one method in a row, whose name is sent once. A call with a key is a run of its own. */
export type CallRun = readonly [method: string, args: readonly (readonly unknown[])[], key?: number]

/** How the host answers a call. Always a value, never a throw: Comlink's throw form would carry a stack. */
export type CallResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: ErrorRecord }

/** How the host answers a batch: a value for each call in order, and apart from them what failed. */
export type BatchAnswer = readonly [
  values: readonly unknown[],
  failures: readonly (readonly [index: number, error: ErrorRecord])[],
]

/** Limits of one bridge. Sizes are estimates of the structured clone, in bytes. */
export const bridgeLimits = {
  /** Calls in one batch message. */
  batch: 1000,
  /** Calls a guest may have unanswered. */
  inFlight: 2000,
  /**
   * Messages per second, sustained; a burst of the same size is allowed, what comes beyond waits its
   * turn. A message counts once more for each 50 calls and each 20 kB it carries.
   */
  messagesPerSecond: 2000,
  /**
   * Messages waiting before the port is closed, weighed by what the last ones carried. A guest that
   * awaits its answers never comes near.
   */
  flood: 1000,
  /** Messages of calls a guest's end leaves unanswered before it gathers further calls in batches. */
  window: 200,
  /** Dropped messages before the port is closed. */
  violations: 50,
  /** Bytes of one call's arguments. */
  callBytes: 1_000_000,
  /** Bytes of all arguments in one batch message. */
  batchBytes: 8_000_000,
  /** Milliseconds before a pending call is given up. */
  deadlineMs: 30_000,
  /** Events sent to a guest before it has said that it is done with some. */
  eventsUnacknowledged: 128,
  /** Events kept for a guest that is behind. The oldest are left out beyond that. */
  eventsWaiting: 500,
  /** Bytes of one saved state. */
  stateBytes: 256_000,
} as const

/**
 * What an entry file is: one plain ES module; a federation container that needs
 * nothing but its shares, as our build makes it; or any other federation
 * container, for which the realm loads the federation runtime.
 */
export type EntryFormat = 'module' | 'container' | 'federation'

/**
 * First message into the document of a worker sandbox: the code of its realm, before any plugin. The page hands
 * it over, because an opaque origin has no cache of its own and would load it again for every realm.
 */
export interface RealmMessage<Code = unknown> {
  readonly type: 'mortise.realm'
  /** A blob with a classic script. */
  readonly code: Code
}

/** Asks the document of a worker sandbox for a sign of life on the port that comes with it. */
export interface ProbeMessage {
  readonly type: 'mortise.probe'
}

/** Posted once into a sandbox, with the bridge's port. */
export interface BootMessage {
  readonly type: 'mortise.boot'
  readonly version: typeof wireVersion
  readonly plugin: { readonly id: string; readonly version: string; readonly displayName: string }
  /** Absolute address of the entry file. */
  readonly entry: string
  readonly format: EntryFormat
  /** Packages that are not offered to a federated plugin, because it runs on copies of its own. */
  readonly isolated: readonly string[]
  readonly granted: readonly string[]
  /** For frames, so that the first paint is in the right theme. */
  readonly theme: ThemeText
  /** Fonts the theme names, for frames. */
  readonly fonts: readonly FontFile[]
  readonly locale: string
  /** What the plugin saved before its realm ended, where it did. */
  readonly saved?: { readonly value: unknown; readonly missed: boolean } | undefined
}

/** A font that a theme brings, as its bytes: a sandbox cannot load it. */
export interface FontFile {
  /** Quoted, as CSS has it. */
  readonly family: string
  readonly weight: string
  readonly style: string
  readonly data: ArrayBuffer
}

/**
 * The active theme as declarations of CSS, `name: value;` on a line each: `color-scheme`, then custom properties.
 * It is a text because that is copied to many frames in no time; objects are not.
 */
export type ThemeText = string

/** A widget that a guest is to draw. */
export interface MountOrder {
  /** Names this mount until it is unmounted. */
  readonly mount: number
  readonly widget: string
  readonly slot: string
  readonly context: unknown
  /** What this mount saved before its realm ended. */
  readonly state?: unknown
}

/** Everything a host says to a guest after the boot message. */
export type HostMessage =
  /** In one message, so that what the guest draws for them goes back in few. */
  | { readonly type: 'mount'; readonly mounts: readonly MountOrder[] }
  | { readonly type: 'context'; readonly mount: number; readonly context: unknown }
  | { readonly type: 'unmount'; readonly mount: number }
  | {
      readonly type: 'event'
      readonly cursor: string
      readonly event: LifecycleEvent
      /** The subscriptions it is for. One that has ended meanwhile is left out by the guest. */
      readonly to: readonly number[]
      /** Events left out before this one, because the guest took too long for those before them. */
      readonly missed?: number
    }
  /** A person used a component the host drew: calls the listener the guest registered under this id. */
  | {
      readonly type: 'ui'
      readonly mount: number
      readonly listener: number
      readonly args: readonly unknown[]
    }
  | { readonly type: 'grants'; readonly granted: readonly string[] }
  | {
      readonly type: 'theme'
      readonly theme: ThemeText
      /** Those the frame was not given yet. */
      readonly fonts: readonly FontFile[]
      /** A frame answers this number with `guest.painted` once it shows the theme. */
      readonly scene: number
    }
  | { readonly type: 'ping'; readonly nonce: number }
  | { readonly type: 'stop' }
