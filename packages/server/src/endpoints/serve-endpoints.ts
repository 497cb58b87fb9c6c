import { MortiseError, toErrorRecord } from '@mortise/contract'
import type { PluginAnswer } from '@mortise/isolate'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '../config.ts'
import { bounded } from '../filters/bounded.ts'
import { maybeActorOf } from '../guard-requests.ts'
import type { PluginLogs } from '../log.ts'
import type { Origins } from '../origins.ts'
import { grantedPermissions, mayRun } from '../plugin-record.ts'
import type { PluginRunner } from '../plugin-runner.ts'
import type { InstalledPlugin, PluginStore } from '../plugin-store.ts'
import type { RateLimit } from '../rate-limit.ts'
import { passHeaders, wallHeaders } from './answer-headers.ts'
import { toEndpointError, unavailable } from './endpoint-error.ts'
import { findRoute, findServing, isPublicPath } from './find-route.ts'
import { splitPath } from './match-path.ts'
import type { PluginStreams } from './plugin-streams.ts'
import { toPluginRequest } from './read-request.ts'
import { sendPluginFile } from './send-file.ts'
import { Tickets } from './tickets.ts'

/** Largest request body, in bytes. */
const largestBody = 1024 * 1024
/** Milliseconds a plugin may take for an answer. */
const defaultAnswerMs = 5_000
/** What crossing to the sandbox, or starting it, may add, in milliseconds. */
const crossingMs = 1_000
/** Requests one plugin may have open; each may hold a whole answer in memory. */
const mostOpen = 32
/** What a page of the console itself may ask a plugin's address for: data and pictures, never code or style. */
const harmlessUses = new Set(['empty', 'document', 'image', 'audio', 'video', 'track'])

export interface EndpointsOptions {
  readonly store: PluginStore
  readonly runner: PluginRunner
  readonly logs: PluginLogs
  readonly limit: RateLimit
  readonly streams: PluginStreams
  /** Milliseconds a plugin may take for an answer. Default 5000. */
  readonly answerMs?: number | undefined
  readonly now: () => Date
  origins(): Origins
  /** Hears of every request that a plugin answered or failed to. */
  didAnswer(plugin: string, status: number): void
}

type Request = FastifyRequest<{ Params: { id: string } }>

