import Search from 'lucide-react/icons/search'
import X from 'lucide-react/icons/x'
import type { ReactNode, Ref } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Input } from 'react-aria-components/Input'
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
  readonly mono?: boolean | undefined
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
  readonly rows?: number | undefined
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

export interface DateFieldProps extends Omit<TextFieldProps, 'type' | 'placeholder' | 'mono'> {
  /** Days as `2026-01-31`. */
  readonly min?: string | undefined
  readonly max?: string | undefined
}

/** A day to choose, with the calendar of the browser. Its value is a day as `2026-01-31`, or empty. */
export function DateField(props: DateFieldProps) {
  return (
    <AriaTextField {...textProps(props)} type="date" aria-label={props.label ? undefined : 'Day'}>
      <FieldBody {...props}>
        <Input className="m-input m-input--date" min={props.min} max={props.max} />
      </FieldBody>
    </AriaTextField>
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
