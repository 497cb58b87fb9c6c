import type { SlotWidget } from '@mortise/host'
import { createContext, type SyntheticEvent, useContext, useMemo } from 'react'

/** Milliseconds in which what a plugin opens still answers a person's press. */
const pressLastsMs = 5000
/** The press that closes a window ends with a click, which must not open the next one. */
const settleMs = 400

/** Whose tree is being drawn, and whether a person has just used it. */
export interface WidgetOwner {
  readonly plugin: { readonly id: string; readonly version: string; readonly displayName: string }
  readonly title: string
  /** Whether a person pressed something in the widget a moment ago. A press is good for one answer. */
  takePress(): boolean
  /** Forgets presses: the last one was for the host. */
  forgetPress(): void
}

export interface OwnerHandle {
  readonly owner: WidgetOwner
  /** For the element around the tree. They hear of presses in windows that the tree opened, too. */
  readonly listeners: {
    readonly onPointerDownCapture: (event: SyntheticEvent) => void
    readonly onKeyDownCapture: (event: SyntheticEvent) => void
    readonly onClickCapture: (event: SyntheticEvent) => void
  }
}

export function createOwner({ plugin, widget }: SlotWidget, clock = () => performance.now()): OwnerHandle {
  let pressedAt = -Infinity
  let deafUntil = -Infinity
  const press = ({ nativeEvent }: SyntheticEvent) => {
    if (!nativeEvent.isTrusted) return
    if (nativeEvent.type === 'click' && clock() < deafUntil) return
    if (nativeEvent.type === 'keydown' && !/^(?:Enter| )$/.test((nativeEvent as KeyboardEvent).key)) return
    pressedAt = clock()
  }
  return {
    owner: {
      plugin,
      title: widget.title,
      takePress() {
        const recent = clock() - pressedAt <= pressLastsMs
        pressedAt = -Infinity
        return recent
      },
      forgetPress() {
        pressedAt = -Infinity
        deafUntil = clock() + settleMs
      },
    },
    listeners: { onPointerDownCapture: press, onKeyDownCapture: press, onClickCapture: press },
  }
}

/** The owner of the tree around a component. A tree without one opens no windows and has no files. */
export const CurrentOwner = createContext<WidgetOwner | undefined>(undefined)

export function useOwner(): WidgetOwner | undefined {
  return useContext(CurrentOwner)
}

/** An owner that lasts as long as the widget and its version do. */
export function useOwnerHandle(widget: SlotWidget): OwnerHandle {
  // biome-ignore lint/correctness/useExhaustiveDependencies: these name the widget; its record may change
  return useMemo(() => createOwner(widget), [widget.key, widget.plugin.version, widget.plugin.displayName])
}
