/** Which hosts and origins are ours: what keeps rebinding and cross-site requests out. */
export interface Origins {
  /** Where the console is, such as `http://localhost:4780`. */
  readonly main: string
  /** Whether a `Host` header names the console's own host. */
  isMainHost(host: string | undefined): boolean
  /** Whether a `Host` header names the host of a plugin, where only sandbox documents and plugin files are. */
  isPluginHost(host: string | undefined): boolean
  /** Whether an `Origin` header may change things with a cookie. */
  isOwnOrigin(origin: string | undefined): boolean
}

export function createOrigins(port: number): Origins {
  // Browsers leave the scheme's own port out.
  const suffix = port === 80 ? '' : `:${port}`
  const hosts = new Set(['localhost', '127.0.0.1', '[::1]'].map((host) => `${host}${suffix}`))
  const pluginHost = new RegExp(`^[a-z][a-z0-9-]{0,63}\\.localhost${suffix}$`)
  return {
    main: `http://localhost${suffix}`,
    isMainHost: (host) => host !== undefined && hosts.has(host.toLowerCase()),
    isPluginHost: (host) => host !== undefined && pluginHost.test(host.toLowerCase()),
    isOwnOrigin: (origin) =>
      origin?.startsWith('http://') === true && hosts.has(origin.slice('http://'.length).toLowerCase()),
  }
}
