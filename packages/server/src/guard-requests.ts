import { MortiseError } from '@mortise/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Auth, sessionCookie } from './auth.ts'
import type { Actor } from './config.ts'
import type { Origins } from './origins.ts'

/** Paths a plugin's own host answers. */
const sandboxPath = /^\/(sandbox|plugin-files)\//
/** A path that would step out of the folder it seems to be in. */
const dotPath = /(^|\/)(\.|%2e){1,2}(\/|%2f|$)/i
/** API paths that need no sign-in. */
const openPaths = new Set(['/api/v1/auth/sign-in', '/api/v1/openapi.json'])
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

const actors = new WeakMap<FastifyRequest['raw'], Actor>()

/** Who sent a request. @throws `UNAUTHENTICATED`. */
export function actorOf(request: FastifyRequest): Actor {
  const actor = actors.get(request.raw)
  if (!actor) throw unauthenticated()
  return actor
}

/** Who sent a request, where that is known. */
export function maybeActorOf(request: FastifyRequest): Actor | undefined {
  return actors.get(request.raw)
}

/**
 * Checks every request before anything else: the host it was sent to, who sent
 * it, and for changes made with a cookie that the page is ours.
 */
export function guardRequests(app: FastifyInstance, auth: Auth, origins: () => Origins): void {
  app.addHook('onRequest', async (request) => {
    const path = request.url.split('?', 1)[0]!
    checkHost(origins(), request.headers.host, path)
    if (path.startsWith('/plugins/')) {
      const visitor = await identifyVisitor(auth, origins(), request)
      if (visitor) actors.set(request.raw, visitor)
      return
    }
    const found = await identify(auth, request.headers.authorization, request.cookies[sessionCookie])
    if (found) actors.set(request.raw, found.actor)
    if (!path.startsWith('/api/')) return
    if (!safeMethods.has(request.method)) checkOrigin(origins(), request, found?.means)
    if (!found && !openPaths.has(path)) throw unauthenticated()
  })
}

/** @throws `FORBIDDEN` for a host that is not ours: a name that was pointed at this address. */
export function checkHost(origins: Origins, host: string | undefined, path: string): void {
  if (origins.isMainHost(host)) return
  if (origins.isPluginHost(host) && sandboxPath.test(path) && !dotPath.test(path)) return
  throw new MortiseError(
    'FORBIDDEN',
    `This server does not answer for the host '${(host ?? '').slice(0, 100)}'.`,
  )
}

/** Finds the sender by bearer token, else by cookie. */
export async function identify(
  auth: Auth,
  authorization: string | undefined,
  cookie: string | undefined,
): Promise<{ actor: Actor; means: 'token' | 'cookie' } | undefined> {
  if (authorization) {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
    const actor = token === undefined ? undefined : auth.byToken(token)
    return actor && { actor, means: 'token' }
  }
  const actor = cookie ? await auth.bySession(cookie) : undefined
  return actor && { actor, means: 'cookie' }
}

/**
 * Who asks for an address of a plugin, where the host knows.
 *
 * @remarks
 * A cookie counts only for a request that the console's own pages or the person
 * made. Pages of plugins live at the same host name and send it too in some
 * browsers, but they say that they are another origin. A token that is not ours
 * is the business of whoever sent it: strangers may ask public addresses.
 */
async function identifyVisitor(
  auth: Auth,
  origins: Origins,
  request: FastifyRequest,
): Promise<Actor | undefined> {
  const cookie = isFromOwnPage(origins, request) ? request.cookies[sessionCookie] : undefined
  const found = await identify(auth, request.headers.authorization, cookie).catch(() => undefined)
  return found?.actor
}

function isFromOwnPage(origins: Origins, { method, headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  if (headers.origin !== undefined) return origins.isOwnOrigin(headers.origin)
  return safeMethods.has(method)
}

function checkOrigin(origins: Origins, request: FastifyRequest, means: 'token' | 'cookie' | undefined): void {
  const { origin } = request.headers
  // Programs send no origin; a browser always does when it changes something.
  if (means !== 'cookie' && origin === undefined) return
  if (origins.isOwnOrigin(origin)) return
  throw new MortiseError(
    'FORBIDDEN',
    'The request came from another site. Use the console at its own address.',
  )
}

function unauthenticated(): MortiseError {
  return new MortiseError('UNAUTHENTICATED', 'Sign in first, or send the token of the administrator.')
}
