import { isPluginId, toErrorRecord } from '@mortise/contract'
import type { Logger } from 'pino'
import type { Catalog } from '../catalog.ts'
import type { Actor } from '../config.ts'
import { type Config, listHosts } from '../plugin-config.ts'
import type { PluginManager } from '../plugin-manager.ts'
import type { PluginStore } from '../plugin-store.ts'

/** What the operator says about plugins in the environment: `PLUGINS_ENABLED`, `PLUGINS_ALLOWLIST`, `PLUGIN_<NAME>_CONFIG`. */
export interface OperatorPlugins {
  /** Names in the order they are started in; no other plugin runs. */
  readonly allowlist: readonly string[]
  readonly configs: Readonly<Record<string, Config>>
  /** What is wrong with the variables. */
  readonly warnings: readonly string[]
}

type Env = Readonly<Record<string, string | undefined>>

/** Reads the variables; `undefined` where `PLUGINS_ENABLED` is not set and the console decides alone. */
export function readOperatorPlugins(env: Env): OperatorPlugins | undefined {
  if (!env.PLUGINS_ENABLED) return undefined
  if (env.PLUGINS_ENABLED.trim().toLowerCase() !== 'true') return { allowlist: [], configs: {}, warnings: [] }
  const warnings: string[] = []
  const names = (env.PLUGINS_ALLOWLIST ?? '').split(',').map((name) => name.trim())
  const allowlist = [...new Set(names.filter(Boolean))].filter((name) => {
    if (isPluginId(name)) return true
    warnings.push(`PLUGINS_ALLOWLIST: '${name.slice(0, 64)}' is not the name of a plugin.`)
    return false
  })
  if (allowlist.length === 0) warnings.push('PLUGINS_ALLOWLIST names no plugin, so none runs.')
  const configs: Record<string, Config> = {}
  for (const name of allowlist) {
    const variable = `PLUGIN_${name.replace(/[^a-z0-9]/gi, '_').toUpperCase()}_CONFIG`
    const text = env[variable]
    if (!text) continue
    configs[name] = readConfig(text) ?? {}
    if (!readConfig(text)) warnings.push(`${variable} is not a JSON object, so it counts as {}.`)
  }
  return { allowlist, configs, warnings }
}

/** Never quoted in a message: a configuration holds secrets. */
function readConfig(text: string): Config | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Config)
      : undefined
  } catch {
    return undefined
  }
}

const operator: Actor = { id: 'operator', name: 'Operator', role: 'admin' }

/**
 * Makes plugins as the operator wants them: installed from the catalog, granted
 * what nobody decided on yet, configured, enabled. One that fails is logged and
 * holds up no other.
 */
export async function followOperator(
  { allowlist, configs, warnings }: OperatorPlugins,
  rooms: {
    readonly plugins: PluginManager
    readonly store: PluginStore
    readonly catalog: Catalog
    readonly log: Logger
  },
): Promise<void> {
  const { log } = rooms
  for (const warning of warnings) log.warn(warning)
  for (const name of allowlist) {
    try {
      await setUp(name, configs[name], rooms)
      log.info({ plugin: name }, 'Plugin loaded')
    } catch (thrown) {
      const { code, message } = toErrorRecord(thrown)
      log.error({ plugin: name, code, reason: message }, 'Plugin error')
    }
  }
}

async function setUp(
  name: string,
  config: Config | undefined,
  { plugins, store, catalog }: Parameters<typeof followOperator>[1],
): Promise<void> {
  if (!store.find(name)) await plugins.install(await catalog.read(name), `catalog:${name}`, operator)
  const pending = store.get(name).grants.filter(({ decision }) => decision === 'pending')
  if (pending.length > 0) {
    const yes = (kind: string) =>
      Object.fromEntries(pending.filter((grant) => grant.kind === kind).map(({ name }) => [name, true]))
    await plugins.grant(name, { permissions: yes('permission'), hosts: yes('host') }, operator)
  }
  if (config !== undefined) await plugins.configure(name, config, listHosts(config), operator)
  if (!store.get(name).enabled) await plugins.enable(name, operator)
}
