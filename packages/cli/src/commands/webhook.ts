import type { Command } from 'commander'
import { addDeliveries } from './webhook/deliveries.ts'
import { addDismiss } from './webhook/dismiss.ts'
import { addList } from './webhook/list.ts'
import { addReplay } from './webhook/replay.ts'

export function addWebhook(program: Command): void {
  const webhook = program
    .command('webhook')
    .description('look after the webhooks of the server at MORTISE_URL (http://localhost:4780)')
  for (const add of [addList, addDeliveries, addReplay, addDismiss]) add(webhook)
}
