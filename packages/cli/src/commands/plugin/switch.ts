import type { Command } from 'commander'
import { createClient } from '../../client.ts'
import { createOutput } from '../../output.ts'

interface Options {
  readonly json?: boolean
}

export function addEnable(plugin: Command): void {
  plugin
    .command('enable')
    .description('let a plugin run')
    .argument('<name>')
    .option('--json', 'print the plugin as JSON')
    .action(async (name: string, { json = false }: Options) => {
      const client = await createClient()
      const record = await client.enable(name)
      createOutput(json).result(record, `${record.name} is enabled (${record.status}).`)
    })
}

export function addDisable(plugin: Command): void {
  plugin
    .command('disable')
    .description('stop a plugin and keep what it has')
    .argument('<name>')
    .option('--json', 'print the plugin as JSON')
    .action(async (name: string, { json = false }: Options) => {
      const client = await createClient()
      const record = await client.disable(name)
      createOutput(json).result(record, `${record.name} is disabled.`)
    })
}
