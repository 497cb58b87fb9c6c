import type { Database } from '../database.ts'
import type { PluginLogs } from '../log.ts'
import type { PluginManager } from '../plugin-manager.ts'
import type { PluginRecords } from '../plugin-records.ts'
import type { PluginRunner } from '../plugin-runner.ts'
import type { PluginStore } from '../plugin-store.ts'
import { PluginSecrets } from '../secrets/plugin-secrets.ts'
import type { Transact } from '../transact.ts'
import { Commands } from './commands.ts'
import { Emails } from './email/emails.ts'
import { readTemplate } from './email/templates.ts'
import { createEmailTransport, type EmailSettings } from './email/transport.ts'
import { PluginFiles } from './files.ts'
import { Jobs } from './jobs/jobs.ts'
import { Notifications } from './notifications.ts'
import { joinPowers, type Power } from './power.ts'

export interface PowersOptions {
  readonly dataDir: string
  readonly store: PluginStore
  readonly transact: Transact
  readonly plugins: PluginManager
  readonly records: PluginRecords
  readonly database: Database
  readonly runner: PluginRunner
  readonly logs: PluginLogs
  readonly now: () => Date
  readonly newId: () => string
  readonly email: EmailSettings | undefined
  /** Runs work that no event caused, whoever planned it. */
  outside<T>(work: () => T): T
}

/** Everything the backend lends to server code, ready to be called. */
export async function createPowers({
  dataDir,
  store,
  transact,
  database,
  runner,
  plugins,
  records,
  logs,
  now,
  newId,
  email,
  outside,
}: PowersOptions): Promise<Required<Power>> {
  const warn = (id: string, message: string) => logs.write(id, 'warn', message, undefined, now())
  const scrub = (id: string, text: string) => logs.scrubText(id, text)
  const commandOf = (id: string, name: string) =>
    store.get(id).manifest.contributes.commands?.find((command) => command.name === name)
  const displayName = (id: string) => store.get(id).manifest.displayName
  const files = new PluginFiles(dataDir, now)
  await files.open(store.list().map(({ id }) => id))
  const secrets = new PluginSecrets({
    store,
    transact,
    now,
    didChange: (id) => plugins.protectSecrets(id),
    record: (id) => records.get(id),
  })
  const jobs = new Jobs({
    database,
    now,
    declared: (id) => store.get(id).manifest.scheduler.jobs ?? [],
    mayRun: (id) => runner.isReady(id) && plugins.isGranted(id, 'scheduler'),
    run: (id, job, info) => outside(() => runner.work(id, 'job', job, [info])),
    warn,
    scrub: (id, error) => plugins.withoutSecrets(id, error),
  })
  await jobs.open()
  const emails = new Emails({
    database,
    transact,
    now,
    newId,
    transport: email && createEmailTransport(email),
    wanted: (id) => store.get(id).manifest.email.recipients ?? [],
    templates: (id, name) => readTemplate(store, store.get(id), name),
    displayName,
    scrub,
    warn,
  })
  const notifications = new Notifications({ transact, now, displayName, commandOf, scrub })
  const commands = new Commands({
    commandOf,
    isGranted: (id) => runner.isRunning(id) && plugins.isGranted(id, 'commands'),
    run: (id, command, args) => runner.work(id, 'command', command, args),
    scrub,
  })
  return joinPowers([secrets, files, jobs, emails, notifications, commands])
}
