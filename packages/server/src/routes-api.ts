import {
  type CallResult,
  type CallTuple,
  callsBodySchema,
  type DomainDefinition,
  MortiseError,
  type PublishedEvent,
  s,
  themeBodySchema,
  themeIconsQuerySchema,
  themeScopeQuerySchema,
} from '@mortise/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Auth, sessionCookie, sessionSeconds } from './auth.ts'
import type { CallContext } from './config.ts'
import { printCursor } from './cursor.ts'
import type { EventLog } from './event-log.ts'
import { describeEventTypes } from './event-types.ts'
import { actorOf, maybeActorOf } from './guard-requests.ts'
import { type Methods, toCallResult } from './methods.ts'
import type { Origins } from './origins.ts'
import { showEventsTo } from './people/show-event.ts'
import type { PluginManager } from './plugin-manager.ts'
import type { PluginRecords } from './plugin-records.ts'
import type { RateLimit } from './rate-limit.ts'
import { readBody } from './read-body.ts'
import { readWhole } from './read-query.ts'
import type { Themes } from './themes.ts'
import { traceIdOf } from './tracing/tracing.ts'

const signInSchema = s.strictObject({ token: s.pipe(s.string(), s.maxLength(512)) })

/** Largest event that is taken, in bytes. */
const eventBytes = 256_000
/** Milliseconds a provider may take. */
const callMs = 30_000

export interface ApiRooms {
  readonly domains: readonly DomainDefinition[]
  /** With those of the backend itself. */
  readonly allDomains: readonly DomainDefinition[]
  readonly auth: Auth
  readonly log: EventLog
  readonly methods: Methods
  readonly plugins: PluginManager
  readonly records: PluginRecords
  readonly themes: Themes
  readonly callLimit: RateLimit
  readonly now: () => Date
  origins(): Origins
}

/** Signing in and out, calls, events and themes. */
export function routeApi(app: FastifyInstance, rooms: ApiRooms): void {
  routeAuth(app, rooms)
  routeCalls(app, rooms)
  routeEvents(app, rooms)
  routeThemes(app, rooms)
}

function routeAuth(app: FastifyInstance, { auth, log, origins }: ApiRooms): void {
  const cookie = () =>
    ({ httpOnly: true, sameSite: 'strict', path: '/', secure: origins().main.startsWith('https:') }) as const

  app.post('/api/v1/auth/sign-in', async (request, reply) => {
    const signedIn = await auth.signIn(readBody(signInSchema, request.body).token)
    if (!signedIn) throw new MortiseError('UNAUTHENTICATED', 'The token is not the one of this server.')
    reply.setCookie(sessionCookie, signedIn.session, { ...cookie(), maxAge: sessionSeconds })
    return { user: signedIn.actor }
  })

  app.post('/api/v1/auth/sign-out', async (request, reply) => {
    const id = request.cookies[sessionCookie]
    if (id) await auth.signOut(id)
    reply.clearCookie(sessionCookie, cookie())
    return { message: 'Signed out' }
  })

  // With the cursor a page goes on from: what it reads after this, the feed keeps current.
  app.get('/api/v1/me', async (request) => ({ user: actorOf(request), cursor: printCursor(log.head) }))
}

function routeCalls(app: FastifyInstance, { methods, plugins, records, callLimit, now }: ApiRooms): void {
  app.post('/api/v1/calls', { bodyLimit: 2_000_000 }, async (request, reply) => {
    const { plugin: id, calls } = readBody(callsBodySchema, request.body)
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    const context: CallContext = {
      actor: actorOf(request),
      plugin: id === undefined ? undefined : { id },
      now: now(),
      signal: AbortSignal.any([gone.signal, AbortSignal.timeout(callMs)]),
    }
    if (id !== undefined) {
      records.getFor(actorOf(request), id)
      plugins.grantsOf(id)
      callLimit.take(id, calls.length)
    }
    // One after the other: a batch that creates and then lists means it in this order.
    const results: CallResult[] = []
    for (const [name, args] of calls as readonly CallTuple[]) {
      results.push(
        await toCallResult(() =>
          methods.call(name, args, context, id === undefined ? undefined : plugins.grantsOf(id)),
        ),
      )
    }
    return { results }
  })
}

function routeEvents(app: FastifyInstance, { log, domains, allDomains }: ApiRooms): void {
  app.post('/api/v1/events', { bodyLimit: eventBytes }, async (request, reply) => {
    const { event } = await log.publish(request.body as PublishedEvent)
    return reply.code(202).send({ event_id: event.event_id })
  })

  app.get('/api/v1/events/types', async () => ({ types: describeEventTypes(domains) }))

  app.get<{ Querystring: { limit?: string } }>('/api/v1/events', async (request) => {
    const events = await log.newest(
      readWhole('limit', request.query.limit, { fallback: 50, low: 1, high: 1000 }),
    )
    const show = showEventsTo(actorOf(request), allDomains)
    return {
      events: events.flatMap(({ cursor, event, trace }) => {
        const shown = show(event)
        if (!shown) return []
        const traceId = trace === undefined ? {} : { traceId: traceIdOf(trace) }
        return [{ cursor: printCursor(cursor), event: shown, ...traceId }]
      }),
    }
  })
}

function routeThemes(app: FastifyInstance, { themes, log }: ApiRooms): void {
  app.get('/api/v1/theme', async (request) => themes.read(actorOf(request).id))

  app.put('/api/v1/theme', async (request) => {
    const actor = actorOf(request)
    const record = await themes.choose(actor.id, readBody(themeBodySchema, request.body))
    const { theme, mode, contrast, density, motion, brand, repaired } = record
    await log.publish({
      event_type: 'theme.changed',
      user_id: actor.id,
      username: actor.name,
      target_type: 'theme',
      target_id: theme ? `${theme.plugin}/${theme.id}` : '',
      data: { theme, mode, contrast, density, motion, brand, repaired },
    })
    return record
  })

  app.get('/api/v1/theme/scope', async (request) => {
    const { plugin, id, ...parts } = readBody(themeScopeQuerySchema, request.query)
    const theme = plugin === undefined || id === undefined ? null : { plugin, id }
    return themes.readScope(actorOf(request).id, { theme, ...parts })
  })

  // Also for the sign-in page: what the host itself shows to whoever comes.
  app.get('/api/v1/theme/branding', async (request) => ({
    branding: (await themes.read(maybeActorOf(request)?.id)).branding,
  }))

  app.get('/api/v1/theme/icons', async (request) => {
    const { plugin, version, id } = readBody(themeIconsQuerySchema, request.query)
    return themes.readIcons(plugin, version, id)
  })

  app.get('/theme.css', async (request: FastifyRequest, reply) => {
    const css = await themes.readCss(maybeActorOf(request)?.id)
    return (
      reply
        .headers({ 'cache-control': 'no-store', vary: 'cookie', 'x-content-type-options': 'nosniff' })
        .type('text/css; charset=utf-8')
        // In a layer, so that the sheet the page adopts later outweighs every rule of this one.
        .send(`@layer mortise-theme{\n${css}}\n`)
    )
  })
}