/** Serves what plugins answer and the files they show, under `/plugins/<name>/`. */
export function serveEndpoints(app: FastifyInstance, options: EndpointsOptions): void {
  const { store, origins, answerMs = defaultAnswerMs } = options
  const open = new Map<string, number>()
  const tickets = new Tickets(options.now)

  app.register(async (scope) => {
    // Bodies are the plugin's to read, whatever they are.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: largestBody }, (_request, body, done) =>
      done(null, body),
    )
    scope.addHook('onRequest', async (request, reply) => {
      const { id } = request.params as { id: string }
      reply.headers(wallHeaders(store.find(id), origins().main))
      refuseUse(request)
    })
    scope.get<{ Params: { id: string } }>('/plugins/:id', (request, reply) => {
      const [, query] = request.url.split(/(?=\?)/)
      return reply.redirect(`/plugins/${encodeURIComponent(request.params.id)}/${query ?? ''}`, 307)
    })
    scope.all<{ Params: { id: string } }>('/plugins/:id/*', (request, reply) => answer(request, reply))
  })

  async function answer(request: Request, reply: FastifyReply): Promise<FastifyReply> {
    const { id } = request.params
    const path = request.url.split('?', 1)[0]!.slice(`/plugins/${id}`.length)
    const parts = splitPath(path)
    if (!parts) throw notFound(request)
    const plugin = findServing(store, id)
    const isReading = request.method === 'GET' || request.method === 'HEAD'
    if (plugin && isReading && mayRun(plugin)) {
      const folder = `${store.folderOf(id, plugin.version)}/${plugin.manifest.http.files}`
      if (await sendPluginFile(request, reply, folder, parts)) return reply
    }
    const isPublic = plugin !== undefined && isPublicPath(plugin, parts)
    const holder = findHolder(request)
    const actor = maybeActorOf(request) ?? holder
    if (holder) {
      letOwnPageIn(request, reply)
      if (request.method === 'OPTIONS') return reply.code(204).send()
    }
    // Before anything else, so that strangers cannot tell what is installed.
    if (!isPublic && !actor) {
      if (request.method === 'OPTIONS') return reply.code(204).send()
      reply.header('www-authenticate', 'Bearer')
      throw new MortiseError('UNAUTHENTICATED', 'Sign in to use this address.')
    }
    if (!plugin || plugin.entries.main === undefined) throw notFound(request)
    const asked = { plugin, path, parts, isPublic, actor }
    return parts[0] === '_sse' ? stream(request, reply, asked) : ask(request, reply, asked)
  }

  /** Whoever the request's ticket names. */
  function findHolder(request: Request): Actor | undefined {
    const ticket = new URLSearchParams(request.url.split('?').slice(1).join('?')).get('ticket')
    return ticket === null ? undefined : tickets.read(request.params.id, ticket)
  }

  /** Keeps the connection for what the plugin sends to the channel. */
  function stream(request: Request, reply: FastifyReply, asked: Asked): FastifyReply {
    const { plugin, parts, isPublic, actor } = asked
    const [, channel = '', ...rest] = parts
    const isGranted = grantedPermissions(plugin).has('serve:sse')
    if (!isGranted || rest.length > 0 || !/^[\w-]{0,64}$/.test(channel)) throw notFound(request)
    if (request.method !== 'GET') return refuseMethod(request, reply, ['GET'])
    if (!options.runner.isRunning(plugin.id)) throw unavailable(`${plugin.id} does not run now.`)
    options.limit.take(plugin.id)
    options.streams.demandRoom(plugin.id)
    reply.headers({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
      // The connection has no use after the stream, and a server that shuts down would wait for it.
      connection: 'close',
    })
    if (isPublic)
      reply.headers({ 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' })
    reply.hijack()
    reply.raw.writeHead(200, reply.getHeaders() as Record<string, string>)
    options.streams.add(plugin.id, channel, actor, reply.raw)
    return reply
  }

  async function ask(
    request: Request,
    reply: FastifyReply,
    { plugin, path, parts, isPublic, actor }: Asked,
  ): Promise<FastifyReply> {
    const { id } = plugin
    if (!options.runner.isRunning(id)) throw unavailable(`${id} does not run now.`)
    const loaded = options.runner.get(id)
    const found = findRoute(loaded, request.method, parts)
    if (!found.route) return refuseMethod(request, reply, found.methods)
    options.limit.take(id)
    const count = open.get(id) ?? 0
    if (count >= mostOpen) throw unavailable(`${id} is busy with ${mostOpen} requests.`)
    open.set(id, count + 1)
    try {
      const ticket = actor && tickets.issue(id, actor)
      const asked = loaded.request(
        found.route,
        toPluginRequest(request, path, found.params, actor, ticket),
        answerMs,
      )
      const given = await bounded(asked, answerMs + crossingMs)
      if (!given) throw notFound(request)
      const headers = passHeaders(given, plugin, options.origins().main, {
        isPublic,
        isSignedIn: actor !== undefined,
      })
      options.didAnswer(id, given.status)
      return send(reply, given, headers)
    } catch (thrown) {
      const error = toEndpointError(thrown, id)
      if (error.code !== 'NOT_FOUND') {
        options.didAnswer(id, 500)
        const { message, data } = toErrorRecord(thrown)
        // Its own words are worth a line, not that it is down.
        if (error.code !== 'PLUGIN_UNAVAILABLE')
          options.logs.write(id, 'error', `${request.method} ${path} failed: ${message}`, data, options.now())
      }
      throw error
    } finally {
      const left = (open.get(id) ?? 1) - 1
      if (left === 0) open.delete(id)
      else open.set(id, left)
    }
  }
}

interface Asked {
  readonly plugin: InstalledPlugin
  readonly path: string
  readonly parts: readonly string[]
  readonly isPublic: boolean
  readonly actor: Actor | undefined
}

/** Pages of plugins say that their origin is `null`; with a ticket they are let in as what they are. */
function letOwnPageIn({ headers }: FastifyRequest, reply: FastifyReply): void {
  if (headers.origin !== 'null') return
  reply.headers({
    'access-control-allow-origin': 'null',
    'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
    'access-control-allow-headers': 'content-type',
    'cross-origin-resource-policy': 'cross-origin',
    vary: 'origin',
  })
}

/** What is answered where no handler is: the methods there are, or that there is nothing. */
function refuseMethod(
  request: FastifyRequest,
  reply: FastifyReply,
  methods: readonly string[],
): FastifyReply {
  if (methods.length === 0) throw notFound(request)
  reply.header('allow', [...methods, 'OPTIONS'].join(', '))
  // Without permission for other sites: a plugin that wants them answers OPTIONS itself.
  if (request.method === 'OPTIONS') return reply.code(204).send()
  throw new MortiseError(
    'HTTP_METHOD_NOT_ALLOWED',
    `${pathOf(request)} does not take ${request.method}. It takes ${methods.join(', ')}.`,
  )
}

/** @throws `FORBIDDEN` for what would make a plugin's answer part of the console. */
function refuseUse({ headers }: FastifyRequest): void {
  const use = headers['sec-fetch-dest']
  const isOwnPage = headers['sec-fetch-site'] === 'same-origin'
  const isCode = isOwnPage && use !== undefined && !harmlessUses.has(String(use))
  if (!isCode && headers['service-worker'] === undefined) return
  throw new MortiseError('FORBIDDEN', 'The console does not take code or style from the address of a plugin.')
}

function send(reply: FastifyReply, answer: PluginAnswer, headers: Record<string, string>): FastifyReply {
  const { status, body } = answer
  const hasBody = body !== undefined && status !== 204 && status !== 304
  return reply
    .code(status)
    .headers(headers)
    .send(hasBody ? Buffer.from(body.buffer, body.byteOffset, body.byteLength) : undefined)
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0]!
}

function notFound(request: FastifyRequest): MortiseError {
  return new MortiseError('NOT_FOUND', `There is nothing at ${pathOf(request)}.`)
}
