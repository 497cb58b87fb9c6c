import type { Command } from 'commander'
import { createClient } from '../../client.ts'
import { createOutput } from '../../output.ts'
import { plain, printableJson } from '../../terminal.ts'

export function addLogs(plugin: Command): void {
  plugin
    .command('logs')
    .description('print the latest log lines of a plugin')
    .argument('<name>')
    .option('--json', 'print the lines as JSON')
    .action(logs)
}

async function logs(name: string, { json = false }: { json?: boolean }): Promise<void> {
  const client = await createClient()
  const lines = await client.logs(name)
  const text = lines.map(({ timestamp, level, message, data }) => {
    const more = data === undefined ? '' : ` ${plain(printableJson(data))}`
    return `${timestamp} ${level.toUpperCase().padEnd(5)} ${plain(message)}${more}`
  })
  createOutput(json).result(lines, text.join('\n') || `${name} has not logged anything yet.`)
}
