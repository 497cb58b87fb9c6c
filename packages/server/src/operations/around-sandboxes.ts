import { AsyncLocalStorage } from 'node:async_hooks'
import { toErrorRecord } from '@mortise/contract'
import type { SandboxObserver } from '@mortise/isolate'
import type { Contacts } from '../contacts/contacts.ts'
import type { Tracing } from '../tracing/tracing.ts'
import type { Metrics } from './metrics.ts'

/** Counts, times and traces what sandboxes do, and notes which hosts they contact. */
export function aroundSandboxes(metrics: Metrics, tracing: Tracing, contacts: Contacts): SandboxObserver {
  return {
    async aroundCall({ plugin, kind }, work) {
      const startedAt = performance.now()
      const tell = (result: string) => {
        metrics.count('mortise_plugin_calls_total', { plugin, kind, result })
        const seconds = (performance.now() - startedAt) / 1000
        metrics.observe('mortise_plugin_call_seconds', { plugin, kind }, seconds)
      }
      try {
        const result = await tracing.run(`plugin ${kind}`, { attributes: { 'mortise.plugin': plugin } }, work)
        tell('ok')
        return result
      } catch (thrown) {
        tell(toErrorRecord(thrown).code)
        throw thrown
      }
    },
    aroundFetch: ({ plugin, method, host }, work) =>
      tracing.run(
        'plugin fetch',
        {
          kind: 'CLIENT',
          attributes: {
            'mortise.plugin': plugin,
            'http.request.method': method.slice(0, 20),
            'server.address': host.slice(0, 255),
          },
        },
        work,
      ),
    didContact: (contact) => contacts.note({ side: 'server', ...contact }),
    // What caused the call, and the span at hand.
    keepContext: () => AsyncLocalStorage.snapshot(),
    ...(tracing.isOn ? { fetchHeaders: () => tracing.headers() } : {}),
  }
}
