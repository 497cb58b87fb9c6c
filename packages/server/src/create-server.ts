import { randomUUID, randomUUIDv7 } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findEvent, type PublishedEvent, serverDomain, toErrorRecord } from '@mortise/contract'
import type { ResolveHost } from '@mortise/isolate'
import type { Kysely, Transaction } from 'kysely'
import { readAddresses } from './addresses.ts'
import { Auth, readAdminToken } from './auth.ts'
import { createCatalog } from './catalog.ts'
import type { HostServices, ServerConfig } from './config.ts'
import { Contacts } from './contacts/contacts.ts'
import { ReportAddresses } from './contacts/report-addresses.ts'
import { createApp, type Route } from './create-app.ts'
import { type Database, migrate, openDatabase } from './database.ts'
import { createDeliveries } from './deliveries/create-deliveries.ts'
import { type DeliveryPolicy, defaultPolicy } from './deliveries/policy.ts'
import { findServing } from './endpoints/find-route.ts'
import { PluginStreams } from './endpoints/plugin-streams.ts'
import { EventLog, type PublishLimits } from './event-log.ts'
import { Feed } from './feed.ts'
import type { FeedLimits } from './feed-client.ts'
import { Causes } from './filters/causes.ts'
import { createDecisions } from './filters/create-decisions.ts'
import { GroupCommit } from './group-commit.ts'
import { createLogger, type LogSink, PluginLogs } from './log.ts'
import { LoopbackServer } from './loopback-server.ts'
import { createMethods, type Methods } from './methods.ts'
import { aroundSandboxes } from './operations/around-sandboxes.ts'
import { Metrics } from './operations/metrics.ts'
import { followOperator } from './operations/operator-plugins.ts'
import { readMetrics } from './operations/read-metrics.ts'
import { within } from './operations/within.ts'
import { createOrigins, type Origins } from './origins.ts'
import { PluginManager } from './plugin-manager.ts'
import { PluginRecords } from './plugin-records.ts'
import { PluginRunner } from './plugin-runner.ts'
import { createPluginStorage } from './plugin-storage.ts'
import { PluginStore } from './plugin-store.ts'
import { createPowers } from './powers/create-powers.ts'
import { ownProviders } from './powers/own-providers.ts'
import { quarantineWaitsMs } from './quarantine.ts'
import { RateLimit } from './rate-limit.ts'
import type { Rings } from './rings/rings.ts'
import { StoredSecrets } from './secrets/stored-secrets.ts'
import { openVault } from './secrets/vault.ts'
import { readSettings, type Settings } from './settings.ts'
import type { Tables } from './tables.ts'
import { createTracing } from './tracing/tracing.ts'
import { createTransact } from './transact.ts'
import { Webhooks } from './webhooks/webhooks.ts'

/** A backend with its plugins. */
export interface MortiseServer {
  /** Starts the plugins and answers requests. @throws `CONFLICT` where the port is taken. */
  listen(): Promise<void>
  /** Finishes what is under way, then ends everything it started. Closing twice is not an error. */
  close(): Promise<void>
  /** Address of the console. */
  readonly url: string
  /** Address that signs the administrator in. Whoever has it is the administrator. */
  readonly signInUrl: string
  /** Appends an event; answers its id once it is on disk. @throws `INPUT_INVALID`. */
  publish(event: PublishedEvent): Promise<string>
  /** Asks plugins about a request of the host. */
  readonly rings: Pick<Rings, 'run' | 'stats'>
}

