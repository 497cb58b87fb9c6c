import * as prompts from '@clack/prompts'
import { UsageError } from './describe-error.ts'
import type { Output } from './output.ts'

/** Asks yes or no. Where nobody can answer, says which flag answers instead. */
export async function confirm(output: Output, message: string, initialValue = true): Promise<boolean> {
  if (!output.interactive) throw new UsageError(`${message} Say --yes: nobody is here to be asked.`)
  const answer = await prompts.confirm({ message, initialValue })
  return !prompts.isCancel(answer) && answer
}

/** Asks for a value that is not shown while it is typed. `undefined` when they leave. */
export async function askSecret(name: string): Promise<string | undefined> {
  const answer = await prompts.password({ message: `Value of ${name}` })
  return prompts.isCancel(answer) ? undefined : answer
}

export interface Choice {
  readonly value: string
  readonly label: string
}

/** Lets a person deselect some of the choices. `undefined` when they leave. */
export async function choose(
  message: string,
  choices: readonly Choice[],
): Promise<ReadonlySet<string> | undefined> {
  const answer = await prompts.multiselect({
    message,
    options: choices.map(({ value, label }) => ({ value, label })),
    initialValues: choices.map(({ value }) => value),
    required: false,
  })
  return prompts.isCancel(answer) ? undefined : new Set(answer)
}
