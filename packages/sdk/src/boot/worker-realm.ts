// First: what comes after puts a document into the realm, which must never happen in a real one.
import './require-opaque-origin.ts'
import type { BootMessage } from '@mortise/contract'
import { takeParts } from './realm-parts.ts'
import { runGuest } from './run-guest.ts'
import { createWorkerSurface } from './worker-surface.ts'

/**
 * Runs inside the worker, in the first of its scripts: gives it a document whose changes go to the host, and
 * loads the plugin that the host names. Scripts after it may add to the realm with `bringPart`.
 */
export function bootWorkerRealm(): void {
  const surface = createWorkerSurface()
  const receive = ({ data, ports }: MessageEvent) => {
    removeEventListener('message', receive)
    // By now the scripts after this one have run.
    void runGuest({ boot: data as BootMessage, port: ports[0]! }, surface, takeParts())
  }
  addEventListener('message', receive)
  // The document waits for the whole script, so this may come before its end.
  postMessage({ type: 'mortise.realm-ready' })
}
