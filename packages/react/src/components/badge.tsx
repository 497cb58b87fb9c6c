import type { Risk } from '@mortise/contract'
import ShieldAlert from 'lucide-react/icons/shield-alert'
import ShieldCheck from 'lucide-react/icons/shield-check'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import type { ReactNode } from 'react'

export type Tone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger' | 'info'

export interface BadgeProps {
  readonly tone?: Tone | undefined
  readonly icon?: ReactNode
  /** Draws a dot in the tone's colour before the text. */
  readonly dot?: boolean
  readonly children?: ReactNode
}

/** A short status word. */
export function Badge({ tone = 'neutral', icon, dot, children }: BadgeProps) {
  return (
    <span className={`m-badge m-tone-${tone}`}>
      {dot && <span className="m-badge__dot" aria-hidden="true" />}
      {icon && (
        <span className="m-badge__icon" aria-hidden="true">
          {icon}
        </span>
      )}
      <span className="m-badge__text">{children}</span>
    </span>
  )
}

const risks = {
  low: { word: 'Low risk', Icon: ShieldCheck },
  medium: { word: 'Medium risk', Icon: TriangleAlert },
  high: { word: 'High risk', Icon: ShieldAlert },
} as const

/** How much harm a permission can do: a word, an icon of its own shape and a colour. */
export function RiskBadge({ risk }: { readonly risk: Risk }) {
  const { word, Icon } = risks[risk]
  return (
    <span className={`m-badge m-risk-badge m-risk-${risk}`}>
      <span className="m-badge__icon" aria-hidden="true">
        <Icon />
      </span>
      <span className="m-badge__text">{word}</span>
    </span>
  )
}
