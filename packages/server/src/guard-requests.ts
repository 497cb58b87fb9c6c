import { MortiseError } from '@mortise/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Auth, bearerOf, type Sender } from './auth.ts'
import type { Actor } from './config.ts'
import type { Origins } from './origins.ts'
import { requireAccess, unauthenticated } from './people/access.ts'

/** Paths a plugin's own host answers. */
const sandboxPath = /^\/(sandbox|plugin-files|sandbox-reports)\//
/** A path that would step out of the folder it seems to be in. */
const dotPath = /(^|\/)(\.|%2e){1,2}(\/|%2f|$)/i
/** Guarded where it is answered: it has a token of its own. */
const metricsPath = '/metrics'
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Who sent the request. Set here, read through `actorOf`. */
const sender = Symbol('sender')

declare module 'fastify' {
  interface FastifyRequest {
    [sender]: Actor | undefined
  }
}

/** Who sent a request. @throws `UNAUTHENTICATED`. */
export function actorOf(request: FastifyRequest): Actor {
  const actor = request[sender]
  if (!actor) throw unauthenticated()
  return actor
}

/** Who sent a request, where that is known. */
export function maybeActorOf(request: FastifyRequest): Actor | undefined {
  return request[sender]
}

/**
 * Checks every request before anything else: the host it was sent to, who sent it
 * and whether they may, and for changes made with a cookie that the page is ours.
 */
export function guardRequests(app: FastifyInstance, auth: Auth, origins: () => Origins): void {
  app.decorateRequest(sender, undefined)

  function admit(request: FastifyRequest, path: string, found: Sender | undefined): void {
    request[sender] = found?.actor
    if (!path.startsWith('/api/')) return
    if (!safeMethods.has(request.method)) checkOrigin(origins(), request, found?.means)
    requireAccess(found?.actor, request.method, request.routeOptions.url)
  }

  // Without a promise for programs of the administrator: they send the most.
  app.addHook('onRequest', (request, _reply, done) => {
    const path = pathOf(request.url)
    checkHost(origins(), request.headers.host, path)
    if (path === metricsPath) return done()
    const isVisit = path.startsWith('/plugins/')
    const program = isVisit ? undefined : auth.identifyProgram(request.headers)
    if (program) {
      admit(request, path, program)
      return done()
    }
    const finding = isVisit ? identifyVisitor(auth, origins(), request) : auth.identify(request.headers)
    finding.then((found) => admit(request, path, found)).then(() => done(), done)
  })
}

function pathOf(url: string): string {
  const end = url.indexOf('?')
  return end < 0 ? url : url.slice(0, end)
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

/**
 * Who asks for an address of a plugin, where the host knows.
 *
 * @remarks
 * A cookie counts only for a request that the host's own pages or the person
 * made. Pages of plugins live at the same host name and send it too in some
 * browsers, but they say that they are another origin. A token that is not ours
 * is the business of whoever sent it: strangers may ask public addresses.
 */
async function identifyVisitor(
  auth: Auth,
  origins: Origins,
  request: FastifyRequest,
): Promise<Sender | undefined> {
  const { headers } = request
  // From elsewhere only what no browser and no proxy adds by itself.
  const { authorization } = headers
  const told = isFromOwnPage(origins, request) ? headers : bearerOf(authorization) ? { authorization } : {}
  return auth.identify(told).catch(() => undefined)
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
