import type { MountWidget } from '@mortise/sdk'
import { Component, type ComponentType, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { type CreateRoot, createWidget } from './create-widget.tsx'
import { isReact19 } from './react-version.ts'

/**
 * Makes a widget of a React component, ready for `definePlugin`. An error that
 * the component does not catch shows the widget as failed, with a retry.
 *
 * @example
 * ```tsx
 * export default definePlugin({ widgets: { hello: widget(() => <Text>Hello</Text>) } })
 * ```
 */
export function widget(Widget: ComponentType): MountWidget {
  return createWidget(Widget, createDocumentRoot)
}

/** Draws into the document of the realm. */
const createDocumentRoot: CreateRoot = ({ root: element }, onUncaughtError) => {
  if (isReact19) return createRoot(element, { onUncaughtError })
  const root = createRoot(element)
  return {
    render: (node) => root.render(<Boundary onError={onUncaughtError}>{node}</Boundary>),
    unmount: () => root.unmount(),
  }
}

interface BoundaryProps {
  readonly onError: (error: unknown) => void
  readonly children: ReactNode
}

/** Tells what nobody caught, where `createRoot` has no option for it. */
class Boundary extends Component<BoundaryProps, { readonly failed: boolean }> {
  override readonly state = { failed: false }

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true }
  }

  override componentDidCatch(error: unknown): void {
    this.props.onError(error)
  }

  override render(): ReactNode {
    return this.state.failed ? null : this.props.children
  }
}
