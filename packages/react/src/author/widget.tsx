import type { MountWidget } from '@mortise/sdk'
import type { ComponentType } from 'react'
import { createRoot } from 'react-dom/client'
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
export function widget(Component: ComponentType): MountWidget {
  return (context) => {
    const root = createRoot(context.root, { onUncaughtError: (error) => context.fail(error) })
    root.render(
      <CurrentWidget.Provider value={context}>
        <Component />
      </CurrentWidget.Provider>,
    )
    return () => root.unmount()
  }
}
