import type { Command } from 'commander'
import { approve } from '../../approve.ts'
import { createClient } from '../../client.ts'
import { createOutput } from '../../output.ts'

interface Options {
  readonly yes?: boolean
  readonly json?: boolean
}

export function addRollback(plugin: Command): void {
  plugin
    .command('rollback')
    .description('go back to the version before; once more, and the newer one is back')
    .argument('<name>')
    .option('-y, --yes', 'approve what the other version asks for and nobody has decided on')
    .option('--json', 'print the plugin as JSON')
    .action(rollback)
}

async function rollback(name: string, { yes = false, json = false }: Options): Promise<void> {
  const output = createOutput(json)
  const client = await createClient()
  const before = await client.plugin(name)
  const restored = await client.rollback(name)
  output.say(`${name} went from ${before.version} back to ${restored.version}.`)
  const record = (await approve(client, restored, { yes, deny: [], output })) ?? restored
  output.result(record, `${record.name} ${record.version} is ${record.status}.`)
}
