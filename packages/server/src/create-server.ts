import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyCookie from '@fastify/cookie'
import fastifyMultipart from '@fastify/multipart'
import {
  MortiseError,
  methodTable,
  type PublishedEvent,
  serverDomain,
  toErrorRecord,
} from '@mortise/contract'
import type { ResolveHost } from '@mortise/isolate'
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify'
import type { Kysely, Transaction } from 'kysely'
import { Auth, readAdminToken } from './auth.ts'
import { createCatalog } from './catalog.ts'
import type { HostServices, ServerConfig } from './config.ts'
import { type Database, migrate, openDatabase } from './database.ts'
import { Deliveries } from './deliveries/deliveries.ts'
import { type DeliveryPolicy, defaultPolicy } from './deliveries/policy.ts'
import { routeDeliveries } from './deliveries/routes.ts'
import { findServing } from './endpoints/find-route.ts'
import { PluginStreams } from './endpoints/plugin-streams.ts'
import { serveEndpoints } from './endpoints/serve-endpoints.ts'
import { EventLog, type PublishLimits } from './event-log.ts'
import { Feed } from './feed.ts'
import type { FeedLimits } from './feed-client.ts'
import { createDecisions } from './filters/create-decisions.ts'
import { GroupCommit } from './group-commit.ts'
import { guardRequests } from './guard-requests.ts'
import { answerErrors, takeEmptyBodies } from './http-errors.ts'
import { createLogger, type LogSink, PluginLogs } from './log.ts'
import { createMethods, type Methods } from './methods.ts'
import { toOpenApi } from './openapi.ts'
import { aroundSandboxes } from './operations/around-sandboxes.ts'
import { Metrics } from './operations/metrics.ts'
import { followOperator } from './operations/operator-plugins.ts'
import { measureRequests, readMetrics } from './operations/read-metrics.ts'
import { within } from './operations/within.ts'
import { createOrigins, type Origins } from './origins.ts'
import { PluginManager } from './plugin-manager.ts'
import { PluginRunner } from './plugin-runner.ts'
import { createPluginStorage } from './plugin-storage.ts'
import { PluginStore } from './plugin-store.ts'
import { createPowers } from './powers/create-powers.ts'
import { ownProviders } from './powers/own-providers.ts'
import { quarantineWaitsMs } from './quarantine.ts'
import { RateLimit } from './rate-limit.ts'
import type { Rings } from './rings/rings.ts'
import { routeRings } from './rings/routes-rings.ts'
import { routeApi } from './routes-api.ts'
import { routePlugins } from './routes-plugins.ts'
import { serveSandboxDocuments } from './sandbox-documents.ts'
import { serveSandboxProbe } from './sandbox-probe.ts'
import { StoredSecrets } from './secrets/stored-secrets.ts'
import { openVault } from './secrets/vault.ts'
import { readSettings, type Settings } from './settings.ts'
import { serveConsole, servePluginFiles } from './static-files.ts'
import type { Tables } from './tables.ts'
import { Themes } from './themes.ts'
import { routeSpans } from './tracing/route-spans.ts'
import { traceRequests } from './tracing/trace-requests.ts'
import { createTracing } from './tracing/tracing.ts'
import { createTransact } from './transact.ts'
import { routeWebhooks } from './webhooks/routes.ts'
import { isWebhook, Webhooks } from './webhooks/webhooks.ts'

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
  /** Size of the database past which the disk counts as full. */
  readonly databaseBytes?: number
  /** Milliseconds before a webhook's second try. */
  readonly webhookWaitMs?: number
  readonly resolveHost?: ResolveHost
  readonly callsPerSecond?: number
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
  const { now = () => new Date(), newId = randomUUID, callsPerSecond = 500, drainMs = 10_000 } = internals
  const ownSecrets = [settings.adminToken, settings.secretKey].filter((secret) => secret !== undefined)
  const logger = createLogger(settings.logLevel, () => ownSecrets, internals.logSink)
  const traceExport = settings.exportTraces
    ? (await import('./tracing/export-traces.ts')).exportTraces(logger)
    : undefined
  const tracing = createTracing()
  await mkdir(settings.dataDir, { recursive: true, mode: 0o700 })
  const adminToken = await readAdminToken(settings.dataDir, settings.adminToken)
  const database = await openDatabase(join(settings.dataDir, 'mortise.db'), internals.databaseBytes)
  ownSecrets.push(adminToken)
  const logs = new PluginLogs(logger)
  const metrics = new Metrics((id) => store.find(id) !== undefined)
  const domains = [...config.domains, serverDomain]
  const callLimit = new RateLimit({
    perSecond: callsPerSecond,
    burst: callsPerSecond * 2,
    now: () => Date.now(),
  })
  let origins: Origins = createOrigins(settings.port)

  const commits = new GroupCommit(database)
  const log = new EventLog({
    domains: config.domains,
    database,
    commits,
    now,
    newId,
    findReceivers: (event) => [...plugins.receiversOf(event), ...webhooks.receiversOf(event)],
    filter: (event) => filters.apply(event),
    limits: internals.publishLimits,
    tracing,
  })
  await log.open(internals.keepEvents)
  const transact = createTransact(database, log)
  const webhooks = new Webhooks({
    database,
    commits,
    transact,
    now,
    newId,
    log: logger,
    allowPrivateHosts: settings.allowPrivateHosts,
    firstWaitMs: internals.webhookWaitMs,
    resolve: internals.resolveHost,
    tracing,
    didAttempt: (result) => metrics.count('mortise_webhook_attempts_total', { result }),
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
      failed: (id, error) => plugins.didFail(id, error),
      struck: (id, error) => plugins.didStrike(id, error),
    },
    around: aroundSandboxes(metrics, tracing),
    hostCall: (id, method, args) => callForPlugin(id, method, args),
  })
  const plugins = new PluginManager({
    store,
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
      streams.forget(plugin)
      deliveries.forget(plugin)
      await powers.forget(plugin)
    },
    quarantineMs: internals.quarantineMs ?? quarantineWaitsMs,
    origin: () => origins.main,
  })
  const powers = await createPowers({
    dataDir: settings.dataDir,
    database,
    store,
    transact,
    runner,
    plugins,
    logs,
    now,
    newId,
    email: settings.email,
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
    publish: (event, plugin) => log.publish(event, plugin),
  })
  const deliveries = new Deliveries({
    database,
    commits,
    now,
    log: logger,
    policy: internals.deliveryPolicy ?? defaultPolicy,
    isRunning: (id) => runner.isRunning(id),
    maySee: (id, event) => plugins.maySee(id, event),
    deliver: (id, event) => emitted.during(id, event, () => runner.deliver(id, event)),
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
  })
  log.onDidAppend((events) => {
    for (const { id } of events.flatMap(({ receivers }) => receivers)) {
      if (isWebhook(id)) webhooks.didWrite(id)
      else deliveries.didWrite(id)
    }
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
    return serverMethods.call(method, args, context, plugins.grantsOf(id))
  }

  const app: FastifyInstance = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 1_000_000,
    routerOptions: { maxParamLength: 600 },
    // Those that are busy are waited for, up to a time: see `close`.
    forceCloseConnections: 'idle',
  })
  await app.register(fastifyCookie)
  await app.register(fastifyMultipart)
  answerErrors(app)
  measureRequests(app, metrics)
  takeEmptyBodies(app)
  let closing: Promise<void> | undefined
  const auth = new Auth(database, adminToken, now)
  guardRequests(app, auth, () => origins)
  traceRequests(app, tracing)
  app.addHook('onSend', async (request, reply) => {
    // Who keeps the line open would be waited for.
    if (closing) reply.header('connection', 'close')
    if (!request.url.startsWith('/api/')) return
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff')
  })
  const themes = new Themes({ database, store, appearance: config.appearance })
  routeApi(app, {
    domains: config.domains,
    auth,
    log,
    methods,
    plugins,
    themes,
    callLimit,
    now,
  })
  routeRings(app, rings)
  powers.route(app)
  const logLimit = new RateLimit({ perSecond: 200, burst: 1000, now: () => Date.now() })
  const catalog = createCatalog(config.catalog, domains)
  routePlugins(app, {
    logLimit,
    now,
    plugins,
    catalog,
    logs,
  })
  routeDeliveries(app, { database, commits, log, deliveries, now, plugins })
  routeWebhooks(app, webhooks)
  const allMethods = methodTable(domains)
  routeSpans(app, {
    traceExport,
    now,
    hasMethod: (name) => allMethods.has(name),
    hasPlugin: (id) => store.find(id) !== undefined,
  })
  servePluginFiles(app, store)
  serveSandboxDocuments(app, store, () => origins)
  serveSandboxProbe(app, () => origins)
  serveEndpoints(app, {
    store,
    runner,
    logs,
    now,
    limit: new RateLimit({ perSecond: 100, burst: 200, now: () => Date.now() }),
    origins: () => origins,
    streams,
    answerMs: internals.answerMs,
    didAnswer: (plugin, status) =>
      metrics.count('mortise_plugin_requests_total', { plugin, status: `${Math.floor(status / 100)}xx` }),
  })
  let isReady = false
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => reply.code(isReady ? 200 : 503).send({ ready: isReady }))
  app.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.print()),
  )
  app.get('/api/v1/openapi.json', async () => toOpenApi(config.name, config.domains))
  serveConsole(app, config.console, () => origins)

  const feed = new Feed({
    auth,
    log,
    now,
    origins: () => origins,
    limits: internals.feedLimits,
    maySee: (plugin, event) => plugins.mayFollow(plugin, event),
    requirePlugin: (id) => store.get(id),
    didCut: (reason) => metrics.count('mortise_feed_cuts_total', { reason }),
  })
  feed.attach(app.server)
  readMetrics(metrics, { store, runner, deliveries, webhooks, log, feed })

  async function close(): Promise<void> {
    isReady = false
    feed.close()
    streams.close()
    // From now on nothing is taken up: what waits is on disk for the next start.
    const settled = Promise.all([deliveries.close(), webhooks.close()])
    await within(drainMs, app.close(), () => {
      logger.warn('Requests that took too long were ended')
      app.server.closeAllConnections()
    })
    await powers.close()
    await within(drainMs, settled, () =>
      logger.warn('Deliveries that took too long were left for the next start'),
    )
    plugins.close()
    await runner.close()
    await commits.drain()
    await database.destroy()
    await traceExport?.close()
  }

  return {
    async listen() {
      try {
        // By name: it opens both loopback addresses, and no other.
        await app.listen({ port: settings.port, host: 'localhost' })
      } catch (thrown) {
        throw toListenError(thrown, settings.port)
      }
      const address = app.server.address()
      if (address !== null && typeof address === 'object') origins = createOrigins(address.port)
      await deliveries.open()
      await webhooks.start()
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

function toListenError(thrown: unknown, port: number): unknown {
  const { code } = thrown as { code?: string }
  if (code !== 'EADDRINUSE') return thrown
  return new MortiseError(
    'CONFLICT',
    `Port ${port} is taken by another program. Stop it, or set MORTISE_PORT to a free port.`,
    { cause: thrown },
  )
}
