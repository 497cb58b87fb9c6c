import { createGuestBridge, type GuestBridge } from '@mortise/bridge/guest'
import { type HostMessage, type MountOrder, wireVersion } from '@mortise/contract'
import type { Mortise, PluginDefinition, WidgetContext } from '../plugin.ts'
import { createMortise, createState, guarded } from './create-mortise.ts'
import { describeError, loadError } from './describe-error.ts'
import { loadPlugin } from './load-plugin.ts'
import type { RealmOptions } from './options.ts'
import { readTheme } from './read-theme.ts'
import type { Booted } from './receive-boot.ts'
import { offerTreeSink, type TreeSink } from './tree-sink.ts'

/** Where widgets of this realm draw: a remote tree in a worker, the document in a frame. */
export interface Surface {
  open(mount: number, bridge: GuestBridge): SurfaceRoot
  /** Settles once what was changed last can be seen. A worker has nothing to be seen. */
  painted?(): Promise<void>
}

export interface SurfaceRoot {
  readonly root: Element
  /** For renderers that need no root. */
  readonly sink?: TreeSink
  /** Settles once something was drawn, or when drawing nothing has taken long enough from now on. */
  drawn(): Promise<void>
  /** A person used a component: calls the listener behind an id. */
  dispatch?(listener: number, args: readonly unknown[]): void
  close(): void
}

/** Milliseconds of drawing after which a realm looks at its messages: it has to say in time that it still runs. */
const mountSliceMs = 100
/** A message takes several turns of a worker's event loop, and a timer that is due would get in between each time. */
const messagesMs = 10

/** Loads the plugin of a realm and does what the host says until it says stop. */
export async function runGuest(
  { boot, port }: Booted,
  surface: Surface,
  options: RealmOptions,
): Promise<void> {
  const bridge = createGuestBridge(port)
  const { mortise, deliver, setGranted } = createMortise(boot, bridge)
  const { log } = mortise
  const mounts = new Map<number, MountedWidget>()
  const waiting = new Map<number, MountOrder>()
  const themeListeners = new Set<WidgetTheme>()
  let theme = readTheme(boot.theme)
  let plugin: PluginDefinition = {}
  let deactivate: unknown

  const shared: WidgetShared = {
    bridge,
    mortise,
    surface,
    theme: () => theme,
    onTheme(listener) {
      themeListeners.add(listener)
      return () => themeListeners.delete(listener)
    },
  }

  // As many as possible in one go, so that what they draw goes to the host in one message.
  const mountWaiting = () => {
    const end = performance.now() + mountSliceMs
    for (const [mount, order] of waiting) {
      waiting.delete(mount)
      mounts.set(mount, mountWidget(order, plugin, shared))
      if (performance.now() > end) break
    }
    if (waiting.size > 0) setTimeout(mountWaiting, messagesMs)
  }

  const stop = () => {
    waiting.clear()
    for (const mounted of mounts.values()) mounted.unmount()
    mounts.clear()
    if (typeof deactivate === 'function') guarded(log, deactivate as () => void)
    bridge.close()
  }

  const receive = (message: HostMessage) => {
    switch (message.type) {
      case 'mount':
        if (waiting.size === 0) queueMicrotask(mountWaiting)
        for (const order of message.mounts) waiting.set(order.mount, order)
        return
      case 'context': {
        const order = waiting.get(message.mount)
        if (order) waiting.set(message.mount, { ...order, context: message.context })
        mounts.get(message.mount)?.setContext(message.context)
        return
      }
      case 'unmount':
        waiting.delete(message.mount)
        mounts.get(message.mount)?.unmount()
        mounts.delete(message.mount)
        return
      case 'ui':
        mounts.get(message.mount)?.dispatch(message.listener, message.args)
        return
      case 'event':
        deliver(message)
        return
      case 'grants':
        setGranted(message.granted)
        return
      case 'theme':
        theme = readTheme(message.theme)
        for (const listener of [...themeListeners]) guarded(log, () => listener(theme))
        surface
          .painted?.()
          .then(() => bridge.callAlone('guest.painted', [message.scene]))
          .catch(() => {})
        return
      case 'ping':
        // Not behind calls that wait for an answer: silence counts as a hang.
        bridge.callAlone('guest.pong', [message.nonce]).catch(() => {})
        return
      case 'stop':
        stop()
        return
      default:
        message satisfies never
    }
  }

  bridge.onMessage(receive)
  addEventListener('error', (event) => log.error('Uncaught error', event.error ?? event.message))
  addEventListener('unhandledrejection', (event) => log.error('Unhandled rejection', event.reason))
  try {
    if (boot.version !== wireVersion) {
      throw loadError(
        'REMOTE_INVALID',
        `The host speaks version ${boot.version} of the wire, this realm ${wireVersion}.`,
      )
    }
    plugin = await loadPlugin(boot, options)
    deactivate = await plugin.activate?.(mortise)
    await bridge.call('guest.ready', Object.keys(plugin.widgets ?? {}))
  } catch (error) {
    await bridge.call('guest.failed', describeError(error, 'PLUGIN_LOAD_FAILED')).catch(() => {})
  }
}

