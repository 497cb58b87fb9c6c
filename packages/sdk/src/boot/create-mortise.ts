import { type GuestBridge, transfer } from '@mortise/bridge/guest'
import type { BootMessage, HostMessage, LifecycleEvent } from '@mortise/contract'
import type { Events, Log, Mortise, Permissions, State } from '../plugin.ts'
import { toPlain } from './describe-error.ts'

/** A person may take a while to decide. */
const requestDeadlineMs = 10 * 60_000
const acknowledgeAt = 32

type EventMessage = Extract<HostMessage, { type: 'event' }>

/** The plugin's view of the host, with the entrances through which the host's messages come in. */
export interface MortiseEnds {
  readonly mortise: Mortise
  deliver(message: EventMessage): void
  setGranted(granted: readonly string[]): void
}

export function createMortise(boot: BootMessage, bridge: GuestBridge): MortiseEnds {
  const log = createLog(bridge)
  const { events, deliver } = createEvents(bridge, log)
  const { permissions, setGranted } = createPermissions(boot.granted, bridge, log)
  let cursor: string | undefined
  const mortise: Mortise = {
    plugin: boot.plugin,
    locale: boot.locale,
    api: createApi((name, args) => bridge.call(name, ...args)),
    transfer,
    withSignal: (signal) => createApi((name, args) => bridge.callUntil(signal, name, args)),
    events,
    permissions,
    log,
    state: createState(bridge, boot.saved, () => ({ cursor })),
  }
  return {
    mortise,
    deliver(message) {
      cursor = message.cursor
      deliver(message)
    },
    setGranted,
  }
}

/** @param options - Says at each save whose state it is and what it holds. */
export function createState(
  bridge: GuestBridge,
  saved: { readonly value: unknown; readonly missed: boolean } | undefined,
  options: () => { readonly mount?: number; readonly cursor?: string | undefined },
): State {
  let value = saved?.value
  return {
    get value() {
      return value
    },
    missed: saved?.missed ?? false,
    async save(next) {
      value = next
      await bridge.callAlone('state.save', [next, options()])
    },
  }
}

/** `api.<resource>.<method>(...args)`, for whatever the host's domains are. */
function createApi(call: (name: string, args: readonly unknown[]) => Promise<unknown>): unknown {
  return byName((resource) =>
    byName(
      (method) =>
        (...args: unknown[]) =>
          call(`${resource}.${method}`, args),
    ),
  )
}

function byName<T>(make: (name: string) => T): Readonly<Record<string, T>> {
  const made = new Map<string, T>()
  return new Proxy(Object.create(null), {
    get(_target, name) {
      // A promise resolved with this object asks for `then`; it is not one.
      if (typeof name !== 'string' || name === 'then') return undefined
      let value = made.get(name)
      if (value === undefined) {
        value = make(name)
        made.set(name, value)
      }
      return value
    },
  })
}

function createLog(bridge: GuestBridge): Log {
  const write = (level: string) => (message: string, data?: unknown) => {
    const line = [level, String(message).slice(0, 4000)]
    bridge.call('guest.log', ...line, ...(data === undefined ? [] : [toPlain(data)])).catch(() => {})
  }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

function createEvents(bridge: GuestBridge, log: Log) {
  const listeners = new Map<number, (event: LifecycleEvent) => void>()
  let lastId = 0
  const missedListeners = new Set<(count: number) => void>()
  let done = 0
  // Events of one message loop are acknowledged together, and a few at a time where there are many.
  const acknowledge = () => {
    const count = done
    done = 0
    if (count > 0) bridge.callAlone('events.acknowledge', [count]).catch(() => {})
  }
  const finish = () => {
    if (++done === 1) setTimeout(acknowledge)
    else if (done === acknowledgeAt) acknowledge()
  }
  const events: Events = {
    onMissed(listener) {
      missedListeners.add(listener)
      return () => missedListeners.delete(listener)
    },
    on(type, listener) {
      const id = ++lastId
      listeners.set(id, listener)
      bridge.call('events.subscribe', id, type).catch((error) => log.warn(`Cannot follow ${type}`, error))
      return () => {
        if (listeners.delete(id)) bridge.call('events.unsubscribe', id).catch(() => {})
      }
    },
  }
  const deliver = ({ event, to, missed }: EventMessage) => {
    if (missed !== undefined) {
      for (const listener of [...missedListeners]) guarded(log, () => listener(missed))
    }
    for (const id of to) guarded(log, () => listeners.get(id)?.(event))
    finish()
  }
  return { events, deliver }
}

function createPermissions(initial: readonly string[], bridge: GuestBridge, log: Log) {
  let granted: ReadonlySet<string> = new Set(initial)
  const listeners = new Set<(granted: ReadonlySet<string>) => void>()
  const request = async (asked: string | readonly string[], reason: string) => {
    const names = typeof asked === 'string' ? [asked] : asked
    const missing = names.some((name) => !granted.has(name))
    const answer = missing
      ? ((await bridge.callAlone('permissions.request', [names, reason], requestDeadlineMs)) as string[])
      : names
    return typeof asked === 'string' ? answer.includes(asked) : new Set(answer)
  }
  const permissions: Permissions = {
    get granted() {
      return granted
    },
    has: (permission) => granted.has(permission),
    request: request as Permissions['request'],
    onDidChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const setGranted = (names: readonly string[]) => {
    granted = new Set(names)
    for (const listener of [...listeners]) guarded(log, () => listener(granted))
  }
  return { permissions, setGranted }
}

/** Runs a listener of the plugin. What it throws goes to the plugin's log and stops nothing else. */
export function guarded(log: Log, run: () => void): void {
  try {
    run()
  } catch (error) {
    log.error('A listener threw', error)
  }
}
