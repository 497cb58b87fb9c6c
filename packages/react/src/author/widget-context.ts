import type { WidgetContext } from '@mortise/sdk'
import { createContext, useContext } from 'react'

/** The context of the widget that is being drawn. */
export const CurrentWidget = createContext<WidgetContext | undefined>(undefined)

export function useWidgetContext(): WidgetContext {
  const context = useContext(CurrentWidget)
  if (!context) throw new TypeError('This hook works only inside a component given to widget()')
  return context
}
