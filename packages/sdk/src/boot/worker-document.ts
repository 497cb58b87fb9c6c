import { createGuestBridge } from '@mortise/bridge/guest'
import type { WorkerDocumentOptions } from './options.ts'
import { receiveBoot } from './receive-boot.ts'

/**
 * Runs in the hidden sandboxed document of a worker plugin: starts the worker
 * and hands it the boot message and the port. The document then holds nothing
 * but the worker; removing the document ends it.
 *
 * @remarks
 * The worker is a classic script from a blob: that way it inherits the opaque
 * origin and the policy of this document. A module worker from a blob is refused here.
 */
export function bootWorkerDocument(options: WorkerDocumentOptions = {}): void {
  const realmUrl = options.realmUrl ?? new URL('/sandbox-assets/worker-realm.js', location.href).href
  const source = `import(${JSON.stringify(realmUrl)}).catch((error) => postMessage({ type: 'mortise.realm-failed', message: String(error) }))`
  const address = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
  const worker = new Worker(address)
  const ready = new Promise<void>((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message))
    worker.onmessage = ({ data }) => {
      if (data?.type === 'mortise.realm-ready') resolve()
      else reject(new Error(String(data?.message)))
    }
  }).finally(() => {
    URL.revokeObjectURL(address)
    worker.onerror = null
    worker.onmessage = null
  })
  receiveBoot().then(({ boot, port }) =>
    ready.then(
      () => worker.postMessage(boot, [port]),
      ({ message }: Error) => {
        const failure = {
          code: 'PLUGIN_LOAD_FAILED',
          name: 'Error',
          message: `The sandbox did not start. ${message}`,
        }
        createGuestBridge(port)
          .call('guest.failed', failure)
          .catch(() => {})
      },
    ),
  )
}
