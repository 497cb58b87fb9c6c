/** The host page of the browser tests: a real engine over a backend that the test holds in its hands. */
import {
  bridgeLimits,
  type CallResult,
  type ErrorRecord,
  type LifecycleEvent,
  MortiseError,
  type PluginRecord,
  type ThemeRecord,
  type ThemeRule,
  toErrorRecord,
  uiLimits,
} from '@mortise/contract'
import type { RemoteReceiverNode } from '@remote-dom/core/receivers'
import {
  type Backend,
  type Budgets,
  createHost,
  type FeedListener,
  type LogLine,
  type Mount,
  type Timing,
} from '../../src/index.ts'
import { workshop } from './domain.ts'
import { createFuzzer } from './fuzzer.ts'

const notes = ['first']
const calls: string[] = []
const logs: (LogLine & { plugin: string })[] = []
const asked: string[] = []
let plugins: readonly PluginRecord[] = []
let feed: FeedListener | undefined
let cursor = 0
/** Calls that are left unanswered from now on. */
let hang = 0
let failure: ErrorRecord | undefined
let allow: boolean | readonly string[] = true
/** Frames start in every browser of the tests: what they can do in it is what the tests are about. */
let confined = true

const ink = (color: string): ThemeRule['declarations'] => [['--m-color-text-default', color]]

const theme: ThemeRecord = {
  theme: null,
  mode: 'system',
  contrast: 'system',
  density: 'system',
  motion: 'system',
  brand: '',
  repaired: false,
  brands: [],
  branding: { navigation: 'side' },
  fonts: [],
  rules: [
    { when: {}, declarations: [['color-scheme', 'light'], ...ink('rgb(1, 2, 3)')] },
    { when: { mode: 'dark' }, declarations: [['color-scheme', 'dark'], ...ink('rgb(4, 5, 6)')] },
  ],
  builtIn: [{ when: {}, declarations: ink('rgb(0, 0, 1)') }],
  forced: ink('CanvasText'),
}

/** What the backend knows as themes of parts of the page, by theme and mode. */
const scopes: Record<string, readonly ThemeRule[]> = {}

const backend: Backend = {
  plugins: async () => plugins,
  plugin: async (id) => plugins.find((plugin) => plugin.id === id),
  async call(plugin, list, signal) {
    if (hang > 0) {
      hang--
      signal?.addEventListener('abort', () => stage.aborted++)
      return new Promise(() => {})
    }
    calls.push(`${plugin}: ${list.map(([method]) => method).join(' ')}`)
    return list.map(([method, args]): CallResult => {
      if (method === 'notes.list') return { ok: true, value: [...notes] }
      if (method === 'notes.add') {
        if (failure) return { ok: false, error: failure }
        notes.push(String(args[0]))
        return { ok: true, value: undefined }
      }
      return { ok: false, error: toErrorRecord(new Error(method)) }
    })
  },
  async grant(id, permissions) {
    plugins = plugins.map((plugin) => (plugin.id === id ? decided(plugin, permissions) : plugin))
    const plugin = plugins.find((known) => known.id === id)
    if (!plugin) throw new Error(id)
    return plugin
  },
  theme: async () => theme,
  async themeScope({ theme: name, mode }) {
    const rules = scopes[`${name?.id ?? 'built-in'}${mode ? ` ${mode}` : ''}`]
    if (!rules) throw new MortiseError('NOT_FOUND', 'There is no such theme.')
    return { rules, fonts: [] }
  },
  follow(listener) {
    feed = listener
    listener.onConnection('online')
    return () => {
      feed = undefined
    }
  },
}

function decided(plugin: PluginRecord, permissions: Readonly<Record<string, boolean>>): PluginRecord {
  return {
    ...plugin,
    permissions: plugin.permissions.map((permission) => {
      const decision = permissions[permission.name]
      return decision === undefined
        ? permission
        : { ...permission, decision: decision ? 'granted' : ('denied' as const) }
    }),
  }
}

let mounts: Mount[] = []

function outline(nodes: readonly RemoteReceiverNode[]): unknown[] {
  return nodes.map((node) => {
    if (node.type === 3) return node.data
    if (node.type === 8) return null
    const { element, properties, eventListeners, children } = node
    return [element, { ...properties }, Object.keys(eventListeners), outline(children)]
  })
}

function find(nodes: readonly RemoteReceiverNode[], element: string): RemoteReceiverNode | undefined {
  for (const node of nodes) {
    if (node.type !== 1) continue
    const found = node.element === element ? node : find(node.children, element)
    if (found) return found
  }
  return undefined
}

function settled(mount: Mount, statuses: readonly string[]): Promise<unknown> {
  return new Promise((resolve) => {
    const look = () => {
      const state = mount.state.getState()
      if (!statuses.includes(state.status)) return
      stop()
      resolve(state)
    }
    const stop = mount.state.subscribe(look)
    queueMicrotask(look)
  })
}

