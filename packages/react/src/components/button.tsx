import ChevronDown from 'lucide-react/icons/chevron-down'
import type { ReactNode, Ref } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { classes } from './classes.ts'
import { reservePressableStyle } from './pressable-style.ts'
import { Spinner } from './spinner.tsx'
import { Tooltip } from './tooltip.tsx'

reservePressableStyle()

export interface ButtonProps {
  /** `secondary` by default. At most one `primary` per view. */
  readonly variant?: 'primary' | 'secondary' | 'ghost' | 'danger' | undefined
  readonly size?: 'sm' | 'md' | undefined
  readonly disabled?: boolean | undefined
  /** Shows a spinner and refuses presses. The button keeps its width and its focus. */
  readonly loading?: boolean | undefined
  /** Read by screen readers where the visible text is not enough. */
  readonly label?: string | undefined
  /** Drawn before the text. */
  readonly icon?: ReactNode
  /** Draws an arrow after the text, as a button that opens a menu has. */
  readonly menu?: boolean
  readonly type?: 'button' | 'submit' | 'reset'
  readonly form?: string
  readonly autoFocus?: boolean
  readonly className?: string
  readonly ref?: Ref<HTMLButtonElement>
  readonly onPress?: (() => void) | undefined
  readonly children?: ReactNode
}

/** Does something when pressed. */
export function Button(props: ButtonProps) {
  const { variant = 'secondary', size = 'md', disabled, loading, label, icon, className, onPress } = props
  return (
    <AriaButton
      ref={props.ref}
      type={props.type ?? 'button'}
      form={props.form}
      autoFocus={props.autoFocus}
      className={classes('m-button', `m-button--${variant}`, `m-button--${size}`, className)}
      isDisabled={disabled}
      isPending={loading}
      aria-label={label}
      onPress={onPress && (() => onPress())}
    >
      {loading && (
        <span className="m-button__spinner">
          <Spinner />
        </span>
      )}
      {icon && <span className="m-button__icon">{icon}</span>}
      <span className="m-button__text">{props.children}</span>
      {props.menu && <ChevronDown className="m-button__menu" aria-hidden="true" />}
    </AriaButton>
  )
}

export interface IconButtonProps {
  /** What the button does. Read by screen readers and shown as a tooltip. */
  readonly label: string
  readonly icon: ReactNode
  readonly variant?: 'secondary' | 'ghost'
  readonly size?: 'sm' | 'md'
  readonly disabled?: boolean | undefined
  readonly className?: string
  readonly onPress?: () => void
}

/** A button whose face is an icon. */
export function IconButton(props: IconButtonProps) {
  const { label, icon, variant = 'ghost', size = 'md', disabled, className, onPress } = props
  return (
    <Tooltip text={label}>
      <AriaButton
        className={classes(
          'm-button',
          'm-icon-button',
          `m-button--${variant}`,
          `m-button--${size}`,
          className,
        )}
        isDisabled={disabled}
        aria-label={label}
        onPress={onPress && (() => onPress())}
      >
        {icon}
      </AriaButton>
    </Tooltip>
  )
}
