import { Checkbox, NumberField, Select, Switch, TextArea, TextField } from '@mortise/react/host'
import type { RegistryWidgetsType, WidgetProps } from '@rjsf/utils'
import { coveredSecret } from './schema.ts'

const types = { email: 'email', uri: 'url', url: 'url', 'uri-reference': 'url' } as const

function TextWidget(props: WidgetProps) {
  const format = String(props.schema.format ?? '')
  const type = Object.hasOwn(types, format) ? types[format as keyof typeof types] : 'text'
  return (
    <TextField
      {...fieldProps(props)}
      type={type}
      mono={type === 'url'}
      autoComplete="off"
      value={text(props.value)}
      placeholder={props.placeholder || example(props)}
      onChange={(value) => props.onChange(value === '' ? undefined : value)}
    />
  )
}

/** Never shows a saved secret: the field is empty, and left empty it keeps what is saved. */
function PasswordWidget(props: WidgetProps) {
  const covered = props.value === coveredSecret
  return (
    <TextField
      {...fieldProps(props)}
      type="password"
      autoComplete="new-password"
      mono
      value={covered ? '' : text(props.value)}
      placeholder={covered ? 'Saved. Type to replace it.' : props.placeholder}
      onChange={(value) => props.onChange(value === '' ? undefined : value)}
    />
  )
}

function TextareaWidget(props: WidgetProps) {
  return (
    <TextArea
      {...fieldProps(props)}
      rows={4}
      value={text(props.value)}
      placeholder={props.placeholder || example(props)}
      onChange={(value) => props.onChange(value === '' ? undefined : value)}
    />
  )
}

function NumberWidget(props: WidgetProps) {
  const { minimum, maximum, multipleOf, type } = props.schema
  return (
    <NumberField
      {...fieldProps(props)}
      value={typeof props.value === 'number' ? props.value : Number.NaN}
      min={minimum}
      max={maximum}
      step={multipleOf ?? (type === 'integer' ? 1 : undefined)}
      onChange={(value) => props.onChange(Number.isNaN(value) ? undefined : value)}
    />
  )
}

function SwitchWidget(props: WidgetProps) {
  return (
    <div className="c-form__switch">
      <Switch
        label={props.label}
        description={props.options.description ?? props.schema.description}
        checked={props.value === true}
        disabled={props.disabled || props.readonly}
        onChange={props.onChange}
      />
      {props.rawErrors?.[0] && <p className="c-form__error">{props.rawErrors[0]}</p>}
    </div>
  )
}

/** Options are known by their place: values may be of any type, and may repeat as text. */
function SelectWidget(props: WidgetProps) {
  if (props.multiple) return <CheckboxesWidget {...props} />
  const options = props.options.enumOptions ?? []
  const chosen = options.findIndex(({ value }) => value === props.value)
  return (
    <Select
      {...fieldProps(props)}
      options={options.map(({ label }, index) => ({ value: String(index), label }))}
      value={chosen < 0 ? null : String(chosen)}
      placeholder={props.placeholder || 'Choose…'}
      onChange={(index) => props.onChange(options[Number(index)]?.value)}
    />
  )
}

function CheckboxesWidget(props: WidgetProps) {
  const options = props.options.enumOptions ?? []
  const chosen: readonly unknown[] = Array.isArray(props.value) ? props.value : []
  return (
    <fieldset className="c-form__group" disabled={props.disabled || props.readonly}>
      <legend className="m-field__label">{props.label}</legend>
      {options.map(({ label, value }) => (
        <Checkbox
          key={label}
          label={label}
          checked={chosen.includes(value)}
          onChange={(checked) =>
            props.onChange(checked ? [...chosen, value] : chosen.filter((each) => each !== value))
          }
        />
      ))}
      {props.rawErrors?.[0] && <p className="c-form__error">{props.rawErrors[0]}</p>}
    </fieldset>
  )
}

/** Every widget the form may ask for, drawn with the host's own components. */
export const widgets: RegistryWidgetsType = {
  TextWidget,
  URLWidget: TextWidget,
  EmailWidget: TextWidget,
  DateWidget: TextWidget,
  DateTimeWidget: TextWidget,
  TimeWidget: TextWidget,
  AltDateWidget: TextWidget,
  AltDateTimeWidget: TextWidget,
  ColorWidget: TextWidget,
  FileWidget: TextareaWidget,
  PasswordWidget,
  TextareaWidget,
  UpDownWidget: NumberWidget,
  RangeWidget: NumberWidget,
  CheckboxWidget: SwitchWidget,
  SelectWidget,
  RadioWidget: SelectWidget,
  CheckboxesWidget,
}

function fieldProps({ label, required, disabled, readonly, rawErrors, schema, options, name }: WidgetProps) {
  return {
    label,
    name,
    required: required === true,
    disabled: disabled || readonly,
    description: options.description ?? schema.description,
    error: rawErrors?.[0],
  }
}

function text(value: unknown): string {
  return value === undefined || value === null ? '' : String(value)
}

function example({ schema }: WidgetProps): string | undefined {
  const [first] = Array.isArray(schema.examples) ? schema.examples : []
  return typeof first === 'string' ? first : undefined
}
