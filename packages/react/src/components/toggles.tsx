import Check from 'lucide-react/icons/check'
import Minus from 'lucide-react/icons/minus'
import type { ReactNode } from 'react'
import { Checkbox as AriaCheckbox } from 'react-aria-components/Checkbox'
import { Switch as AriaSwitch } from 'react-aria-components/Switch'

export interface ToggleProps {
  readonly label?: ReactNode
  /** Keeps the label for screen readers only. */
  readonly hideLabel?: boolean
  readonly description?: ReactNode
  readonly checked?: boolean | undefined
  readonly defaultChecked?: boolean
  readonly disabled?: boolean | undefined
  readonly name?: string
  readonly onChange?: ((checked: boolean) => void) | undefined
}

/** Turns something on or off at once. */
export function Switch(props: ToggleProps) {
  return (
    <AriaSwitch className="m-switch" {...toggleProps(props)}>
      <span className="m-switch__track" aria-hidden="true">
        <span className="m-switch__thumb" />
      </span>
      <ToggleText {...props} />
    </AriaSwitch>
  )
}

/** Says yes or no to something that takes effect when the form is sent. */
export function Checkbox(props: ToggleProps & { readonly indeterminate?: boolean | undefined }) {
  return (
    <AriaCheckbox
      className="m-checkbox"
      isIndeterminate={props.indeterminate ?? false}
      {...toggleProps(props)}
    >
      <span className="m-checkbox__box" aria-hidden="true">
        {props.indeterminate ? <Minus /> : <Check />}
      </span>
      <ToggleText {...props} />
    </AriaCheckbox>
  )
}

function ToggleText({ label, hideLabel, description }: ToggleProps) {
  if (!label && !description) return null
  return (
    <span className={hideLabel ? 'm-visually-hidden' : 'm-toggle-text'}>
      <span className="m-toggle-text__label">{label}</span>
      {description && <span className="m-toggle-text__description">{description}</span>}
    </span>
  )
}

function toggleProps({ checked, defaultChecked, disabled, name, onChange }: ToggleProps) {
  return { isSelected: checked, defaultSelected: defaultChecked, isDisabled: disabled, name, onChange }
}
