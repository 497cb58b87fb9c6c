import { RadioGroup as AriaRadioGroup, Radio } from 'react-aria-components/RadioGroup'
import { classes } from './classes.ts'
import { FieldBody, type FieldProps } from './field.tsx'

export interface RadioOption {
  readonly value: string
  readonly label: string
  readonly description?: string | undefined
}

export interface RadioGroupProps extends FieldProps {
  readonly options: readonly RadioOption[]
  readonly value?: string | undefined
  readonly defaultValue?: string
  /** `column` by default. */
  readonly direction?: 'row' | 'column' | undefined
  readonly onChange?: ((value: string) => void) | undefined
}

/** Chooses one of a few options, all of them in view. */
export function RadioGroup(props: RadioGroupProps) {
  const { options, direction = 'column', label, onChange } = props
  return (
    <AriaRadioGroup
      className={classes('m-field', props.className)}
      value={props.value}
      defaultValue={props.defaultValue}
      name={props.name}
      orientation={direction === 'row' ? 'horizontal' : 'vertical'}
      isDisabled={props.disabled}
      isRequired={props.required}
      isInvalid={props.error !== undefined}
      validationBehavior="aria"
      aria-label={label ? undefined : 'Options'}
      onChange={onChange}
    >
      <FieldBody {...props}>
        <div className={`m-radios m-radios--${direction}`}>
          {options.map((option) => (
            <Radio key={option.value} value={option.value} className="m-radio">
              <span className="m-radio__dot" aria-hidden="true" />
              <span className="m-toggle-text">
                <span className="m-toggle-text__label">{option.label}</span>
                {option.description && (
                  <span className="m-toggle-text__description">{option.description}</span>
                )}
              </span>
            </Radio>
          ))}
        </div>
      </FieldBody>
    </AriaRadioGroup>
  )
}