const stage = {
  theme,
  scopes,
  calls,
  logs,
  asked,
  notes,
  host: createHost({ domains: [workshop], backend }),
  async open(records: readonly PluginRecord[], timing: Partial<Timing> = {}, budgets: Budgets = {}) {
    plugins = records
    stage.host = createHost({
      domains: [workshop],
      backend,
      timing,
      budgets,
      confinesFrames: async () => confined,
      onLog: (plugin, line) => logs.push({ plugin, ...line }),
      async onPermissionRequest(plugin, permissions, reason) {
        const sentences = permissions.map(({ sentence }) => sentence).join(', ')
        asked.push(`${plugin.displayName}: ${sentences} (${reason})`)
        const names = permissions.map(({ name }) => name)
        return typeof allow === 'boolean' ? (allow ? names : []) : allow
      },
    })
    await stage.host.start()
  },
  /** Mounts every widget of the slot and answers the states they settle in. */
  async mountAll(statuses = ['running', 'failed', 'closed']) {
    mounts = stage.host.widgetsOf('main').map((widget) => {
      const mount = stage.host.mount(widget, 'main', { mood: 'calm' })
      if (mount.attach) {
        const place = document.createElement('div')
        place.className = 'place'
        document.body.append(place)
        mount.attach(place)
      }
      return mount
    })
    return Promise.all(mounts.map((mount) => settled(mount, statuses)))
  },
  state: (index = 0) => mounts[index]?.state.getState(),
  settled: (index: number, statuses: readonly string[]) => settled(mounts[index]!, statuses),
  retry: (index = 0) => mounts[index]?.retry(),
  update: (context: unknown, index = 0) => mounts[index]?.update(context),
  unmount: (index = 0) => mounts[index]?.unmount(),
  tree: (index = 0) => outline(mounts[index]?.receiver?.root.children ?? []),
  /** Does what a renderer does when a person uses a component. */
  use(element: string, event: string, args: readonly unknown[] = [], index = 0) {
    const node = find(mounts[index]?.receiver?.root.children ?? [], element)
    if (node?.type !== 1) throw new Error(`no ${element}`)
    const listener = node.eventListeners[event]
    if (!listener) throw new Error(`no ${event} on ${element}`)
    listener(...args)
  },
  publish(event_type: string, data: unknown) {
    const event = { event_id: `e${++cursor}`, event_type, data } as LifecycleEvent
    feed?.onEvent(String(cursor), event)
  },
  setPlugins(records: readonly PluginRecord[]) {
    plugins = records
  },
  /** Calls that the engine gave up. */
  aborted: 0,
  /** Leaves the next call to the backend unanswered. */
  hangNext() {
    hang = 1
  },
  /** What notes that are added fail with from now on. */
  setFailure(error: ErrorRecord) {
    failure = error
  },
  /** Lets a guest send as much as it likes, wrong or right: the next one, and this one where its tree starts anew. */
  liftLimits() {
    Object.assign(bridgeLimits, {
      messagesPerSecond: 1e9,
      inFlight: 1e9,
      flood: Number.POSITIVE_INFINITY,
      violations: Number.POSITIVE_INFINITY,
    })
    Object.assign(uiLimits, { recordsPerSecond: 1e9 })
  },
  /** Sends random messages over the port of the one guest, and answers how many of them answered one of its calls. */
  async fuzzGuest(rounds: number, seed: number) {
    const { postMessage } = MessagePort.prototype
    let port: MessagePort | undefined
    MessagePort.prototype.postMessage = function (this: MessagePort, ...args: [never]) {
      port ??= this
      return postMessage.apply(this, args)
    }
    // Nobody but the fuzzer answers.
    hang = Number.POSITIVE_INFINITY
    stage.update({ mood: 'begin' })
    MessagePort.prototype.postMessage = postMessage
    if (!port) throw new Error('no port')
    const ids: string[] = []
    let pong: ((value?: unknown) => void) | undefined
    port.addEventListener('message', ({ data }) => {
      const [{ value }] = data.argumentList
      if (value[0] === 'guest.pong') pong?.()
      // Others are answered at once.
      else if (String(value).includes('notes.list') && ids.push(data.id) > 4) ids.shift()
    })
    const { answer } = createFuzzer(seed)
    let answered = 0
    for (let round = 0; round < rounds; round++) {
      const made = answer(ids) as { id?: unknown } | undefined
      if (ids.includes(made?.id as string)) answered++
      port.postMessage(made)
      if (round % 500 < 499) continue
      port.postMessage({ type: 'ping', nonce: -1 })
      await new Promise((resolve) => {
        pong = resolve
      })
    }
    hang = 0
    return answered
  },
  setConfined(value: boolean) {
    confined = value
  },
  setAllow(value: boolean | readonly string[]) {
    allow = value
  },
  decide: (id: string, permissions: Record<string, boolean>) => backend.grant(id, permissions),
}

export type Stage = typeof stage

Object.assign(globalThis, { stage })
