/** The page that draws one large tree, of a plugin or of its own. */
import '../../src/styles/index.css'
import { componentsByElement } from '@mortise/contract'
import { createHost, type Mount } from '@mortise/host'
import { createRoot } from 'react-dom/client'
import { remoteComponents } from '../../src/host/remote-components.tsx'
import { RemoteTree } from '../../src/host/remote-tree.tsx'
import { backendOf, recordOf } from './backend.ts'

/** How a tree is sent, of how many components with a text each. */
export interface TreeOrder {
  readonly way: 'append' | 'whole' | 'records' | 'texts' | 'native'
  readonly count: number
  readonly element: 'm-text' | 'm-button' | 'm-badge'
}

const page = document.getElementById('root') as HTMLElement
const root = createRoot(page)
let mount: Mount | undefined
let order: TreeOrder | undefined

/** What the host draws an element with. */
const componentOf = (element: string) => remoteComponents[componentsByElement.get(element)!.name]!

/** Waits until a condition holds in a frame, and for what that frame still draws. */
const holds = (condition: () => boolean) =>
  new Promise<void>((resolve) => {
    const look = () => {
      if (condition()) requestAnimationFrame(() => requestAnimationFrame(() => resolve()))
      else requestAnimationFrame(look)
    }
    look()
  })

/** Elements, and texts of a widget that has no others. */
const drawn = () => page.getElementsByTagName('*').length + page.childNodes.length

const tree = {
  /** Starts the plugin, which draws nothing yet. */
  async open(given: TreeOrder): Promise<void> {
    order = given
    if (order.way === 'native') return
    const host = createHost({ domains: [], backend: backendOf([recordOf('tree', 1, 'module')]) })
    await host.start()
    mount = host.mount(host.widgetsOf('main')[0]!, 'main', order)
    root.render(mount.receiver && <RemoteTree receiver={mount.receiver} />)
    await holds(() => drawn() > 0)
  },
  /** Draws it, until all of it is there. */
  async draw(): Promise<void> {
    const { way, count, element } = order!
    const [Stack, Native] = [componentOf('m-stack'), componentOf(element)]
    performance.mark('tree begins')
    if (way === 'native') {
      root.render(
        <Stack>
          {Array.from({ length: count }, (_, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
            <Native key={at}>x</Native>
          ))}
        </Stack>,
      )
    } else mount?.update(order)
    await holds(() => drawn() >= count || mount?.state.getState().status === 'failed')
    performance.mark('tree ends')
  },
  /** Takes it down again, until nothing is left. */
  async remove(): Promise<void> {
    performance.mark('tree begins')
    if (mount) mount.unmount()
    else root.render(null)
    await holds(() => drawn() === 0)
    performance.mark('tree ends')
  },
  state: () => mount?.state.getState(),
}

export type TreePage = typeof tree

Object.assign(globalThis, { tree })
