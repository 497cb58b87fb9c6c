import Search from 'lucide-react/icons/search'
import X from 'lucide-react/icons/x'
import type { ReactNode, Ref } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Group } from 'react-aria-components/Group'
import { Input } from 'react-aria-components/Input'
import { NumberField as AriaNumberField } from 'react-aria-components/NumberField'
import { SearchField as AriaSearchField } from 'react-aria-components/SearchField'
import { TextArea as AriaTextArea } from 'react-aria-components/TextArea'
import { TextField as AriaTextField } from 'react-aria-components/TextField'
import { classes } from './classes.ts'
import { FieldBody, type FieldProps } from './field.tsx'

export interface TextFieldProps extends FieldProps {
  readonly value?: string | undefined
  readonly defaultValue?: string
  readonly placeholder?: string | undefined
  readonly type?: 'text' | 'url' | 'email' | 'password' | 'tel'
  readonly autoFocus?: boolean
  readonly autoComplete?: string
  /** Uses the mono face: for ids, addresses and code. */
  readonly mono?: boolean
  readonly readOnly?: boolean
  readonly onChange?: ((value: string) => void) | undefined
  readonly onFocusChange?: (focused: boolean) => void
}

/** One line of text to edit. */
export function TextField(props: TextFieldProps) {
  return (
    <AriaTextField {...textProps(props)} type={props.type ?? 'text'}>
      <FieldBody {...props}>
        <Input className="m-input" placeholder={props.placeholder} />
      </FieldBody>
    </AriaTextField>
  )
}

export interface TextAreaProps extends Omit<TextFieldProps, 'type'> {
  /** Lines shown before the text scrolls; 4 by default. */
  readonly rows?: number
}

/** Several lines of text to edit. */
export function TextArea(props: TextAreaProps) {
  return (
    <AriaTextField {...textProps(props)}>
      <FieldBody {...props}>
        <AriaTextArea
          className="m-input m-input--area"
          placeholder={props.placeholder}
          rows={props.rows ?? 4}
        />
      </FieldBody>
    </AriaTextField>
  )
}

export interface NumberFieldProps extends FieldProps {
  readonly value?: number | undefined
  readonly defaultValue?: number
  readonly min?: number
  readonly max?: number
  readonly step?: number
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

export interface SearchFieldProps {
  /** Read by screen readers; shown as placeholder unless one is given. */
  readonly label: string
  readonly placeholder?: string
  readonly value?: string
  readonly defaultValue?: string
  /** Shown at the end while the field is empty, such as a keyboard hint. */
  readonly hint?: ReactNode
  readonly className?: string
  readonly ref?: Ref<HTMLInputElement>
  readonly onChange?: (value: string) => void
  readonly onSubmit?: (value: string) => void
}

/** A field that filters or finds. Escape empties it. */
export function SearchField(props: SearchFieldProps) {
  return (
    <AriaSearchField
      className={classes('m-search', props.className)}
      aria-label={props.label}
      value={props.value}
      defaultValue={props.defaultValue}
      onChange={props.onChange}
      onSubmit={props.onSubmit}
    >
      <Search className="m-search__icon" aria-hidden="true" />
      <Input
        ref={props.ref}
        className="m-input m-search__input"
        placeholder={props.placeholder ?? props.label}
      />
      {props.hint && <span className="m-search__hint">{props.hint}</span>}
      <AriaButton className="m-search__clear" aria-label="Clear">
        <X aria-hidden="true" />
      </AriaButton>
    </AriaSearchField>
  )
}

function textProps(props: Omit<TextFieldProps, 'type'>) {
  return {
    className: classes('m-field', props.mono && 'm-field--mono', props.className),
    value: props.value,
    defaultValue: props.defaultValue,
    name: props.name,
    autoFocus: props.autoFocus,
    autoComplete: props.autoComplete,
    isDisabled: props.disabled,
    isReadOnly: props.readOnly,
    isRequired: props.required,
    isInvalid: props.error !== undefined,
    // Native bubbles would repeat, in the browser's words, what the field says itself.
    validationBehavior: 'aria' as const,
    onChange: props.onChange,
    onFocusChange: props.onFocusChange,
    'aria-label': props.label ? undefined : props.placeholder,
  }
}
