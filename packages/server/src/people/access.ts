import { MortiseError } from '@mortise/contract'
import type { Actor } from '../config.ts'

/** Addresses under `/api/` that need no sign-in. */
const openRoutes: ReadonlySet<string> = new Set([
  'POST /api/v1/auth/sign-in',
  'GET /api/v1/openapi.json',
  'GET /api/v1/theme/branding',
])

/** What everybody who is signed in may ask for. All else under `/api/` is for administrators. */
export const memberRoutes: ReadonlySet<string> = new Set([
  'POST /api/v1/auth/sign-out',
  'GET /api/v1/me',
  'POST /api/v1/calls',
  'GET /api/v1/events',
  'GET /api/v1/events/types',
  'GET /api/v1/plugins',
  'GET /api/v1/plugins/:id',
  'POST /api/v1/plugins/:id/logs',
  'POST /api/v1/plugins/:id/commands/:command',
  'GET /api/v1/theme',
  'PUT /api/v1/theme',
  'GET /api/v1/theme/icons',
  'GET /api/v1/theme/scope',
  'POST /api/v1/spans',
])

/**
 * Decides whether somebody may ask for an address under `/api/`.
 *
 * @param route - The pattern of the route, `undefined` where there is none.
 * @throws `UNAUTHENTICATED`, `ADMIN_REQUIRED`.
 */
export function requireAccess(actor: Actor | undefined, method: string, route: string | undefined): void {
  const key = `${method === 'HEAD' ? 'GET' : method} ${route}`
  if (openRoutes.has(key)) return
  if (!actor) throw unauthenticated()
  if (actor.role === 'admin' || memberRoutes.has(key)) return
  throw new MortiseError(
    'ADMIN_REQUIRED',
    'This is for administrators of the server. Ask one of them, or sign in with their token.',
  )
}

export function unauthenticated(): MortiseError {
  return new MortiseError('UNAUTHENTICATED', 'Sign in first, or send the token of the administrator.')
}
