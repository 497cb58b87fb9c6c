import type { CommandArgument } from '@mortise/contract'
import { Checkbox, NumberField, Select, TextField } from '@mortise/react/host'
import { useState } from 'react'
import { RequestError } from '../api/client.ts'
import { FormDialog } from '../parts/form-dialog.tsx'
import { closeAskedCommand, type PluginCommand, runCommand } from '../state/run-command.ts'

type Value = string | number | boolean | undefined

/** Asks for the arguments of a command. What is asked, and its words, are the plugin's. */
export function CommandForm({ asked }: { readonly asked: PluginCommand }) {
  const { plugin, command } = asked
  const [values, setValues] = useState<Readonly<Record<string, Value>>>({})

  const send = async () => {
    const given = command.args.flatMap((argument): [string, string | number | boolean][] => {
      const value = argument.type === 'boolean' ? values[argument.name] === true : values[argument.name]
      return value === undefined || value === '' ? [] : [[argument.name, value]]
    })
    await runCommand(asked, Object.fromEntries(given))
    closeAskedCommand()
  }

  return (
    <FormDialog
      title={<bdi>{command.title}</bdi>}
      description={
        <>
          <bdi>{plugin.displayName}</bdi> asks for this and gets what you enter.
        </>
      }
      size="sm"
      submitLabel="Run"
      failureTitle="The command did not run to its end"
      complete={!command.args.some((argument) => isMissing(argument, values[argument.name]))}
      isPlaced={(failure) => {
        const refused = refusals(failure)
        const isShown = ({ pointer }: RefusedValue) => command.args.some(({ name }) => pointer === `/${name}`)
        return refused.length > 0 && refused.every(isShown)
      }}
      onSubmit={send}
      onClose={closeAskedCommand}
    >
      {({ tried, failure }) =>
        command.args.map((argument) => (
          <ArgumentField
            key={argument.name}
            argument={argument}
            value={values[argument.name]}
            error={
              tried && isMissing(argument, values[argument.name])
                ? `${argument.title} is required.`
                : refusals(failure).find(({ pointer }) => pointer === `/${argument.name}`)?.message
            }
            onChange={(value) => setValues((before) => ({ ...before, [argument.name]: value }))}
          />
        ))
      }
    </FormDialog>
  )
}

type RefusedValue = RequestError['issues'][number]

/** What the server said of single arguments. */
function refusals(failure: unknown): readonly RefusedValue[] {
  return failure instanceof RequestError ? failure.issues : []
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
