import type { Mount, MountState, SlotWidget } from '@mortise/host'
import { type RefObject, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useHost } from './host-context.tsx'

/**
 * Mounts a widget while `active`, and keeps it mounted when only its record
 * changes: new grants must not throw away what a person typed into it.
 */
export function useMount(
  widget: SlotWidget,
  slot: string,
  context: unknown,
  active: boolean,
): Mount | undefined {
  const host = useHost()
  const [mount, setMount] = useState<Mount>()
  const latest = useRef({ widget, context })
  useEffect(() => {
    latest.current = { widget, context }
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: these name the widget; its record may change
  useEffect(() => {
    if (!active) return
    const opened = host.mount(latest.current.widget, slot, latest.current.context)
    setMount(opened)
    return () => {
      setMount(undefined)
      opened.unmount()
    }
  }, [active, host, slot, widget.key, widget.surface, widget.plugin.version])
  const said = useStable(context)
  useEffect(() => mount?.update(said), [mount, said])
  return mount
}

const waiting: MountState = { status: 'loading' }
const never = () => () => {}

/** State of a mount, `loading` before there is one. */
export function useMountState(mount: Mount | undefined): MountState {
  return useSyncExternalStore(mount?.state.subscribe ?? never, mount?.state.getState ?? (() => waiting))
}

/** Whether an element was on the screen, or nearly, at least once. */
export function useSeen(element: RefObject<Element | null>): boolean {
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    if (!element.current || seen) return
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true),
      { rootMargin: '200px' },
    )
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element, seen])
  return seen
}

/** The same object as long as it says the same, so that shells can write contexts inline. */
function useStable<T>(value: T): T {
  const [kept, keep] = useState(value)
  if (kept === value || JSON.stringify(kept) === JSON.stringify(value)) return kept
  keep(value)
  return value
}
