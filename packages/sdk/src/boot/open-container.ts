import { loadError } from './describe-error.ts'
import type { SharedModule } from './options.ts'

export const exposedModule = './plugin'

/** A federation container: what every remote exports, whoever built it. */
export interface Container {
  init(shareScope: Readonly<Record<string, unknown>>): unknown
  get(name: string): Promise<() => unknown>
}

/** @throws REMOTE_INVALID where the entry exports something else. */
export function readContainer(entry: unknown, name: string): Container {
  const { get, init } = (entry ?? {}) as { get?: unknown; init?: unknown }
  if (typeof get !== 'function' || typeof init !== 'function') {
    throw loadError('REMOTE_INVALID', `The entry of ${name} is not a federation container.`)
  }
  return entry as Container
}

/**
 * Takes the plugin's module out of a container that needs nothing but its share
 * scope: the packages by name, then by version, each with a way to load it.
 */
export async function openContainer(
  entry: unknown,
  shared: Readonly<Record<string, SharedModule>>,
  name: string,
): Promise<unknown> {
  const container = readContainer(entry, name)
  const scope = Object.entries(shared).map(([key, { version, load }]) => {
    const get = async () => {
      const module = await load()
      return () => module
    }
    return [key, { [version]: { get, from: 'mortise_sandbox', eager: false } }]
  })
  await container.init(Object.fromEntries(scope))
  return (await container.get(exposedModule))()
}
