// First, so that everything after finds a document.
import '@remote-dom/core/polyfill'
import type { RemoteMutationRecord } from '@remote-dom/core'
import { RemoteRootElement } from '@remote-dom/core/elements'
import { defineElements } from './define-elements.ts'
import { describeError } from './describe-error.ts'
import { createRecordEncoder } from './encode-records.ts'
import type { Surface } from './run-guest.ts'
import { markRoot, type TreeSink } from './tree-sink.ts'

const rootName = 'mortise-root'
/** How long a widget may draw nothing before it counts as mounted all the same. */
const drawnMs = 500

/** Widgets draw into a remote tree; its changes of one microtask go to the host together. */
export function createWorkerSurface(): Surface {
  defineElements()
  customElements.define(rootName, class extends RemoteRootElement {})
  return {
    open(mount, bridge) {
      let root: RemoteRootElement | undefined
      const encoder = createRecordEncoder()
      const drawn = Promise.withResolvers<void>()
      let timer: ReturnType<typeof setTimeout> | undefined
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
      const sink: TreeSink = (records) => {
        if (queue.length === 0) queueMicrotask(flush)
        for (const record of records) queue.push(record)
      }
      return {
        sink,
        // Made for those who draw into it.
        get root() {
          root ??= createRoot(sink)
          return root
        },
        drawn() {
          if (queue.length === 0 && !sending) timer = setTimeout(drawn.resolve, drawnMs)
          return drawn.promise
        },
        dispatch: (listener, args) => encoder.dispatch(listener, args),
        close() {
          clearTimeout(timer)
          root?.remove()
        },
      }
    },
  }
}

function createRoot(mutate: TreeSink): RemoteRootElement {
  const root = document.createElement(rootName) as RemoteRootElement
  root.connect({
    mutate,
    call() {
      throw new TypeError('Components of the host have no methods.')
    },
  })
  markRoot(root, mutate)
  document.body.append(root)
  return root
}
