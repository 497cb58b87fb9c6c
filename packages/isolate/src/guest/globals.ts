import type { Channel } from './channel.ts'
import { createConsole, type WriteLog } from './console.ts'
import { evaluate } from './evaluate.ts'
import type * as WebModule from './web.ts'
import { webNames } from './web-names.ts'

/**
 * Engine globals that plugins do not get: threads and WebAssembly allocate
 * memory outside the limit of the isolate, and shared memory is a clock.
 */
export const removedGlobals = ['WebAssembly', 'SharedArrayBuffer', 'Atomics']

export type Web = ReturnType<typeof WebModule.openWeb>

let readWeb: () => Web
/** The web's part, where the snapshot holds it. */
let preloaded: typeof WebModule | undefined

/**
 * Defines what needs no power from outside. Runs once, before the snapshot is taken.
 *
 * The web's globals are three quarters of the runtime, and many plugins use none
 * of them. Those that do start from a snapshot that holds it; for the others it
 * is there when they ask after all.
 */
export function installShims(): void {
  const given = globalThis as { mortiseWeb?: typeof WebModule }
  preloaded = given.mortiseWeb
  Reflect.deleteProperty(globalThis, 'mortiseWeb')
  define({ self: globalThis, ArrayBuffer: fixedArrayBuffer() })
  if (preloaded) return
  for (const name of webNames) {
    Object.defineProperty(globalThis, name, {
      get: () => readWeb().globals[name],
      set: (value: unknown) => define({ [name]: value }),
      configurable: true,
      enumerable: false,
    })
  }
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
 *
 * @returns Opens the web's part of the runtime, once.
 */
export function installPowers(channel: Channel, log: WriteLog, timers: Record<string, unknown>): () => Web {
  removeGlobals()
  const started = Date.now()
  define({
    ...timers,
    console: createConsole(log),
    performance: { now: () => Date.now() - started, timeOrigin: started },
  })
  let web: Web | undefined
  readWeb = () => (web ??= loadWeb(channel))
  if (preloaded) {
    web = preloaded.openWeb(channel)
    define(web.globals)
  }
  return readWeb
}

function loadWeb(channel: Channel): Web {
  const { getOwnPropertyDescriptor } = Object
  // Polyfills look whether a name is taken, and plugin code may have taken some.
  const open = webNames.filter((name) => getOwnPropertyDescriptor(globalThis, name)?.get)
  for (const name of open) Reflect.deleteProperty(globalThis, name)
  const load = evaluate(`(function () { ${channel.powers.webSource()}\n; return mortiseWeb })`)
  const web = (load as () => typeof WebModule)().openWeb(channel)
  for (const name of open) define({ [name]: web.globals[name] })
  return web
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
