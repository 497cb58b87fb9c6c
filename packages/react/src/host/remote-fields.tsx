/** Form fields of worker widgets. They load with the first widget that has one. */
import type { FormEvent } from 'react'
import { NumberField } from '../components/number-field.tsx'
import { RadioGroup } from '../components/radio-group.tsx'
import { DateField, TextArea } from '../components/text-field.tsx'
import { Checkbox } from '../components/toggles.tsx'
import type { Remote } from './remote-props.ts'
import { useDraft } from './use-draft.ts'

export function RemoteTextArea({ value, onChange, ...rest }: Remote<'TextArea'>) {
  const [draft, change] = useDraft(value, onChange)
  return <TextArea {...rest} value={draft ?? ''} onChange={change} />
}

export function RemoteNumberField({ value, onChange, ...rest }: Remote<'NumberField'>) {
  const [draft, change] = useDraft(value, onChange)
  return (
    <NumberField
      {...rest}
      value={draft ?? Number.NaN}
      onChange={(next) => Number.isFinite(next) && change(next)}
    />
  )
}

export function RemoteDateField({ value, onChange, ...rest }: Remote<'DateField'>) {
  const [draft, change] = useDraft(value, onChange)
  return <DateField {...rest} value={draft ?? ''} onChange={change} />
}

export function RemoteCheckbox(props: Remote<'Checkbox'>) {
  const { label, description, checked, indeterminate, disabled, onChange } = props
  return (
    <Checkbox
      label={label}
      description={description}
      checked={checked}
      indeterminate={indeterminate}
      disabled={disabled}
      onChange={onChange}
    />
  )
}

export function RemoteRadioGroup({ options, ...rest }: Remote<'RadioGroup'>) {
  return <RadioGroup {...rest} options={options ?? []} />
}

export function RemoteForm({ label, gap = 'md', onSubmit, children }: Remote<'Form'>) {
  const submit = (event: FormEvent) => {
    event.preventDefault()
    event.stopPropagation()
    onSubmit?.()
  }
  return (
    <form className={`m-w-stack m-w-gap-${gap}`} aria-label={label} noValidate onSubmit={submit}>
      {children}
    </form>
  )
}
