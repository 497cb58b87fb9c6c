import * as runtimeCore from '@module-federation/runtime-core'
import { exposedModule, readContainer } from './open-container.ts'
import type { SharedModule } from './options.ts'

// Remotes are built without a runtime of their own and look for this one.
Object.assign(globalThis, { _FEDERATION_RUNTIME_CORE: runtimeCore })

/**
 * Takes the plugin's module out of a container that another tool built, with the
 * runtime of Module Federation.
 *
 * The container was imported by us and is handed to the runtime, which therefore
 * loads nothing itself: its own loaders want a manifest, `new Function` or `<script>`.
 */
export async function openForeignContainer(
  entry: string,
  container: unknown,
  shared: Readonly<Record<string, SharedModule>>,
  name: string,
): Promise<unknown> {
  readContainer(container, name)
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
