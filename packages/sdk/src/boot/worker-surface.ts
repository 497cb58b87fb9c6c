// First, so that everything after finds a document.
import '@remote-dom/core/polyfill'
import type { RemoteMutationRecord } from '@remote-dom/core'
import { RemoteRootElement } from '@remote-dom/core/elements'
import { defineElements } from './define-elements.ts'
import { describeError } from './describe-error.ts'
import { createRecordEncoder } from './encode-records.ts'
import type { Surface } from './run-guest.ts'
import { offerTreeSink, type TreeSink } from './tree-sink.ts'

const rootName = 'mortise-root'
/** How long a widget may draw nothing before it counts as mounted all the same. */
const drawnMs = 500

/** Widgets draw into a remote tree; its changes of one microtask go to the host together. */
export function createWorkerSurface(): Surface {
  defineElements()
  customElements.define(rootName, class extends RemoteRootElement {})
  return {
    open(mount, bridge) {
      const root = document.createElement(rootName) as RemoteRootElement
      const encoder = createRecordEncoder()
      const drawn = Promise.withResolvers<void>()
      const timer = setTimeout(drawn.resolve, drawnMs)
      let queue: RemoteMutationRecord[] = []
      let sending = false
      // One message at a time: what changes while the host draws the last one goes together after it.
      const flush = async () => {
        if (sending || queue.length === 0) return
        sending = true
        const records = queue
        queue = []
        // Before the calls: who waits for it calls in the same microtask, and all go in one message.
        clearTimeout(timer)
        drawn.resolve()
        try {
          for (const chunk of encoder.encode(records)) await bridge.call('ui.mutate', mount, chunk)
        } catch (error) {
          // A part that was refused leaves the host with half a tree: the widget has to start anew.
          bridge.call('guest.failed', describeError(error, 'PLUGIN_THREW'), mount).catch(() => {})
        }
        sending = false
        flush()
      }
      const mutate: TreeSink = (records) => {
        if (queue.length === 0) queueMicrotask(flush)
        for (const record of records) queue.push(record)
      }
      offerTreeSink(root, mutate)
      root.connect({
        mutate,
        call() {
          throw new TypeError('Components of the host have no methods.')
        },
      })
      document.body.append(root)
      return {
        root,
        drawn: drawn.promise,
        dispatch: (listener, args) => encoder.dispatch(listener, args),
        close() {
          clearTimeout(timer)
          root.remove()
        },
      }
    },
  }
}
