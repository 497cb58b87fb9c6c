import type { Command } from 'commander'
import { createClient } from '../../client.ts'
import { describeDismissed } from '../../describe-dismissed.ts'
import { createOutput } from '../../output.ts'

export function addDismiss(webhook: Command): void {
  webhook
    .command('dismiss')
    .description('take note of the events that a webhook lost; the log of events keeps who did')
    .argument('<id>')
    .option('--json', 'print how many they were as JSON')
    .action(dismiss)
}

async function dismiss(id: string, { json = false }: { readonly json?: boolean }): Promise<void> {
  const client = await createClient()
  const { lost, lost_at: lostAt } = await client.webhook(id)
  if (lost > 0 && lostAt !== null) await client.dismissWebhook(id, lostAt)
  createOutput(json).result({ id, dismissed: lost, lostAt }, describeDismissed(`Webhook ${id}`, lost, lostAt))
}
