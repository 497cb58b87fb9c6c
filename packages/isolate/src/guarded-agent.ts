import { lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { MortiseError } from '@mortise/contract'
import { Agent, buildConnector } from 'undici'
import { isPublicAddress } from './address.ts'
import type { HostList } from './host-list.ts'

/** Finds all addresses of a name. Replaceable, so that tests can play a hostile name server. */
export type ResolveHost = (host: string) => Promise<readonly { address: string; family: number }[]>

export interface GuardedAgentOptions {
  /** Hosts that may resolve to addresses that are not public. */
  readonly privateHosts: HostList
  readonly resolve?: ResolveHost | undefined
  readonly connectTimeoutMs?: number
}

/**
 * An HTTP agent that connects to public addresses only.
 *
 * The check is made on the addresses that the connection will use, after name
 * resolution, so a name that changes its answer gains nothing; one address
 * that is not public refuses the whole name. Addresses written in the URL never
 * reach name resolution and are checked before connecting, and the address the
 * socket ended up with is checked once more.
 */
export function createGuardedAgent({
  privateHosts,
  resolve = resolveWithSystem,
  connectTimeoutMs = 5_000,
}: GuardedAgentOptions): Agent {
  const connectPublic = buildConnector({
    timeout: connectTimeoutMs,
    lookup: guardedLookup(resolve, isPublicAddress),
  })
  const connectAny = buildConnector({ timeout: connectTimeoutMs, lookup: guardedLookup(resolve, () => true) })
  return new Agent({
    connect(options, callback) {
      const host = stripBrackets(options.hostname)
      const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80)
      if (privateHosts.allows(isIP(host) === 6 ? `[${host}]` : host, port))
        return connectAny(options, callback)
      if (isIP(host) !== 0 && !isPublicAddress(host)) return callback(deniedAddress(host), null)
      return connectPublic(options, (error, socket) => {
        if (!socket) return callback(error ?? new Error('No connection'), null)
        if (!isPublicAddress(socket.remoteAddress ?? '')) {
          socket.destroy()
          return callback(deniedAddress(host), null)
        }
        callback(null, socket)
      })
    },
  })
}

function guardedLookup(resolve: ResolveHost, isAllowed: (address: string) => boolean): LookupFunction {
  return (host, options, callback) => {
    resolve(host).then(
      (addresses) => {
        const [first] = addresses
        if (!first) return callback(new Error(`${host} has no address`), '')
        if (!addresses.every(({ address }) => isAllowed(address))) return callback(deniedAddress(host), '')
        if (options.all) callback(null, [...addresses])
        else callback(null, first.address, first.family)
      },
      (error: Error) => callback(error, ''),
    )
  }
}

function resolveWithSystem(host: string): Promise<{ address: string; family: number }[]> {
  return new Promise((done, fail) => {
    systemLookup(host, { all: true }, (error, addresses) => (error ? fail(error) : done(addresses)))
  })
}

function deniedAddress(host: string): MortiseError {
  return new MortiseError('FETCH_ADDRESS_DENIED', `${host} has an address that is not public`)
}

function stripBrackets(host: string): string {
  return host.startsWith('[') ? host.slice(1, -1) : host
}
