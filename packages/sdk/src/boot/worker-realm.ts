import type { BootMessage } from '@mortise/contract'
import type { RealmOptions } from './options.ts'
import type { Booted } from './receive-boot.ts'
import { runGuest } from './run-guest.ts'

/**
 * Runs inside the worker: gives it a document whose changes go to the host, then
 * loads the plugin.
 *
 * @throws TypeError where the realm has an origin: the host's storage would be in reach.
 */
export async function bootWorkerRealm(options: RealmOptions = {}): Promise<void> {
  if (self.origin !== 'null') throw new TypeError('A plugin runs only in a sandbox with an opaque origin.')
  const booted = new Promise<Booted>((resolve) => {
    const receive = ({ data, ports }: MessageEvent) => {
      removeEventListener('message', receive)
      resolve({ boot: data as BootMessage, port: ports[0]! })
    }
    addEventListener('message', receive)
  })
  postMessage({ type: 'mortise.realm-ready' })
  // Loaded here and not above: it puts a document into the realm, which must never happen in a real one,
  // and everything that looks for a document has to load after it.
  const { createWorkerSurface } = await import('./worker-surface.ts')
  const surface = createWorkerSurface()
  await options.prepare?.()
  await runGuest(await booted, surface, options)
}