/** What tests decide, and nobody else needs to. */
export interface ServerInternals {
  readonly now?: () => Date
  readonly newId?: () => string
  readonly logSink?: LogSink
  readonly deliveryPolicy?: DeliveryPolicy
  readonly publishLimits?: PublishLimits
  /** Deliveries that may wait for one receiver. */
  readonly mostWaiting?: number
  /** Size of the database past which the disk counts as full. */
  readonly databaseBytes?: number
  /** Milliseconds before a webhook's second try. */
  readonly webhookWaitMs?: number
  readonly resolveHost?: ResolveHost
  readonly callsPerSecond?: number
  /** Reports of browsers that are read for a plugin, ten times as many at once. */
  readonly reportsPerSecond?: number
  readonly keepEvents?: number
  /** Milliseconds that requests, and then deliveries, may take to end once the server stops. */
  readonly drainMs?: number
  readonly feedLimits?: Partial<FeedLimits>
  /** Milliseconds a filter may take. */
  readonly filterMs?: number | undefined
  /** Milliseconds a plugin may take to answer a web request. */
  readonly answerMs?: number | undefined
  /** Milliseconds between signs of life to clients of plugins' streams. */
  readonly heartbeatMs?: number | undefined
  readonly quarantineMs?: readonly number[]
  /** Milliseconds before the sandbox of a plugin that is ended again and again starts again. */
  readonly restartWaitsMs?: readonly number[]
  /** Told of each route. */
  readonly didRoute?: (route: Route) => void
}

/**
 * Makes a backend: opens the database, applies migrations, sets the host up.
 *
 * @param settings - From the environment where not given.
 *
 * @example
 * ```ts
 * const server = await createServer(config, readSettings(process.env))
 * await server.listen()
 * console.log(server.signInUrl)
 * ```
 */
