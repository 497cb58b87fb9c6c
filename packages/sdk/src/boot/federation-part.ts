import { openForeignContainer } from './open-foreign-container.ts'
import { bringPart } from './realm-parts.ts'

/** Brings the runtime of Module Federation into a worker realm. */
export function bringFederation(): void {
  bringPart({ loadFederation: async () => openForeignContainer })
}
