import { MortiseError } from '@mortise/contract'
import type { FastifyRequest } from 'fastify'
import { type Auth, bearerOf, isSameToken } from '../auth.ts'
import type { Origins } from '../origins.ts'

/** What proxies add to requests that they pass on. */
const passedOn = /^(forwarded|via|x-real-ip|x-client-ip|true-client-ip|cf-.*|x-forwarded.*|x-original-.*)$/

/**
 * Lets the scraper and administrators read metrics. Where no token is set for
 * the scraper, programs of this machine may too: requests that no proxy passed on.
 *
 * @throws `UNAUTHENTICATED`.
 */
export async function requireScraper(
  { headers }: FastifyRequest,
  auth: Auth,
  metricsToken: string | undefined,
  origins: Origins,
): Promise<void> {
  const token = bearerOf(headers.authorization)
  if (token !== undefined && metricsToken !== undefined && isSameToken(token, metricsToken)) return
  const sender = await auth.identify(headers)
  if (sender?.actor.role === 'admin') return
  // The server listens on loopback addresses only, so whoever is not passed on is here.
  const isPassedOn =
    !origins.isLocalHost(headers.host) || Object.keys(headers).some((name) => passedOn.test(name))
  if (metricsToken === undefined && !isPassedOn) return
  throw new MortiseError(
    'UNAUTHENTICATED',
    'Metrics are for the scraper and for administrators. Send the token of MORTISE_METRICS_TOKEN, or that of the administrator.',
  )
}