export async function createServer<T>(
  config: ServerConfig<T>,
  settings: Settings = readSettings(process.env),
  internals: ServerInternals = {},
): Promise<MortiseServer> {
  const {
    now = () => new Date(),
    newId = randomUUID,
    callsPerSecond = 500,
    reportsPerSecond = 100,
    drainMs = 10_000,
  } = internals
  const { adminToken: givenToken, secretKey, metricsToken } = settings
  const ownSecrets = [givenToken, secretKey, metricsToken].filter((secret) => secret !== undefined)
  const addresses = readAddresses(settings, config)
  const logger = createLogger(settings.logLevel, () => ownSecrets, internals.logSink)
  const traceExport = settings.exportTraces
    ? (await import('./tracing/export-traces.ts')).exportTraces(logger)
    : undefined
  const tracing = createTracing()
  await mkdir(settings.dataDir, { recursive: true, mode: 0o700 })
  const adminToken = await readAdminToken(settings.dataDir, settings.adminToken)
  const { database, sqlite } = await openDatabase(
    join(settings.dataDir, 'mortise.db'),
    internals.databaseBytes,
  )
  ownSecrets.push(adminToken)
  const logs = new PluginLogs(logger)
  const metrics = new Metrics((id) => store.find(id) !== undefined)
  const domains = [...config.domains, serverDomain]
  const callLimit = new RateLimit({
    perSecond: callsPerSecond,
    burst: callsPerSecond * 2,
  })
  let origins: Origins = createOrigins(settings.port, addresses)

  const commits = new GroupCommit(database, sqlite)
  const causes = new Causes({
    canGoRound: (type) => findEvent(config.domains, type) !== undefined,
    onRefuse: (plugin, message) => logs.write(plugin, 'warn', message, undefined, now()),
  })
  const log = new EventLog({
    domains: config.domains,
    database,
    sqlite,
    commits,
    now,
    newId: internals.newId ?? randomUUIDv7,
    findReceivers: (event) => [...plugins.receiversOf(event), ...webhooks.receiversOf(event)],
    filter: (event) => filters.apply(event),
    mark: (event) => causes.mark(event),
    admits: (receiver, cursor) => behind.admits(receiver, cursor),
    willDrop: (to) => behind.willDrop(to),
    limits: internals.publishLimits,
    tracing,
  })
  await log.open(internals.keepEvents)
  const transact = createTransact(database, log)
  const webhooks = new Webhooks({
    database,
    commits,
    head: () => log.head,
    transact,
    now,
    newId,
    log: logger,
    events: log,
    allowPrivateHosts: settings.allowPrivateHosts,
    firstWaitMs: internals.webhookWaitMs,
    resolve: internals.resolveHost,
    tracing,
    didAttempt: (result) => metrics.count('mortise_webhook_attempts_total', { result }),
    didAdvance: (receiver) => behind.check(receiver),
    readBacklog: (receiver) => behind.read(receiver),
  })
  await webhooks.open()
  const { operatorPlugins } = settings
  const isAllowed = (id: string) => operatorPlugins?.allowlist.includes(id) ?? true
  const vault = await openVault(settings.dataDir, settings.secretKey)
  const store = new PluginStore(database, settings.dataDir, new StoredSecrets(vault), isAllowed)
  await store.open().catch(async (thrown) => {
    await database.destroy()
    throw thrown
  })

  const contacts = new Contacts({
    database,
    commits,
    now,
    isInstalled: (id) => store.find(id) !== undefined,
    onDidNote: (news) => feed.didContact(news),
  })
  await contacts.open()
  const reports = new ReportAddresses(vault)

  const runner = new PluginRunner({
    store,
    log: logger,
    logs,
    shim: config.dialect.guestSource,
    allowPrivateHosts: settings.allowPrivateHosts,
    now,
    events: {
      async loaded(id, handlers, subscriptions) {
        await plugins.didLoad(id, handlers, subscriptions)
        await powers.didLoad(id)
        deliveries.restart(id)
      },
      ready: (id) => deliveries.wake(id),
      failed: (id, error) => plugins.didFail(id, error),
      struck: (id, error) => plugins.didStrike(id, error),
    },
    around: aroundSandboxes(metrics, tracing, contacts),
    restartWaitsMs: internals.restartWaitsMs,
    hostCall: (id, method, args) => callForPlugin(id, method, args),
  })
  const records = new PluginRecords({
    store,
    domains,
    now,
    origins: () => origins,
    restartsInMs: (id) => runner.restartsInMs(id),
  })
  const plugins = new PluginManager({
    store,
    records,
    runner,
    transact,
    domains,
    logs,
    now,
    isAllowed,
    didStrike: (plugin, code) => metrics.count('mortise_plugin_strikes_total', { plugin, code }),
    didChange: (plugin) => streams.didChange(plugin),
    async didUninstall(plugin) {
      metrics.forget(plugin)
      contacts.forget(plugin)
      streams.forget(plugin)
      causes.forget(plugin)
      deliveries.forget(plugin)
      await behind.forget(plugin)
      await powers.forget(plugin)
    },
    quarantineMs: internals.quarantineMs ?? quarantineWaitsMs,
  })
  const powers = await createPowers({
    dataDir: settings.dataDir,
    database,
    store,
    transact,
    runner,
    plugins,
    records,
    logs,
    now,
    newId,
    email: settings.email,
    outside: (work) => causes.outside(work),
  })
  const streams = new PluginStreams({
    heartbeatMs: internals.heartbeatMs,
    isServing: (id) => findServing(store, id) !== undefined && plugins.isGranted(id, 'serve:sse'),
    tell(id, handler, client) {
      if (!runner.isRunning(id)) return
      const told = runner.get(id).call(handler, [client])
      told.catch((thrown) => {
        const { message } = toErrorRecord(thrown)
        logs.write(id, 'error', `${handler} failed: ${message}`, undefined, now())
      })
    },
  })
  const { filters, rings, emitted } = createDecisions({
    domains: config.domains,
    runner,
    plugins,
    logs,
    log: logger,
    now,
    newId,
    filterMs: internals.filterMs,
    causes,
    tracing,
    publish: (event, plugin) => log.publish(event, plugin),
  })
  const { deliveries, behind } = createDeliveries({
    database,
    sqlite,
    commits,
    log,
    logger,
    logs,
    metrics,
    tracing,
    causes,
    plugins,
    runner,
    webhooks,
    policy: internals.deliveryPolicy ?? defaultPolicy,
    mostWaiting: internals.mostWaiting,
    now,
  })

  const providers = await config.setup(hostServices<T>({ database, transact, now, newId }))
  const didCall = (plugin: string, result: string) =>
    metrics.count('mortise_plugin_host_calls_total', { plugin, result })
  const methods: Methods = createMethods(config.domains, providers, didCall, tracing)
  const own = {
    ...ownProviders({
      setConfigValue: (id, key, value, context) => plugins.setConfigValue(id, key, value, context.actor),
      emit: (id, type, data) => emitted.emit(id, type, data),
    }),
    ...powers.providers,
    ...streams.providers,
  }
  const serverMethods: Methods = createMethods(domains, { ...providers, ...own }, didCall, tracing)

  async function callForPlugin(id: string, method: string, args: readonly unknown[]): Promise<unknown> {
    callLimit.take(id)
    const { displayName } = store.get(id).manifest
    const actor = { id: `plugin:${id}`, name: displayName, role: 'plugin' as const }
    const context = { actor, plugin: { id }, now: now(), signal: AbortSignal.timeout(30_000) }
    return causes.call(id, method, () => serverMethods.call(method, args, context, plugins.grantsOf(id)))
  }

  const auth = new Auth(database, adminToken, now, config.identify)
  const catalog = createCatalog(config.catalog, domains)
  let isReady = false
  let closing: Promise<void> | undefined
  const app = await createApp({
    config,
    domains,
    didRoute: internals.didRoute,
    answerMs: internals.answerMs,
    reportsPerSecond,
    database,
    commits,
    transact,
    store,
    records,
    plugins,
    runner,
    logs,
    logger,
    log,
    metrics,
    metricsToken,
    tracing,
    traceExport,
    auth,
    catalog,
    methods,
    callLimit,
    rings,
    powers,
    streams,
    deliveries,
    behind,
    webhooks,
    contacts,
    reports,
    now,
    origins: () => origins,
    isReady: () => isReady,
    isClosing: () => closing !== undefined,
  })

  const feed = new Feed({
    auth,
    domains,
    log,
    now,
    origins: () => origins,
    limits: internals.feedLimits,
    maySee: (plugin, event) => plugins.mayFollow(plugin, event),
    requirePlugin: (id, actor) => records.getFor(actor, id),
    didCut: (reason) => metrics.count('mortise_feed_cuts_total', { reason }),
  })
  const http = new LoopbackServer(app.routing, (request, socket, head) => feed.take(request, socket, head))
  readMetrics(metrics, { store, runner, deliveries, webhooks, behind, log, feed })

  async function close(): Promise<void> {
    isReady = false
    feed.close()
    streams.close()
    // From now on nothing is taken up: what waits is on disk for the next start.
    behind.close()
    const settled = Promise.all([deliveries.close(), webhooks.close()])
    await http.close(drainMs, () => logger.warn('Requests that took too long were ended'))
    await app.close()
    await powers.close()
    await within(drainMs, settled, () =>
      logger.warn('Deliveries that took too long were left for the next start'),
    )
    plugins.close()
    await runner.close()
    await contacts.flush()
    await commits.drain()
    await database.destroy()
    await traceExport?.close()
  }

  return {
    async listen() {
      await app.ready()
      origins = createOrigins(await http.listen(settings.port), addresses)
      await deliveries.open()
      await webhooks.start()
      behind.open()
      await log.drop()
      await plugins.start()
      if (operatorPlugins) await followOperator(operatorPlugins, { plugins, store, catalog, log: logger })
      await powers.start()
      isReady = true
    },
    close: () => (closing ??= close()),
    get url() {
      return origins.main
    },
    get signInUrl() {
      return `${origins.main}/sign-in#${encodeURIComponent(adminToken)}`
    },
    rings: { run: (ring, input) => rings.run(ring, input), stats: () => rings.stats() },
    publish: async (event) => (await log.publish(event)).event.event_id,
  }
}

function hostServices<T>(own: {
  readonly database: Database
  readonly transact: ReturnType<typeof createTransact>
  readonly now: () => Date
  readonly newId: () => string
}): HostServices<T> {
  // One connection, two views of it: the host's own tables lie beside the backend's.
  const database = own.database as unknown as Kysely<T>
  return {
    database,
    migrate: (migrations) => migrate(database, migrations, 'host'),
    transact: (work) =>
      own.transact((transaction: Transaction<Tables>, emit) =>
        work(transaction as unknown as Transaction<T>, emit),
      ),
    pluginStorage: createPluginStorage(own.database),
    now: own.now,
    newId: own.newId,
  }
}
