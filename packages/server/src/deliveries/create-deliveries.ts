import type { Logger } from 'pino'
import type { Database } from '../database.ts'
import type { EventLog } from '../event-log.ts'
import type { Causes } from '../filters/causes.ts'
import type { GroupCommit } from '../group-commit.ts'
import type { PluginLogs } from '../log.ts'
import type { Metrics } from '../operations/metrics.ts'
import type { PluginManager } from '../plugin-manager.ts'
import type { PluginRunner } from '../plugin-runner.ts'
import type { Sqlite } from '../sqlite.ts'
import type { Tracing } from '../tracing/tracing.ts'
import { webhookOf } from '../webhooks/receiver.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'
import { Behind } from './behind.ts'
import { Deliveries } from './deliveries.ts'
import type { DeliveryPolicy } from './policy.ts'

/** Deliveries to plugins, and who of plugins and webhooks is behind, tied to the log and those who receive. */
export function createDeliveries(rooms: {
  readonly database: Database
  readonly sqlite: Sqlite
  readonly commits: GroupCommit
  readonly log: EventLog
  readonly logger: Logger
  readonly logs: PluginLogs
  readonly metrics: Metrics
  readonly tracing: Tracing
  readonly causes: Causes
  readonly plugins: PluginManager
  readonly runner: PluginRunner
  readonly webhooks: Webhooks
  readonly policy: DeliveryPolicy
  readonly mostWaiting: number | undefined
  readonly now: () => Date
}): { readonly deliveries: Deliveries; readonly behind: Behind } {
  const { database, sqlite, commits, log, logger, logs, metrics, tracing, causes, plugins, runner, now } =
    rooms
  const { webhooks } = rooms
  const deliveries = new Deliveries({
    database,
    commits,
    head: () => log.head,
    now,
    log: logger,
    policy: rooms.policy,
    isRunning: (id) => runner.isReady(id),
    maySee: (id, event) => plugins.maySee(id, event),
    deliver: (id, event) => causes.deliver(id, event, () => runner.deliver(id, event)),
    scrub: (id, text) => logs.scrubText(id, text),
    didGiveUp(id, { event_type, event_id }, attempts, { code, message }) {
      const tries = attempts === 1 ? '1 try' : `${attempts} tries`
      const text = `${event_type} ${event_id} was given up after ${tries}: ${message} (${code})`
      logs.write(id, 'error', text, undefined, now())
    },
    tracing,
    didDeliver(plugin, ok) {
      metrics.count('mortise_deliveries_total', { plugin, result: ok ? 'ok' : 'error' })
      if (ok)
        plugins.didRecover(plugin).catch((err) => logger.error({ err, plugin }, 'A recovery was not noted'))
    },
    didAdvance: (receiver) => behind.check(receiver),
  })
  const isWebhook = (receiver: string) => webhookOf(receiver) !== undefined
  const homeOf = (receiver: string) => (isWebhook(receiver) ? webhooks : deliveries)
  const behind = new Behind({
    sqlite,
    commits,
    now,
    log: logger,
    most: rooms.mostWaiting,
    waitingOf: (receiver) => homeOf(receiver).waitingOf(receiver),
    isRunning: (receiver) =>
      isWebhook(receiver) ? webhooks.isEnabled(receiver) : runner.isRunning(receiver),
    receive: (receiver, event) =>
      isWebhook(receiver) ? webhooks.receive(receiver, event) : plugins.receiverOf(receiver, event),
    didWrite: (receiver, count) => homeOf(receiver).didWrite(receiver, count),
    warn(receiver, message) {
      if (isWebhook(receiver)) logger.warn({ receiver }, message)
      else logs.write(receiver, 'warn', message, undefined, now())
    },
  })
  log.onDidAppend((events) => {
    for (const { id } of events.flatMap(({ receivers }) => receivers)) homeOf(id).didWrite(id)
  })
  return { deliveries, behind }
}
