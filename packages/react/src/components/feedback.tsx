import CircleCheck from 'lucide-react/icons/circle-check'
import CircleX from 'lucide-react/icons/circle-x'
import Info from 'lucide-react/icons/info'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import type { ReactNode } from 'react'
import { ProgressBar } from 'react-aria-components/ProgressBar'
import type { Tone } from './badge.tsx'
import { classes } from './classes.ts'

const toneIcons = {
  neutral: Info,
  accent: Info,
  info: Info,
  success: CircleCheck,
  warning: TriangleAlert,
  danger: CircleX,
} as const

/** The icon that goes with a tone, so that colour is never alone. */
export function ToneIcon({ tone }: { readonly tone: Tone }) {
  const Icon = toneIcons[tone]
  return <Icon aria-hidden="true" />
}

export interface NoticeProps {
  readonly tone?: Tone | undefined
  readonly title?: ReactNode
  /** Buttons under the text. */
  readonly actions?: ReactNode
  readonly children?: ReactNode
}

/** A message that stands out from the content around it. Dangers are announced. */
export function Notice({ tone = 'neutral', title, actions, children }: NoticeProps) {
  return (
    <div className={`m-notice m-tone-${tone}`} role={tone === 'danger' ? 'alert' : 'note'}>
      <span className="m-notice__icon">
        <ToneIcon tone={tone} />
      </span>
      <div className="m-notice__content">
        {title && <div className="m-notice__title">{title}</div>}
        {children && <div className="m-notice__body">{children}</div>}
        {actions && <div className="m-notice__actions">{actions}</div>}
      </div>
    </div>
  )
}

export interface EmptyStateProps {
  readonly title?: ReactNode
  /** Why there is nothing here, and what would change that. */
  readonly description?: ReactNode
  readonly icon?: ReactNode
  /** Small ones fit inside a card. */
  readonly size?: 'sm' | 'md'
  /** One next step. */
  readonly children?: ReactNode
}

/** What to show where there is nothing yet. */
export function EmptyState({ title, description, icon, size = 'md', children }: EmptyStateProps) {
  return (
    <div className={`m-empty m-empty--${size}`}>
      {icon && (
        <span className="m-empty__icon" aria-hidden="true">
          {icon}
        </span>
      )}
      {title && <div className="m-empty__title">{title}</div>}
      {description && <div className="m-empty__description">{description}</div>}
      {children && <div className="m-empty__actions">{children}</div>}
    </div>
  )
}

export interface ProgressProps {
  readonly label?: string | undefined
  /** From 0 to 1; left out while nobody knows how far it is. */
  readonly value?: number | undefined
}

/** How far something is. */
export function Progress({ label, value }: ProgressProps) {
  return (
    <ProgressBar
      className="m-progress"
      aria-label={label ?? 'Progress'}
      value={(value ?? 0) * 100}
      isIndeterminate={value === undefined}
    >
      {({ percentage, valueText }) => (
        <>
          {(label || value !== undefined) && (
            <span className="m-progress__line" aria-hidden="true">
              <span className="m-progress__label">{label}</span>
              <span className="m-progress__value">{value === undefined ? '' : valueText}</span>
            </span>
          )}
          <span className={classes('m-progress__track', value === undefined && 'm-progress__track--busy')}>
            <span className="m-progress__fill" style={{ inlineSize: `${percentage ?? 40}%` }} />
          </span>
        </>
      )}
    </ProgressBar>
  )
}
