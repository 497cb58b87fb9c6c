import type { JobRecord } from '@mortise/contract'
import type { Command } from 'commander'
import { createClient } from '../../client.ts'
import { createOutput } from '../../output.ts'
import { columns, plain } from '../../terminal.ts'

interface Options {
  readonly run?: string
  readonly json?: boolean
}

export function addJobs(plugin: Command): void {
  plugin
    .command('jobs')
    .description('show the scheduled work of a plugin')
    .argument('<name>')
    .option('--run <job>', 'run a job once, now')
    .option('--json', 'print the jobs as JSON')
    .action(jobs)
}

async function jobs(name: string, { run, json = false }: Options): Promise<void> {
  const output = createOutput(json)
  const client = await createClient()
  const list = run === undefined ? await client.jobs(name) : await client.runJob(name, run)
  output.result(list, list.length === 0 ? `${name} has nothing scheduled.` : describe(list))
}

function describe(list: readonly JobRecord[]): string {
  const rows = list.map(({ name, schedule, nextAt, lastAt, lastError, runs }) => [
    plain(name),
    plain(schedule),
    nextAt ?? 'never',
    lastAt ?? 'not yet',
    lastError ? plain(lastError.code) : lastAt ? 'ok' : '',
    String(runs),
  ])
  return columns([['JOB', 'WHEN', 'NEXT', 'LAST', 'OUTCOME', 'RUNS'], ...rows])
}
