import type { PluginRecord } from '@mortise/contract'
import type { Host, HostState, SlotWidget } from '@mortise/host'
import { createContext, type ReactNode, useCallback, useContext, useSyncExternalStore } from 'react'

const HostContext = createContext<Host | undefined>(undefined)

export interface HostProviderProps {
  readonly host: Host
  readonly children: ReactNode
}

/** Gives the components below it an engine. Starting and stopping it stays with the shell. */
export function HostProvider({ host, children }: HostProviderProps) {
  return <HostContext.Provider value={host}>{children}</HostContext.Provider>
}

/** The engine of the nearest provider. */
export function useHost(): Host {
  const host = useContext(HostContext)
  if (!host) throw new TypeError('useHost and Slot need a HostProvider above them')
  return host
}

/** What the engine knows: plugins, connection, and whether the list was read once. */
export function useHostState(): HostState {
  const { store } = useHost()
  return useSyncExternalStore(store.subscribe, store.getState)
}

/** All installed plugins, live. */
export function usePlugins(): readonly PluginRecord[] {
  return useHostState().plugins
}

/** Widgets of active plugins for a slot, in paint order, live. */
export function useWidgets(slot: string): readonly SlotWidget[] {
  const host = useHost()
  const read = useCallback(() => host.widgetsOf(slot), [host, slot])
  return useSyncExternalStore(host.store.subscribe, read)
}
