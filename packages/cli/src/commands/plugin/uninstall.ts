import type { Command } from 'commander'
import { confirm } from '../../ask.ts'
import { createClient } from '../../client.ts'
import { createOutput } from '../../output.ts'

interface Options {
  readonly yes?: boolean
  readonly json?: boolean
}

export function addUninstall(plugin: Command): void {
  plugin
    .command('uninstall')
    .description('remove a plugin with its settings and data')
    .argument('<name>')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'print the outcome as JSON')
    .action(uninstall)
}

async function uninstall(name: string, { yes = false, json = false }: Options): Promise<void> {
  const output = createOutput(json)
  const client = await createClient()
  const { version } = await client.plugin(name)
  const sure = yes || (await confirm(output, `Remove ${name} ${version} with its settings and data?`, false))
  if (!sure) {
    output.result({ name, uninstalled: false }, 'Nothing was removed.')
    return
  }
  await client.uninstall(name)
  output.result({ name, version, uninstalled: true }, `${name} ${version} is uninstalled.`)
}