type WidgetTheme = Parameters<WidgetContext['onDidChangeTheme']>[0]

interface WidgetShared {
  readonly bridge: GuestBridge
  readonly mortise: Mortise
  readonly surface: Surface
  theme(): WidgetContext['theme']
  onTheme(listener: WidgetTheme): () => void
}

interface MountedWidget {
  setContext(context: unknown): void
  dispatch(listener: number, args: readonly unknown[]): void
  unmount(): void
}

function mountWidget(
  { mount, widget, slot, context: initial, state }: MountOrder,
  plugin: PluginDefinition,
  { bridge, mortise, surface, theme, onTheme }: WidgetShared,
): MountedWidget {
  const { log } = mortise
  const place = surface.open(mount, bridge)
  const controller = new AbortController()
  const contextListeners = new Set<(context: unknown) => void>()
  const undo: (() => void)[] = []
  let context = initial
  const fail = (error: unknown) => {
    bridge.call('guest.failed', describeError(error, 'PLUGIN_THREW'), mount).catch(() => {})
  }
  const widgetContext: WidgetContext = {
    ...mortise,
    state: createState(bridge, { value: state, missed: false }, () => ({ mount })),
    get root() {
      return place.root
    },
    slot,
    signal: controller.signal,
    get context() {
      return context
    },
    get theme() {
      return theme()
    },
    onDidChangeContext(listener) {
      contextListeners.add(listener)
      return () => contextListeners.delete(listener)
    },
    onDidChangeTheme(listener) {
      const remove = onTheme(listener)
      undo.push(remove)
      return remove
    },
    fail,
  }

  if (place.sink) offerTreeSink(widgetContext, place.sink)

  const draw = async () => {
    const mountFunction = plugin.widgets?.[widget]
    if (typeof mountFunction !== 'function') {
      throw loadError('REMOTE_INVALID', `${mortise.plugin.displayName} exports no widget '${widget}'.`)
    }
    const teardown: unknown = await mountFunction(widgetContext)
    if (typeof teardown === 'function') {
      if (controller.signal.aborted) guarded(log, teardown as () => void)
      else undo.push(teardown as () => void)
    }
    await place.drawn()
    if (!controller.signal.aborted) await bridge.call('guest.mounted', mount)
  }
  draw().catch(fail)

  return {
    setContext(next) {
      context = next
      for (const listener of [...contextListeners]) guarded(log, () => listener(next))
    },
    dispatch(listener, args) {
      guarded(log, () => place.dispatch?.(listener, args))
    },
    unmount() {
      controller.abort()
      for (const step of undo.reverse()) guarded(log, step)
      place.close()
    },
  }
}
