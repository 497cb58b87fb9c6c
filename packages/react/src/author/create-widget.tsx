import type { MountWidget, WidgetContext } from '@mortise/sdk'
import type { ComponentType, ReactNode } from 'react'
import { CurrentWidget } from './widget-context.ts'

/** Where React draws one widget. */
export interface WidgetRoot {
  render(node: ReactNode): void
  unmount(): void
}

/** Makes the root of a widget. Told what no error boundary caught, it draws nothing any more. */
export type CreateRoot = (context: WidgetContext, onUncaughtError: (error: unknown) => void) => WidgetRoot

/** Makes a widget of a React component that draws where `createRoot` says. */
export function createWidget(Widget: ComponentType, createRoot: CreateRoot): MountWidget {
  return (context) => {
    const root = createRoot(context, (error) => context.fail(error))
    root.render(
      <CurrentWidget.Provider value={context}>
        <Widget />
      </CurrentWidget.Provider>,
    )
    return () => root.unmount()
  }
}
