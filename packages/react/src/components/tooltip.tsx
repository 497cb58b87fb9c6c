import type { ReactElement, ReactNode } from 'react'
import { Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components/Tooltip'
import { useScopeAttributes } from './scope-name.ts'

export interface TooltipProps {
  readonly text: ReactNode
  readonly placement?: 'top' | 'bottom' | 'start' | 'end'
  /** One focusable component of this package. */
  readonly children: ReactElement
}

/** A hint on hover and focus. Never the only place where something is said. */
export function Tooltip({ text, placement = 'top', children }: TooltipProps) {
  const scope = useScopeAttributes()
  return (
    <TooltipTrigger delay={500} closeDelay={80}>
      {children}
      <AriaTooltip className="m-tooltip" placement={placement} offset={6} {...scope}>
        {text}
      </AriaTooltip>
    </TooltipTrigger>
  )
}
