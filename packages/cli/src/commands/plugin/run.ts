import type { CommandState } from '@mortise/contract'
import type { Command } from 'commander'
import { createClient } from '../../client.ts'
import { UsageError } from '../../describe-error.ts'
import { createOutput } from '../../output.ts'
import { columns, plain } from '../../terminal.ts'

interface Options {
  readonly arg: readonly string[]
  readonly json?: boolean
}

export function addRun(plugin: Command): void {
  plugin
    .command('run')
    .description('run a command of a plugin; without a command, show what it has')
    .argument('<name>')
    .argument('[command]')
    .option(
      '--arg <key=value>',
      'an argument of the command; can be repeated',
      (value, before: string[]) => [...before, value],
      [],
    )
    .option('--json', 'print the result, or the commands, as JSON')
    .action(run)
}

async function run(name: string, command: string | undefined, { arg, json = false }: Options): Promise<void> {
  const output = createOutput(json)
  const client = await createClient()
  const { commands } = await client.plugin(name)
  if (command === undefined) {
    if (arg.length > 0) throw new UsageError('--arg needs a command.')
    output.result(commands, commands.length === 0 ? `${name} has no commands.` : describe(commands))
    return
  }
  // The server says what is wrong with a command or an argument that is not there.
  const declared = commands.find((one) => one.name === command)?.args ?? []
  const args = Object.fromEntries(arg.map((text) => readArgument(text, declared)))
  const result = await client.runCommand(name, command, args)
  const lines = result?.split('\n').map(plain).join('\n')
  output.result({ name, command, result }, lines ?? 'Done.')
}

/** Reads `key=value`. Numbers and booleans are written as JSON, everything else is text as it is typed. */
function readArgument(text: string, declared: CommandState['args']): [key: string, value: unknown] {
  const at = text.indexOf('=')
  if (at < 1) throw new UsageError(`"${text}" is not an argument. Write --arg key=value.`)
  const key = text.slice(0, at)
  const typed = text.slice(at + 1)
  const type = declared.find(({ name }) => name === key)?.type
  if (type !== 'number' && type !== 'boolean') return [key, typed]
  try {
    return [key, JSON.parse(typed)]
  } catch {
    throw new UsageError(`${key} must be a ${type}, not '${typed}'.`)
  }
}

function describe(commands: readonly CommandState[]): string {
  const rows = commands.map(({ name, title, args }) => [
    plain(name),
    plain(title),
    plain(args.map(describeArgument).join(' ')),
  ])
  return columns([['COMMAND', 'TITLE', 'ARGUMENTS'], ...rows])
}

function describeArgument({ name, type, options, required }: CommandState['args'][number]): string {
  const wanted = `${name}=<${options === undefined ? type : options.join('|')}>`
  return required ? wanted : `[${wanted}]`
}
