import type { bridgeLimits, HostMessage, NamedMethod } from '@mortise/contract'
import type { ViolationReason } from './read-request.ts'

/** A method that a guest may call. */
export interface BoundMethod {
  readonly definition: NamedMethod
  /**
   * Receives the parsed arguments. What it returns or resolves to is sent to the guest as it is.
   *
   * @param signal - Of a call that the guest may cancel: aborted when it does, when the deadline has
   * passed, and when the bridge is closed.
   */
  invoke(args: readonly unknown[], signal?: AbortSignal): unknown
  /** Milliseconds before a pending call is answered BRIDGE_TIMEOUT. The bridge's own limit by default. */
  readonly deadlineMs?: number | undefined
  /** Bytes of one call's arguments. The bridge's own limit by default. */
  readonly maxBytes?: number | undefined
}

/** A method that exists but was not granted: answered PERMISSION_DENIED. */
export interface DeniedMethod {
  readonly definition: NamedMethod
  readonly invoke?: undefined
}

/**
 * Told of each call once it is over. Positional, because it is called for every call.
 *
 * @param method - As the guest named it, which may be anything.
 * @param bytes - Of the arguments, as measured; 0 where there were too many.
 * @param startedAt - Milliseconds of the bridge's clock.
 * @param durationMs - For calls of one batch that were answered at once, their even share of its time.
 * @param outcome - `OK` or the code of the error.
 */
export type CallObserver = (
  method: string,
  bytes: number,
  startedAt: number,
  durationMs: number,
  outcome: string,
) => void

/** Every method a guest can name. What is not in the map is answered METHOD_UNKNOWN. */
export type MethodMap = ReadonlyMap<string, BoundMethod | DeniedMethod>

/** The end of a message channel, in the browser and in Node. */
export interface BridgePort {
  postMessage(message: unknown, transfer?: Transferable[]): void
  addEventListener(type: 'message' | 'messageerror', listener: (event: MessageEvent) => void): void
  removeEventListener(type: 'message' | 'messageerror', listener: (event: MessageEvent) => void): void
  start?(): void
  close(): void
}

export type BridgeLimits = { readonly [K in keyof typeof bridgeLimits]: number }

export interface HostBridgeOptions {
  /** The host's end of a channel whose other end only this guest holds. */
  readonly port: BridgePort
  readonly methods: MethodMap
  /** Told of each message that is not part of the protocol. */
  readonly onViolation?: (reason: ViolationReason) => void
  /** Told once, when the guard closed the port by itself. */
  readonly onClose?: (reason: ViolationReason) => void
  /** Told of each call once it is over, after its answer was sent. It must not throw. */
  readonly onCall?: CallObserver
  /** Milliseconds of a clock that never goes back. `performance.now` by default. */
  readonly clock?: () => number
  readonly limits?: Partial<BridgeLimits>
}

/** What one bridge has seen. */
export interface BridgeStats {
  readonly messages: number
  readonly calls: number
  readonly violations: number
  /** Calls not answered yet. */
  readonly pending: number
  /** Messages put aside until the rate allows them. */
  readonly waiting: number
  readonly closed: boolean
}

export interface HostBridge {
  /** Says something to the guest. Does nothing once closed. */
  send(message: HostMessage): void
  /** Replaces what the guest may call, from its next call on. */
  setMethods(methods: MethodMap): void
  /** Cancels an unanswered call that came with this key. Does nothing where there is none. */
  cancel(key: number): void
  /** Slows the guest down to so many messages a second, or lets it go at its own rate again. */
  throttle(messagesPerSecond: number | undefined): void
  /** Closes the port. Calls in flight are not answered. */
  close(): void
  readonly stats: BridgeStats
}

/** The guest's end. */
export interface GuestBridge {
  /**
   * Calls a method of the host. Calls of one microtask travel together.
   *
   * @throws The error of the host with its `code`; BRIDGE_TIMEOUT; BRIDGE_CLOSED.
   */
  call(method: string, ...args: readonly unknown[]): Promise<unknown>
  /** Like `call`, in a message of its own, so that a slow answer holds up no other. */
  callAlone(method: string, args: readonly unknown[], deadlineMs?: number): Promise<unknown>
  /**
   * Like `call`, until the signal is aborted: then it fails at once with the signal's reason, and the
   * host is told.
   */
  callUntil(signal: AbortSignal, method: string, args: readonly unknown[]): Promise<unknown>
  /** Calls the listener for each message of the host. Returns its own undo. */
  onMessage(listener: (message: HostMessage) => void): () => void
  /** Closes the port. Pending calls fail with BRIDGE_CLOSED. */
  close(): void
}
