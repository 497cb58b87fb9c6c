import type { LifecycleEvent, Mortise } from '@mortise/sdk'
import { useCallback, useEffect, useLayoutEffect, useRef, useSyncExternalStore } from 'react'
import { useWidgetContext } from './widget-context.ts'

/** Everything the plugin can do. */
export function useMortise<Api = unknown>(): Mortise<Api> {
  return useWidgetContext() as Mortise<Api>
}

/** The host's methods: `useApi<StreamspaceApi>().sessions.list()`. */
export function useApi<Api>(): Api {
  return useMortise<Api>().api
}

/** What the slot tells its widgets, live. */
export function useSlotContext<Context = unknown>(): Context {
  const widget = useWidgetContext()
  const subscribe = useCallback((listener: () => void) => widget.onDidChangeContext(listener), [widget])
  return useSyncExternalStore(subscribe, () => widget.context) as Context
}

/**
 * Calls the listener for each lifecycle event of a type, of `session.*`, or of
 * `*`, while the component is drawn. The listener may be a new function every time.
 */
export function useEvent(type: string, listener: (event: LifecycleEvent) => void): void {
  const { events } = useWidgetContext()
  const latest = useRef(listener)
  useLayoutEffect(() => {
    latest.current = listener
  })
  useEffect(() => events.on(type, (event) => latest.current(event)), [events, type])
}

/** One permission of the plugin. */
export interface PermissionHandle {
  /** Whether it is granted now. */
  readonly granted: boolean
  /** Asks the person at the screen. Answers whether it is granted then. */
  request(reason: string): Promise<boolean>
}

/** Whether a permission is granted, live, and how to ask for it. */
export function usePermission(name: string): PermissionHandle {
  const { permissions } = useWidgetContext()
  const subscribe = useCallback((listener: () => void) => permissions.onDidChange(listener), [permissions])
  const granted = useSyncExternalStore(subscribe, () => permissions.has(name))
  const request = useCallback((reason: string) => permissions.request(name, reason), [permissions, name])
  return { granted, request }
}
