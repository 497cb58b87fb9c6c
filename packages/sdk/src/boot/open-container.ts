import * as runtimeCore from '@module-federation/runtime-core'
import { loadError } from './describe-error.ts'
import type { SharedModule } from './options.ts'

// Remotes are built without a runtime of their own and look for this one.
Object.assign(globalThis, { _FEDERATION_RUNTIME_CORE: runtimeCore })

const exposedModule = './plugin'

/**
 * Takes the plugin's module out of a federation container.
 *
 * The container was imported by us and is handed to the runtime, which therefore
 * loads nothing itself: its own loaders want a manifest, `new Function` or `<script>`.
 */
export async function openContainer(
  entry: string,
  container: unknown,
  shared: Readonly<Record<string, SharedModule>>,
  name: string,
): Promise<unknown> {
  const { get, init } = (container ?? {}) as { get?: unknown; init?: unknown }
  if (typeof get !== 'function' || typeof init !== 'function') {
    throw loadError('REMOTE_INVALID', `The entry of ${name} is not a federation container.`)
  }
  const instance = new runtimeCore.ModuleFederation({
    name: 'mortise_sandbox',
    remotes: [],
    shared: Object.fromEntries(Object.entries(shared).map(([key, module]) => [key, shareOf(module)])),
  })
  const remote = instance.initRawContainer(
    'plugin',
    entry,
    container as Parameters<typeof instance.initRawContainer>[2],
  )
  return remote.get(`plugin/${exposedModule.slice(2)}`, exposedModule)
}

function shareOf({ version, load }: SharedModule) {
  return {
    version,
    shareConfig: { singleton: true, requiredVersion: false as const },
    get: async () => {
      const module = await load()
      return () => module
    },
  }
}
