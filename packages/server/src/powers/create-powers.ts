import type { Database } from '../database.ts'
import type { PluginLogs } from '../log.ts'
import type { PluginManager } from '../plugin-manager.ts'
import type { PluginRunner } from '../plugin-runner.ts'
import type { PluginStore } from '../plugin-store.ts'
import { PluginSecrets } from '../secrets/plugin-secrets.ts'
import type { Transact } from '../transact.ts'
import { PluginFiles } from './files.ts'
import { Jobs } from './jobs/jobs.ts'
import { joinPowers, type Power } from './power.ts'

export interface PowersOptions {
  readonly dataDir: string
  readonly store: PluginStore
  readonly transact: Transact
  readonly plugins: PluginManager
  readonly database: Database
  readonly runner: PluginRunner
  readonly logs: PluginLogs
  readonly now: () => Date
}

/** Everything the backend lends to server code, ready to be called. */
export async function createPowers({
  dataDir,
  store,
  transact,
  database,
  runner,
  plugins,
  logs,
  now,
}: PowersOptions): Promise<Required<Power>> {
  const files = new PluginFiles(dataDir, now)
  await files.open(store.list().map(({ id }) => id))
  const secrets = new PluginSecrets({
    store,
    transact,
    now,
    didChange: (id) => plugins.protectSecrets(id),
    record: (id) => plugins.record(id),
  })
  const jobs = new Jobs({
    database,
    now,
    declared: (id) => store.get(id).manifest.scheduler.jobs ?? [],
    mayRun: (id) => runner.isRunning(id) && plugins.isGranted(id, 'scheduler'),
    run: (id, job, info) => runner.work(id, 'job', job, [info]),
    warn: (id, message) => logs.write(id, 'warn', message, undefined, now()),
    scrub: (id, error) => plugins.withoutSecrets(id, error),
  })
  await jobs.open()
  return joinPowers([secrets, files, jobs])
}
