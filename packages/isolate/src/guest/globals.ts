/// <reference path="./vendor.d.ts" />
import 'core-js/actual/atob.js'
import 'core-js/actual/btoa.js'
import 'core-js/web/dom-exception.js'
import 'core-js/web/url.js'
import 'core-js/web/url-search-params.js'
import 'core-js/web/structured-clone.js'
import 'fast-text-encoding'
import { Event, EventTarget } from 'event-target-shim'
import { AbortController, AbortSignal } from './abort.ts'
import type { Channel } from './channel.ts'
import { createConsole, type WriteLog } from './console.ts'
import { createCrypto } from './crypto.ts'
import { createFetch, Headers, Request, Response } from './fetch.ts'

/**
 * Engine globals that plugins do not get: threads and WebAssembly allocate
 * memory outside the limit of the isolate, and shared memory is a clock.
 */
export const removedGlobals = ['WebAssembly', 'SharedArrayBuffer', 'Atomics']

/** Defines what needs no power from outside. Runs once, before the snapshot is taken. */
export function installShims(): void {
  define({ AbortController, AbortSignal, Event, EventTarget, Headers, Request, Response })
  define({ self: globalThis, ArrayBuffer: fixedArrayBuffer() })
}

/** `ArrayBuffer` without the resizable kind, whose memory the engine does not count against the limit. */
function fixedArrayBuffer(): unknown {
  const Native = ArrayBuffer
  const { construct } = Reflect
  function Fixed(length: number): ArrayBuffer {
    if (!new.target) throw new TypeError("Constructor ArrayBuffer requires 'new'")
    return construct(Native, [length], new.target)
  }
  Object.defineProperties(Fixed, {
    ...Object.getOwnPropertyDescriptors(Native),
    name: { value: 'ArrayBuffer', configurable: true },
  })
  Object.defineProperty(Native.prototype, 'constructor', { value: Fixed, writable: true, configurable: true })
  Reflect.deleteProperty(Native.prototype, 'resize')
  return Fixed
}

/**
 * Defines what talks to the outside and removes what is refused. Runs in each
 * isolate: V8 cannot start from a snapshot in which the removed names are gone.
 */
export function installPowers(channel: Channel, log: WriteLog, timers: Record<string, unknown>): void {
  removeGlobals()
  const started = Date.now()
  define({
    ...timers,
    console: createConsole(log),
    crypto: createCrypto(channel.powers),
    fetch: createFetch(channel),
    performance: { now: () => Date.now() - started, timeOrigin: started },
  })
}

/** Defines globals the way the engine does: writable, not enumerable. */
export function define(values: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(values)) {
    Object.defineProperty(globalThis, name, {
      value: values[name],
      writable: true,
      configurable: true,
      enumerable: false,
    })
  }
}

function removeGlobals(): void {
  for (const name of removedGlobals) Reflect.deleteProperty(globalThis, name)
}
