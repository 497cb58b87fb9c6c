import type { ReplayBody } from '@mortise/contract'
import type { Command } from 'commander'
import { createClient } from '../../client.ts'
import { UsageError } from '../../describe-error.ts'
import { createOutput } from '../../output.ts'

interface Options {
  readonly id: readonly string[]
  readonly dead?: boolean
  readonly from?: string
  readonly to?: string
  readonly json?: boolean
}

export function addReplay(plugin: Command): void {
  plugin
    .command('replay')
    .description('hand events to a plugin again, under the same event ids')
    .argument('<name>')
    .option(
      '--id <delivery>',
      'this delivery; can be repeated',
      (value, before: string[]) => [...before, value],
      [],
    )
    .option('--dead', 'all deliveries that were given up')
    .option('--from <cursor>', 'all events of the log from this one on')
    .option('--to <cursor>', 'with --from: up to this event')
    .option('--json', 'print the outcome as JSON')
    .action(replay)
}

async function replay(name: string, { json = false, ...options }: Options): Promise<void> {
  const wanted = readWanted(options)
  const client = await createClient()
  const result = await client.replay(name, wanted)
  const { replayed, from, to } = result
  const what = replayed === 1 ? '1 delivery starts' : `${replayed} deliveries start`
  const range = from === undefined ? '' : ` The log was read from ${from} to ${to}.`
  createOutput(json).result({ name, ...result }, `${what} over.${range}`)
}

function readWanted({ id, dead, from, to }: Options): ReplayBody {
  const given = [id.length > 0, dead, from !== undefined].filter(Boolean).length
  if (given !== 1 || (to !== undefined && from === undefined)) {
    throw new UsageError('Say what to replay: --id <delivery>, --dead, or --from <cursor> [--to <cursor>].')
  }
  if (dead) return { state: 'dead' }
  if (from !== undefined) return { from, ...(to === undefined ? {} : { to }) }
  const wrong = id.find((text) => !/^[1-9]\d{0,14}$/.test(text))
  if (wrong !== undefined) throw new UsageError(`--id takes the number of a delivery, not '${wrong}'.`)
  return { ids: id.map(Number) }
}
