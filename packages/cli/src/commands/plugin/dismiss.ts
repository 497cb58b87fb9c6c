import type { Command } from 'commander'
import { createClient } from '../../client.ts'
import { describeDismissed } from '../../describe-dismissed.ts'
import { createOutput } from '../../output.ts'

export function addDismiss(plugin: Command): void {
  plugin
    .command('dismiss')
    .description('take note of the events that a plugin lost; the log of events keeps who did')
    .argument('<name>')
    .option('--json', 'print how many they were as JSON')
    .action(dismiss)
}

async function dismiss(name: string, { json = false }: { readonly json?: boolean }): Promise<void> {
  const client = await createClient()
  const { backlog } = await client.deliveries(name, { state: undefined, limit: '1', before: undefined })
  const { lost, lostAt } = backlog
  if (lost > 0 && lostAt !== null) await client.dismiss(name, lostAt)
  createOutput(json).result({ name, dismissed: lost, lostAt }, describeDismissed(name, lost, lostAt))
}
