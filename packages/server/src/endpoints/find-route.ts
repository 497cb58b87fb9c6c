import type { GuestRoute } from '@mortise/contract'
import type { LoadedPlugin } from '@mortise/isolate'
import { grantedPermissions } from '../plugin-record.ts'
import type { InstalledPlugin, PluginStore } from '../plugin-store.ts'
import { matchPath } from './match-path.ts'

/** The plugin, when it is enabled and may have addresses. */
export function findServing(store: PluginStore, id: string): InstalledPlugin | undefined {
  const plugin = store.find(id)
  return plugin?.enabled && grantedPermissions(plugin).has('serve:http') ? plugin : undefined
}

/** Whether strangers may ask: the manifest says so and somebody approved it. */
export function isPublicPath(plugin: InstalledPlugin, parts: readonly string[]): boolean {
  if (!grantedPermissions(plugin).has('serve:public')) return false
  return (plugin.manifest.http.public ?? []).some((pattern) => matchPath(pattern, parts) !== undefined)
}

/** The first route that fits; where only the method does not, the methods there are. */
export function findRoute(
  { routes }: LoadedPlugin,
  sent: string,
  parts: readonly string[],
): { route?: GuestRoute; params: Record<string, string>; methods: readonly string[] } {
  const method = sent === 'HEAD' ? 'GET' : sent
  const methods = new Set<string>()
  for (const route of routes) {
    const params = matchPath(route.path, parts)
    if (!params) continue
    if (route.method === method || route.method === '*') return { route, params, methods: [] }
    methods.add(route.method)
  }
  return { params: {}, methods: [...methods] }
}
