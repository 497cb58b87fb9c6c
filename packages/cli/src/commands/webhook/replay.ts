import type { Command } from 'commander'
import { createClient, type WebhookReplay } from '../../client.ts'
import { UsageError } from '../../describe-error.ts'
import { createOutput } from '../../output.ts'

interface Options {
  readonly event: readonly string[]
  readonly dead?: boolean
  readonly since?: string
  readonly from?: string
  readonly to?: string
  readonly json?: boolean
}

export function addReplay(webhook: Command): void {
  webhook
    .command('replay')
    .description('send events to a webhook again, under the same event ids')
    .argument('<id>')
    .option(
      '--event <event id>',
      'this event; can be repeated',
      (value, before: string[]) => [...before, value],
      [],
    )
    .option('--dead', 'all messages that were given up')
    .option('--since <event id>', 'this event and all after it')
    .option('--from <cursor>', 'all events of the log from this one on')
    .option('--to <cursor>', 'with --from: up to this event')
    .option('--json', 'print the outcome as JSON')
    .action(replay)
}

async function replay(id: string, { json = false, ...options }: Options): Promise<void> {
  const wanted = readWanted(options)
  const client = await createClient()
  const { replayed, from, to } = await client.replayWebhook(id, wanted)
  const what = replayed === 1 ? '1 message is' : `${replayed} messages are`
  const range = from === undefined ? '' : ` The log was read from ${from} to ${to}.`
  createOutput(json).result({ id, replayed, from, to }, `${what} sent again.${range}`)
}

function readWanted({ event, dead, since, from, to }: Options): WebhookReplay {
  const given = [event.length > 0, dead, since !== undefined, from !== undefined].filter(Boolean).length
  if (given !== 1 || (to !== undefined && from === undefined)) {
    throw new UsageError(
      'Say what to send: --event <event id>, --dead, --since <event id>, or --from <cursor> [--to <cursor>].',
    )
  }
  if (dead) return { state: 'dead' }
  if (since !== undefined) return { since }
  if (from !== undefined) return { from, ...(to === undefined ? {} : { to }) }
  return { event_ids: event }
}
