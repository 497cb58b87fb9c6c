import { type DomainDefinition, type PublishedEvent, toErrorRecord } from '@mortise/contract'
import type { Logger } from 'pino'
import type { PluginLogs } from '../log.ts'
import type { PluginManager } from '../plugin-manager.ts'
import type { PluginRunner } from '../plugin-runner.ts'
import { Rings } from '../rings/rings.ts'
import type { Tracing } from '../tracing/tracing.ts'
import { type Causes, maxDepth } from './causes.ts'
import { EmittedEvents } from './emitted-events.ts'
import { Filters } from './filters.ts'

/** Everything in which plugins decide or speak up, tied to the plugins that run. */
export function createDecisions(options: {
  readonly domains: readonly DomainDefinition[]
  readonly runner: PluginRunner
  readonly plugins: PluginManager
  readonly logs: PluginLogs
  readonly log: Logger
  readonly now: () => Date
  readonly newId: () => string
  readonly filterMs?: number | undefined
  readonly causes: Causes
  readonly tracing: Tracing
  readonly publish: (event: PublishedEvent, plugin: string) => Promise<unknown>
}): { readonly filters: Filters; readonly rings: Rings; readonly emitted: EmittedEvents } {
  const { domains, runner, plugins, logs, log, now, newId, causes, tracing, publish } = options
  const warn = (plugin: string, message: string) => logs.write(plugin, 'warn', message, undefined, now())

  const filters = new Filters({
    domains,
    filterMs: options.filterMs,
    tracing,
    filtersOf: (type) =>
      runner.loaded
        .flatMap(({ id, filters }) =>
          filters.filter((filter) => filter.type === type).map(({ priority }) => ({ id, priority })),
        )
        .filter(({ id }) => plugins.isGranted(id, 'filter:events'))
        .sort((one, other) => one.priority - other.priority || (one.id < other.id ? -1 : 1))
        .map(({ id }) => id),
    maySee: (id, event) => plugins.maySee(id, event),
    ask: async (id, type, payload, timeoutMs) => runner.get(id).filter(type, payload, timeoutMs),
    onFailure(id, error, failures, isCounted) {
      warn(id, `A filter failed: ${error.message}`)
      // Not waited for: the publisher may hold the database's one connection.
      if (isCounted && failures < 5) return
      plugins
        .didStrike(id, error, failures)
        .catch((err) => log.error({ err: toErrorRecord(err), plugin: id }, 'A strike was not noted'))
    },
  })

  const rings = new Rings({
    domains,
    now,
    newId,
    tracing,
    membersOf: (ring) =>
      runner.loaded.flatMap(({ id, rings }) =>
        rings.filter((one) => one.ring === ring).map((one) => ({ plugin: id, ...one })),
      ),
    mayJoin: (id, permission) => permission === null || plugins.isGranted(id, permission),
    ask: async (id, ring, context, timeoutMs) => runner.get(id).ring(ring, context, timeoutMs),
    warn,
  })

  const emitted = new EmittedEvents({
    domains,
    causes,
    publish,
    isGranted: (id, permission) => plugins.isGranted(id, permission),
    onDrop: (id, type) =>
      warn(id, `${type} was dropped: events caused each other more than ${maxDepth} times.`),
  })
  return { filters, rings, emitted }
}
