import type { CommandArgument } from '@mortise/contract'
import { Button, Checkbox, Dialog, NumberField, Select, TextField } from '@mortise/react/host'
import { type FormEvent, useState } from 'react'
import { RequestError } from '../api/client.ts'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { closeAskedCommand, type PluginCommand, runCommand } from '../state/run-command.ts'

const formId = 'command'

type Value = string | number | boolean | undefined

/** Asks for the arguments of a command. What is asked, and its words, are the plugin's. */
export function CommandForm({ asked }: { readonly asked: PluginCommand }) {
  const { plugin, command } = asked
  const [values, setValues] = useState<Readonly<Record<string, Value>>>({})
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>()
  const refused = failure instanceof RequestError ? failure.issues : []
  const isPlaced =
    refused.length > 0 &&
    refused.every(({ pointer }) => command.args.some(({ name }) => pointer === `/${name}`))
  const problemOf = (argument: CommandArgument) => {
    if (tried && isMissing(argument, values[argument.name])) return `${argument.title} is required.`
    return refused.find(({ pointer }) => pointer === `/${argument.name}`)?.message
  }

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (command.args.some((argument) => isMissing(argument, values[argument.name]))) return
    setBusy(true)
    setFailure(undefined)
    const given = command.args.flatMap((argument): [string, string | number | boolean][] => {
      const value = argument.type === 'boolean' ? values[argument.name] === true : values[argument.name]
      return value === undefined || value === '' ? [] : [[argument.name, value]]
    })
    try {
      await runCommand(asked, Object.fromEntries(given))
      closeAskedCommand()
    } catch (error) {
      setFailure(error)
      setBusy(false)
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && closeAskedCommand()}
      title={<bdi>{command.title}</bdi>}
      description={
        <>
          <bdi>{plugin.displayName}</bdi> asks for this and gets what you enter.
        </>
      }
      size="sm"
      footer={
        <>
          <Button onPress={closeAskedCommand}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" loading={busy}>
            Run
          </Button>
        </>
      }
    >
      <form id={formId} className="c-form" onSubmit={(event) => void submit(event)} noValidate>
        {command.args.map((argument) => (
          <ArgumentField
            key={argument.name}
            argument={argument}
            value={values[argument.name]}
            error={problemOf(argument)}
            onChange={(value) => setValues((before) => ({ ...before, [argument.name]: value }))}
          />
        ))}
        {failure !== undefined && !isPlaced && (
          <ErrorNotice title="The command did not run to its end" error={failure} />
        )}
      </form>
    </Dialog>
  )
}

interface ArgumentFieldProps {
  readonly argument: CommandArgument
  readonly value: Value
  readonly error: string | undefined
  readonly onChange: (value: Value) => void
}

function ArgumentField({ argument, value, error, onChange }: ArgumentFieldProps) {
  const { title, description, type, required, options = [] } = argument
  if (type === 'boolean') {
    return <Checkbox label={title} description={description} checked={value === true} onChange={onChange} />
  }
  const common = { label: title, description, required, error }
  if (type === 'number') {
    return (
      <NumberField
        {...common}
        value={typeof value === 'number' ? value : Number.NaN}
        format={{ maximumFractionDigits: 20, useGrouping: false }}
        onChange={(number) => onChange(Number.isNaN(number) ? undefined : number)}
      />
    )
  }
  if (type === 'enum') {
    return (
      <Select
        {...common}
        options={options.map((option) => ({ value: option, label: option }))}
        value={typeof value === 'string' ? value : null}
        onChange={onChange}
      />
    )
  }
  return <TextField {...common} value={typeof value === 'string' ? value : ''} onChange={onChange} />
}

function isMissing({ type, required }: CommandArgument, value: Value): boolean {
  return required && type !== 'boolean' && (value === undefined || value === '')
}
