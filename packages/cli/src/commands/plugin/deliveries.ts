import { deliveryStates } from '@mortise/contract'
import { type Command, Option } from 'commander'
import { createClient } from '../../client.ts'
import { createOutput } from '../../output.ts'
import { columns, plain } from '../../terminal.ts'

interface Options {
  readonly state?: string
  readonly limit: string
  readonly before?: string
  readonly json?: boolean
}

export function addDeliveries(plugin: Command): void {
  plugin
    .command('deliveries')
    .description('list events handed, or to be handed, to a plugin, newest first')
    .argument('<name>')
    .addOption(
      new Option('--state <state>', 'only those in this state').choices(
        deliveryStates.filter((state) => state !== 'running'),
      ),
    )
    .option('--limit <count>', 'how many', '50')
    .option('--before <cursor>', 'only of events before this one')
    .option('--json', 'print the page as JSON')
    .action(list)
}

async function list(name: string, { state, limit, before, json = false }: Options): Promise<void> {
  const client = await createClient()
  const page = await client.deliveries(name, { state, limit, before })
  const rows = page.deliveries.map((one) => [
    String(one.id),
    one.cursor,
    plain(one.eventType),
    one.state,
    String(one.attempts),
    one.updatedAt,
    one.lastError ? plain(`${one.lastError.code}: ${one.lastError.message}`) : '',
  ])
  const head = ['ID', 'CURSOR', 'EVENT', 'STATE', 'TRIES', 'UPDATED', 'LAST ERROR']
  const { behindSince, behindFrom, lost } = page.backlog
  const behind =
    behindSince === null ? '' : ` Behind since ${behindSince}: from ${behindFrom} on it waits in the log.`
  const gone = lost === 0 ? '' : ` ${lost} lost: they left the log before it came to them.`
  const sum = `${page.waiting} waiting, ${page.dead} given up.${behind}${gone}`
  const more = page.next === null ? '' : ` More with --before ${page.next}.`
  createOutput(json).result(
    page,
    rows.length === 0 ? `There is no such delivery. ${sum}` : `${columns([head, ...rows])}\n\n${sum}${more}`,
  )
}
