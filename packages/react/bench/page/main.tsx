/** The page that mounts widgets in one of several ways and says when all of them stand. */
import '../../src/styles/index.css'
import { createHost, type SlotWidget } from '@mortise/host'
import { RemoteReceiver } from '@remote-dom/core/receivers'
import { createRoot } from 'react-dom/client'
import { RemoteTree } from '../../src/host/remote-tree.tsx'
import { backendOf, recordOf } from './backend.ts'
import { NativeWidget } from './native-widget.tsx'

export type Way = 'ours' | 'native' | 'frames' | 'remote-dom' | 'bare-realms' | 'qiankun'

const root = document.getElementById('root') as HTMLElement

/** Mounts what the address asks for, and tells the milliseconds until all widgets are in the document and painted. */
async function run(): Promise<void> {
  const asked = new URLSearchParams(location.search)
  const way = asked.get('way') as Way
  const [count, plugins] = [Number(asked.get('count')), Number(asked.get('plugins'))]
  const indexes = Array.from({ length: count }, (_, index) => index)
  const prepared = await ways[way].prepare?.(count, plugins)
  await report('ready')
  const started = performance.now()
  ways[way].draw(indexes, plugins, prepared)
  await stands(
    way === 'frames'
      ? () => drawnElsewhere
      : way === 'bare-realms'
        ? () => Math.min(drawnElsewhere, drawnHere())
        : drawnHere,
    count,
  )
  await report('done', String(performance.now() - started))
}

const drawnHere = () => root.getElementsByTagName('button').length

async function report(name: string, body = ''): Promise<void> {
  await fetch(`/${name}`, { method: 'POST', body })
}

/** Of frames and workers that draw where this page cannot look. */
let drawnElsewhere = 0

interface Drawing {
  prepare?(count: number, plugins: number): Promise<unknown>
  draw(indexes: readonly number[], plugins: number, prepared: unknown): void
}

const ways: Readonly<Record<Way, Drawing>> = {
  native: {
    draw: (indexes) =>
      createRoot(root).render(
        indexes.map((index) => (
          <div key={index}>
            <NativeWidget index={index} />
          </div>
        )),
      ),
  },
  ours: {
    // Reading the list of plugins is the same for every way to draw them.
    async prepare(count, plugins) {
      const host = createHost({ domains: [], backend: backendOf(recordsOf(count, plugins)) })
      await host.start()
      return host
    },
    draw(_indexes, _plugins, prepared) {
      const host = prepared as ReturnType<typeof createHost>
      const mounts = host.widgetsOf('main').map((widget: SlotWidget) => host.mount(widget, 'main', null))
      createRoot(root).render(
        mounts.map(({ receiver }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
          <div key={index}>{receiver && <RemoteTree receiver={receiver} />}</div>
        )),
      )
    },
  },
  frames: {
    draw(indexes, plugins) {
      addEventListener('message', ({ data }) => {
        if (data === 'drawn') drawnElsewhere++
      })
      for (const index of indexes) {
        const frame = document.createElement('iframe')
        frame.setAttribute('sandbox', 'allow-scripts')
        frame.src = `${location.protocol}//p${index % plugins}.localhost:${location.port}/frame.html#${index}`
        root.append(frame)
      }
    },
  },
  // One application for each widget, as qiankun's documentation mounts several by hand. All of them run in the
  // page behind a proxy of `window`: no process, no thread and no boundary of their own.
  qiankun: {
    prepare: () => import('qiankun'),
    draw(indexes, plugins, prepared) {
      const { loadMicroApp } = prepared as typeof import('qiankun')
      for (const index of indexes) {
        const container = document.createElement('div')
        root.append(container)
        const name = `p${index % plugins}`
        loadMicroApp({ name, entry: `${location.origin}/micro/${name}.html`, container, props: { index } })
      }
    },
  },
  // What no way with a realm for each plugin can do without: as many sandboxed documents with a worker each, that
  // render the same and send one number, while the page draws the same itself.
  'bare-realms': {
    prepare: async () => (await fetch('/sandbox-assets/bare-realm.js')).blob(),
    draw(indexes, plugins, prepared) {
      for (let plugin = 0; plugin < plugins; plugin++) {
        const frame = document.createElement('iframe')
        frame.setAttribute('sandbox', 'allow-scripts')
        frame.hidden = true
        frame.onload = () => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = ({ data }) => {
            drawnElsewhere += data
          }
          const own = indexes.filter((index) => index % plugins === plugin)
          frame.contentWindow?.postMessage({ type: 'mortise.boot', indexes: own }, '*', [port2])
          frame.contentWindow?.postMessage({ type: 'mortise.realm', code: prepared }, '*')
        }
        frame.src = `/sandbox/p${plugin}/worker.html`
        document.body.append(frame)
      }
      ways.native.draw(indexes, plugins, undefined)
    },
  },
  // A worker for each plugin with remote-dom and nothing else: no sandbox, no guard, no limits.
  'remote-dom': {
    draw(indexes, plugins) {
      const receivers = indexes.map(() => new RemoteReceiver())
      for (let plugin = 0; plugin < plugins; plugin++) {
        const worker = new Worker('/sandbox-assets/bare-worker.js', { type: 'module' })
        worker.onmessage = ({ data: [index, records] }) => receivers[index]?.connection.mutate(records)
        worker.postMessage(indexes.filter((index) => index % plugins === plugin))
      }
      createRoot(root).render(
        receivers.map((receiver, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
          <div key={index}>
            <RemoteTree receiver={receiver} />
          </div>
        )),
      )
    },
  },
}

/** Resolves two frames after a count was reached, when it is on the screen. */
function stands(current: () => number, count: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (current() < count) requestAnimationFrame(look)
      else requestAnimationFrame(() => requestAnimationFrame(() => resolve()))
    }
    look()
  })
}

function recordsOf(count: number, plugins: number) {
  return Array.from({ length: plugins }, (_, plugin) =>
    recordOf(`p${plugin}`, Math.ceil((count - plugin) / plugins), 'container'),
  )
}

run().catch((error) => report('failed', String(error?.stack ?? error)))
