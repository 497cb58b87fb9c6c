import type { Command } from 'commander'
import { createClient } from '../../client.ts'
import { createOutput } from '../../output.ts'
import { columns, plain } from '../../terminal.ts'

export function addList(webhook: Command): void {
  webhook
    .command('list')
    .description('list webhooks')
    .option('--json', 'print the webhooks as JSON')
    .action(list)
}

async function list({ json = false }: { readonly json?: boolean }): Promise<void> {
  const client = await createClient()
  const webhooks = await client.webhooks()
  const rows = webhooks.map((one) => [
    String(one.id),
    plain(one.name),
    one.enabled ? 'enabled' : one.disabled_reason ? 'stopped' : 'disabled',
    String(one.waiting),
    String(one.dead),
    plain(one.url),
  ])
  createOutput(json).result(
    webhooks,
    rows.length === 0
      ? 'There are no webhooks.'
      : columns([['ID', 'NAME', 'STATE', 'WAITING', 'GIVEN UP', 'URL'], ...rows]),
  )
}
