import fastifyCookie from '@fastify/cookie'
import fastifyMultipart from '@fastify/multipart'
import { type DomainDefinition, methodTable } from '@mortise/contract'
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify'
import type { Logger } from 'pino'
import type { Auth } from './auth.ts'
import type { Catalog } from './catalog.ts'
import type { ServerConfig } from './config.ts'
import type { Contacts } from './contacts/contacts.ts'
import type { ReportAddresses } from './contacts/report-addresses.ts'
import { routeContacts } from './contacts/routes.ts'
import type { Database } from './database.ts'
import type { Behind } from './deliveries/behind.ts'
import type { Deliveries } from './deliveries/deliveries.ts'
import { routeDeliveries } from './deliveries/routes.ts'
import type { PluginStreams } from './endpoints/plugin-streams.ts'
import { serveEndpoints } from './endpoints/serve-endpoints.ts'
import type { EventLog } from './event-log.ts'
import type { GroupCommit } from './group-commit.ts'
import { guardRequests } from './guard-requests.ts'
import { answerErrors, takeEmptyBodies } from './http-errors.ts'
import type { PluginLogs } from './log.ts'
import type { Methods } from './methods.ts'
import { toOpenApi } from './openapi.ts'
import { requireScraper } from './operations/guard-metrics.ts'
import type { Metrics } from './operations/metrics.ts'
import { measureRequests } from './operations/read-metrics.ts'
import type { Origins } from './origins.ts'
import type { PluginManager } from './plugin-manager.ts'
import type { PluginRecords } from './plugin-records.ts'
import type { PluginRunner } from './plugin-runner.ts'
import type { PluginStore } from './plugin-store.ts'
import type { Power } from './powers/power.ts'
import { RateLimit } from './rate-limit.ts'
import type { Rings } from './rings/rings.ts'
import { routeRings } from './rings/routes-rings.ts'
import { routeApi } from './routes-api.ts'
import { routePlugins } from './routes-plugins.ts'
import { serveSandboxDocuments } from './sandbox-documents.ts'
import { serveSandboxProbe } from './sandbox-probe.ts'
import { serveConsole, servePluginFiles } from './static-files.ts'
import { Themes } from './themes.ts'
import type { TraceExport } from './tracing/remote-spans.ts'
import { routeSpans } from './tracing/route-spans.ts'
import { traceRequests } from './tracing/trace-requests.ts'
import type { Tracing } from './tracing/tracing.ts'
import type { Transact } from './transact.ts'
import { routeWebhooks } from './webhooks/routes.ts'
import type { Webhooks } from './webhooks/webhooks.ts'

/** A route as it is registered. */
export interface Route {
  readonly method: string | readonly string[]
  readonly url: string
}

export interface AppRooms {
  readonly config: Pick<ServerConfig, 'name' | 'domains' | 'appearance' | 'console'>
  /** Those of the host, and those of the backend itself. */
  readonly domains: readonly DomainDefinition[]
  /** Told of each route. */
  readonly didRoute: ((route: Route) => void) | undefined
  /** Milliseconds a plugin may take to answer a web request. */
  readonly answerMs: number | undefined
  /** Reports of pages about hosts that are taken each second. */
  readonly reportsPerSecond: number
  readonly database: Database
  readonly commits: GroupCommit
  readonly transact: Transact
  readonly store: PluginStore
  readonly records: PluginRecords
  readonly plugins: PluginManager
  readonly runner: PluginRunner
  readonly logs: PluginLogs
  readonly logger: Logger
  readonly log: EventLog
  readonly metrics: Metrics
  readonly metricsToken: string | undefined
  readonly tracing: Tracing
  readonly traceExport: TraceExport | undefined
  readonly auth: Auth
  readonly catalog: Catalog
  readonly methods: Methods
  readonly callLimit: RateLimit
  readonly rings: Rings
  readonly powers: Required<Power>
  readonly streams: PluginStreams
  readonly deliveries: Deliveries
  readonly behind: Behind
  readonly webhooks: Webhooks
  readonly contacts: Contacts
  readonly reports: ReportAddresses
  readonly now: () => Date
  readonly origins: () => Origins
  readonly isReady: () => boolean
  readonly isClosing: () => boolean
}

/** What answers HTTP: everything of the backend that can be asked for at an address. */
export async function createApp(rooms: AppRooms): Promise<FastifyInstance> {
  const { config, domains, database, commits, store, records, plugins, runner, logs, logger, log } = rooms
  const { metrics, metricsToken, tracing, traceExport, auth, catalog, methods, callLimit, rings, powers } =
    rooms
  const { streams, deliveries, behind, webhooks, contacts, reports, now, origins, isReady, isClosing } = rooms
  const app: FastifyInstance = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 1_000_000,
    routerOptions: { maxParamLength: 600 },
  })
  if (rooms.didRoute) app.addHook('onRoute', rooms.didRoute)
  await app.register(fastifyCookie)
  await app.register(fastifyMultipart)
  answerErrors(app)
  measureRequests(app, metrics)
  takeEmptyBodies(app)
  guardRequests(app, auth, origins)
  traceRequests(app, tracing)
  app.addHook('onSend', (request, reply, _payload, done) => {
    // Who keeps the line open would be waited for.
    if (isClosing()) reply.header('connection', 'close')
    if (request.url.startsWith('/api/'))
      reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff')
    done()
  })
  const themes = new Themes({ database, store, appearance: config.appearance })
  routeApi(app, {
    domains: config.domains,
    allDomains: domains,
    auth,
    log,
    methods,
    plugins,
    records,
    themes,
    callLimit,
    now,
    origins,
  })
  routeRings(app, rings)
  powers.route(app)
  const logLimit = new RateLimit({ perSecond: 200, burst: 1000 })
  routePlugins(app, {
    logLimit,
    now,
    store,
    records,
    plugins,
    catalog,
    logs,
  })
  routeDeliveries(app, {
    database,
    commits,
    transact: rooms.transact,
    log,
    deliveries,
    behind,
    now,
    plugins,
    records,
  })
  routeWebhooks(app, webhooks)
  const allMethods = methodTable(domains)
  routeSpans(app, {
    traceExport,
    now,
    hasMethod: (name) => allMethods.has(name),
    hasPlugin: (id) => store.find(id) !== undefined,
  })
  servePluginFiles(app, store)
  serveSandboxDocuments(app, store, origins, reports)
  routeContacts(app, {
    contacts,
    addresses: reports,
    store,
    limit: new RateLimit({
      perSecond: rooms.reportsPerSecond,
      burst: rooms.reportsPerSecond * 10,
    }),
  })
  serveSandboxProbe(app, origins)
  serveEndpoints(app, {
    store,
    runner,
    logs,
    now,
    limit: new RateLimit({ perSecond: 100, burst: 200, now: () => now().getTime() }),
    origins,
    streams,
    answerMs: rooms.answerMs,
    didAnswer: (plugin, status) =>
      metrics.count('mortise_plugin_requests_total', { plugin, status: `${Math.floor(status / 100)}xx` }),
  })
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => reply.code(isReady() ? 200 : 503).send({ ready: isReady() }))
  app.get('/metrics', async (request, reply) => {
    await requireScraper(request, auth, metricsToken, origins())
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.print())
  })
  app.get('/api/v1/openapi.json', async () => toOpenApi(config.name, config.domains))
  serveConsole(app, config.console, origins)
  return app
}
