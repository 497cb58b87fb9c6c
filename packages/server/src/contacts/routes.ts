import { MortiseError, parse, s } from '@mortise/contract'
import { HostList } from '@mortise/isolate'
import type { FastifyInstance } from 'fastify'
import { grantedHosts } from '../plugin-record.ts'
import type { PluginStore } from '../plugin-store.ts'
import type { RateLimit } from '../rate-limit.ts'
import type { Contacts } from './contacts.ts'
import { type ReportAddresses, reportPrefix } from './report-addresses.ts'

/** Browsers send no report of more than 64 kB. */
const reportBytes = 100_000

const reportSchema = s.object({
  'csp-report': s.object({ 'blocked-uri': s.string() }),
})

export interface ContactRoutes {
  readonly contacts: Contacts
  readonly addresses: ReportAddresses
  readonly store: PluginStore
  /** Of reports, by plugin. */
  readonly limit: RateLimit
}

/** Takes the reports of browsers about what sandboxes ask for, and tells administrators what they say. */
export function routeContacts(
  app: FastifyInstance,
  { contacts, addresses, store, limit }: ContactRoutes,
): void {
  app.get<{ Params: { id: string } }>('/api/v1/plugins/:id/contacts', ({ params: { id } }) =>
    contacts.list(store.get(id).id),
  )
  const pluginOf = (token: string) => {
    const plugin = addresses.read(token)
    if (plugin === undefined || !store.find(plugin))
      throw new MortiseError('NOT_FOUND', 'There is nothing at this address.')
    return plugin
  }
  // In a scope of its own, as no other address takes this kind of body.
  app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/csp-report',
      { parseAs: 'string', bodyLimit: reportBytes },
      (_request, body, done) => done(null, body),
    )
    scope.post<{ Params: { token: string } }>(
      `${reportPrefix}:token`,
      {
        onRequest: async ({ params: { token } }) => {
          const plugin = pluginOf(token)
          try {
            limit.take(plugin)
          } catch (thrown) {
            contacts.lose(plugin)
            throw thrown
          }
        },
      },
      async (request, reply) => {
        const plugin = pluginOf(request.params.token)
        const url = readReport(request.body)
        if (url) {
          const outcome = isGranted(grantedHosts(store.get(plugin)), url) ? 'reached' : 'refused'
          contacts.note({ plugin, host: url.host, side: 'page', outcome })
        }
        return reply.code(204).send()
      },
    )
  })
}

/** What a document asked for, where that was something on the network. */
function readReport(body: unknown): URL | undefined {
  const report = parse(reportSchema, readJson(body))
  if (!report.ok) return undefined
  const address = report.value['csp-report']['blocked-uri']
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url && /^(https?|wss?):$/.test(url.protocol) ? url : undefined
}

function readJson(body: unknown): unknown {
  try {
    return JSON.parse(String(body))
  } catch {
    return undefined
  }
}

/** Whether the policy of a sandbox lets this address pass. */
function isGranted(hosts: readonly string[], url: URL): boolean {
  if (url.protocol !== 'https:' && url.protocol !== 'wss:') return false
  const port = Number(url.port) || 443
  // A name without a port stands for the scheme's own in a policy.
  return hosts.some((host) => {
    const list = new HostList([host])
    return list.namesPort(url.hostname, port) || (port === 443 && list.allows(url.hostname, port))
  })
}
