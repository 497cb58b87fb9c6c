import { text } from 'node:stream/consumers'
import type { PluginRecord } from '@mortise/contract'
import type { Command } from 'commander'
import { askSecret } from '../../ask.ts'
import { createClient } from '../../client.ts'
import { UsageError } from '../../describe-error.ts'
import { createOutput, type Output } from '../../output.ts'
import { columns, plain } from '../../terminal.ts'

interface Options {
  readonly set?: string
  readonly unset?: string
  readonly json?: boolean
}

export function addSecret(plugin: Command): void {
  plugin
    .command('secret')
    .description('store a secret for a plugin, or forget it; without either, show which are set')
    .argument('<name>')
    .option('--set <secret>', 'store the value you type, or that standard input brings')
    .option('--unset <secret>', 'forget the value')
    .option('--json', 'print the secrets as JSON, without values')
    .action(secret)
}

async function secret(name: string, { set, unset, json = false }: Options): Promise<void> {
  const output = createOutput(json)
  const client = await createClient()
  if (set === undefined && unset === undefined) {
    const { secrets } = await client.plugin(name)
    output.result(secrets, describe(name, secrets))
    return
  }
  if (set !== undefined && unset !== undefined) throw new UsageError('Say --set or --unset, not both.')
  const changes = set === undefined ? { [unset ?? '']: null } : { [set]: await readValue(set, output) }
  const { secrets } = await client.setSecrets(name, changes)
  output.result(secrets, set === undefined ? `${unset} is forgotten.` : `${set} is stored.`)
}

/** Never from the command line itself: other users of the machine can read that. */
async function readValue(secret: string, output: Output): Promise<string> {
  const value = output.interactive
    ? await askSecret(secret)
    : (await text(process.stdin)).replace(/\r?\n$/, '')
  if (value) return value
  throw new UsageError(`Nothing was stored: no value for ${secret} came on standard input.`)
}

function describe(name: string, secrets: PluginRecord['secrets']): string {
  if (secrets.length === 0) return `${name} declares no secrets.`
  const rows = secrets.map((one) => [
    one.name,
    one.isSet ? 'yes' : 'no',
    one.setAt ?? '',
    one.declared ? plain(one.description ?? one.title) : 'kept from another version',
  ])
  return columns([['SECRET', 'SET', 'SINCE', 'MEANING'], ...rows])
}
