import { Button as AriaButton } from 'react-aria-components/Button'
import { Group } from 'react-aria-components/Group'
import { Input } from 'react-aria-components/Input'
import { NumberField as AriaNumberField } from 'react-aria-components/NumberField'
import { classes } from './classes.ts'
import { FieldBody, type FieldProps } from './field.tsx'

export interface NumberFieldProps extends FieldProps {
  readonly value?: number | undefined
  readonly defaultValue?: number
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly step?: number | undefined
  readonly format?: Intl.NumberFormatOptions
  readonly onChange?: (value: number) => void
}

/** A number to edit, by typing or by steps. */
export function NumberField(props: NumberFieldProps) {
  return (
    <AriaNumberField
      className={classes('m-field', props.className)}
      value={props.value}
      defaultValue={props.defaultValue}
      minValue={props.min}
      maxValue={props.max}
      step={props.step}
      formatOptions={props.format}
      name={props.name}
      isDisabled={props.disabled}
      isRequired={props.required}
      isInvalid={props.error !== undefined}
      aria-label={props.label ? undefined : 'Number'}
      onChange={props.onChange}
    >
      <FieldBody {...props}>
        <Group className="m-number">
          <AriaButton slot="decrement" className="m-number__step">
            −
          </AriaButton>
          <Input className="m-input m-number__input" />
          <AriaButton slot="increment" className="m-number__step">
            +
          </AriaButton>
        </Group>
      </FieldBody>
    </AriaNumberField>
  )
}
