import Check from 'lucide-react/icons/check'
import ChevronDown from 'lucide-react/icons/chevron-down'
import { Button as AriaButton } from 'react-aria-components/Button'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select'
import { classes } from './classes.ts'
import { FieldBody, type FieldProps } from './field.tsx'
import { useScopeAttributes } from './scope-name.ts'

export interface SelectOption {
  readonly value: string
  readonly label: string
}

export interface SelectProps extends FieldProps {
  readonly value?: string | null | undefined
  readonly defaultValue?: string
  readonly options: readonly SelectOption[]
  readonly placeholder?: string | undefined
  readonly size?: 'sm' | 'md'
  readonly onChange?: ((value: string) => void) | undefined
}

/** Chooses one of several options. */
export function Select(props: SelectProps) {
  const { options, placeholder = 'Choose…', onChange } = props
  const scope = useScopeAttributes()
  return (
    <AriaSelect
      className={classes('m-field', 'm-select', props.size === 'sm' && 'm-select--sm', props.className)}
      value={props.value}
      defaultValue={props.defaultValue}
      placeholder={placeholder}
      name={props.name}
      isDisabled={props.disabled}
      isRequired={props.required}
      isInvalid={props.error !== undefined}
      validationBehavior="aria"
      aria-label={props.label ? undefined : placeholder}
      onChange={(value) => value !== null && onChange?.(String(value))}
    >
      <FieldBody {...props}>
        <AriaButton className="m-input m-select__button">
          <SelectValue className="m-select__value" />
          <ChevronDown className="m-select__chevron" aria-hidden="true" />
        </AriaButton>
      </FieldBody>
      <Popover className="m-popover m-select__popover" offset={4} {...scope}>
        <ListBox className="m-listbox" items={options.map((option) => ({ ...option, id: option.value }))}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.label} className="m-option">
              <Check className="m-option__check" aria-hidden="true" />
              <span className="m-option__label">{option.label}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
