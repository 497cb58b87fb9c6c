/** @throws TypeError where the realm has an origin: the host's storage would be in reach. */
export function requireOpaqueOrigin(): void {
  if (self.origin !== 'null') throw new TypeError('A plugin runs only in a sandbox with an opaque origin.')
}

// At once, and before what comes after: a realm with an origin must not be given a document.
requireOpaqueOrigin()
