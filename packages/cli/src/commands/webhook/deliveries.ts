import type { Command } from 'commander'
import { createClient } from '../../client.ts'
import { createOutput } from '../../output.ts'
import { columns, plain } from '../../terminal.ts'

interface Options {
  readonly limit: string
  readonly json?: boolean
}

export function addDeliveries(webhook: Command): void {
  webhook
    .command('deliveries')
    .description('list what was sent to a webhook, newest first')
    .argument('<id>')
    .option('--limit <count>', 'how many', '50')
    .option('--json', 'print the attempts as JSON')
    .action(list)
}

async function list(id: string, { limit, json = false }: Options): Promise<void> {
  const client = await createClient()
  const attempts = await client.webhookAttempts(id, limit)
  const rows = attempts.map((one) => [
    plain(one.event_id),
    plain(one.event_type),
    one.status,
    one.status_code === null ? '' : String(one.status_code),
    String(one.attempt),
    one.delivered_at,
    plain(one.error ?? ''),
  ])
  createOutput(json).result(
    attempts,
    rows.length === 0
      ? 'Nothing was sent to it yet.'
      : columns([['EVENT ID', 'EVENT', 'RESULT', 'STATUS', 'TRY', 'SENT', 'ERROR'], ...rows]),
  )
}
