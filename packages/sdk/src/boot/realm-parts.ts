import type { RealmOptions } from './options.ts'

declare global {
  var mortiseParts: RealmOptions | undefined
}

/** Adds to the realm that runs this script, from a script of its own after the realm's. */
export function bringPart(part: RealmOptions): void {
  const brought = globalThis.mortiseParts
  globalThis.mortiseParts = { ...brought, ...part, shared: { ...brought?.shared, ...part.shared } }
}

/** Takes what was brought, so that plugins find no trace of it. */
export function takeParts(): RealmOptions {
  const brought = globalThis.mortiseParts
  delete globalThis.mortiseParts
  return brought ?? {}
}
