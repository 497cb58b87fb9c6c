import type { Addresses } from './addresses.ts'

/** Which hosts and origins are ours: what keeps rebinding and cross-site requests out. */
export interface Origins {
  /** Where the console is, such as `http://localhost:4780`. */
  readonly main: string
  /** What the console's page may frame, as sources of a content security policy. */
  readonly frameSources: readonly string[]
  /** Whether each plugin has a host of its own. */
  readonly hasOwnHosts: boolean
  /** Origin of the documents that show frames of a plugin. */
  frameOrigin(plugin: string): string
  /** Whether a `Host` header names the console's own host. */
  isMainHost(host: string | undefined): boolean
  /** Whether a `Host` header names this machine, as that of a request that no proxy passed on. */
  isLocalHost(host: string | undefined): boolean
  /** Whether a `Host` header names a host of plugins, where only sandbox documents and plugin files are. */
  isPluginHost(host: string | undefined): boolean
  /** Whether sandbox documents of this plugin are at the host that a `Host` header names. */
  isHostOf(plugin: string, host: string | undefined): boolean
  /** Whether an `Origin` header may change things with a cookie. */
  isOwnOrigin(origin: string | undefined): boolean
}

const loopback = ['localhost', '127.0.0.1', '[::1]']

/** @param addresses - What the operator decided, checked. */
export function createOrigins(port: number, { publicUrl, frameOrigin }: Addresses = {}): Origins {
  // Browsers leave the scheme's own port out.
  const suffix = port === 80 ? '' : `:${port}`
  const local = new Set(loopback.map((host) => `${host}${suffix}`))
  const main = publicUrl ?? `http://localhost${suffix}`
  const mainHost = new URL(main).host
  const pattern = frameOrigin ?? (publicUrl === undefined ? `http://{plugin}.localhost${suffix}` : main)
  const originOf = (plugin: string) => pattern.replace('{plugin}', plugin)
  const hosts = pattern === main ? undefined : hostPattern(pattern)
  const isLocalHost = (host: string | undefined) => host !== undefined && local.has(host.toLowerCase())
  const isMainHost = (host: string | undefined) => host?.toLowerCase() === mainHost || isLocalHost(host)
  return {
    main,
    frameSources: [...new Set([main, originOf('*')])].map((origin) => `${origin}/sandbox/`),
    hasOwnHosts: originOf('a') !== originOf('b'),
    frameOrigin: originOf,
    isMainHost,
    isLocalHost,
    isPluginHost: (host) => host !== undefined && hosts?.test(host.toLowerCase()) === true,
    isHostOf: (plugin, host) => isMainHost(host) || new URL(originOf(plugin)).host === host?.toLowerCase(),
    // Only the console's one address signs in where the operator named it.
    isOwnOrigin: (origin) =>
      publicUrl === undefined
        ? origin?.startsWith('http://') === true && local.has(origin.slice('http://'.length).toLowerCase())
        : origin === main,
  }
}

/** What the `Host` header of a request to a plugin looks like. */
function hostPattern(pattern: string): RegExp {
  const [, host = ''] = pattern.split('://')
  const fixed = host.replace('{plugin}', '').replaceAll('.', '\\.')
  return new RegExp(`^${host.startsWith('{plugin}') ? '[a-z][a-z0-9-]{0,62}' : ''}${fixed}$`)
}
