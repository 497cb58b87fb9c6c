import type { Command } from 'commander'
import { createClient } from '../../client.ts'
import { createOutput } from '../../output.ts'
import { columns, plain } from '../../terminal.ts'

export function addList(plugin: Command): void {
  plugin
    .command('list')
    .description('list installed plugins')
    .option('--json', 'print the plugins as JSON')
    .action(list)
}

async function list({ json = false }: { json?: boolean }): Promise<void> {
  const output = createOutput(json)
  const client = await createClient()
  const plugins = await client.plugins()
  if (plugins.length === 0) {
    output.result(
      plugins,
      'No plugin is installed. Install one with "mortise plugin install <name or path>".',
    )
    return
  }
  const rows = plugins.map(({ name, version, pluginType, status, permissions }) => {
    const granted = permissions.filter(({ decision }) => decision === 'granted').length
    return [plain(name), plain(version), plain(pluginType), status, `${granted} of ${permissions.length}`]
  })
  output.result(plugins, columns([['NAME', 'VERSION', 'TYPE', 'STATUS', 'PERMISSIONS'], ...rows]))
}
