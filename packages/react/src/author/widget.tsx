import type { MountWidget } from '@mortise/sdk'
import { Component, type ComponentType, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { isReact19 } from './react-version.ts'
import { CurrentWidget } from './widget-context.ts'

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
  return (context) => {
    const onUncaughtError = (error: unknown) => context.fail(error)
    const root = createRoot(context.root, isReact19 ? { onUncaughtError } : {})
    const drawn = (
      <CurrentWidget.Provider value={context}>
        <Widget />
      </CurrentWidget.Provider>
    )
    root.render(isReact19 ? drawn : <Boundary onError={onUncaughtError}>{drawn}</Boundary>)
    return () => root.unmount()
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
