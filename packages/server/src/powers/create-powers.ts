import type { PluginManager } from '../plugin-manager.ts'
import type { PluginStore } from '../plugin-store.ts'
import { PluginSecrets } from '../secrets/plugin-secrets.ts'
import type { Transact } from '../transact.ts'
import { PluginFiles } from './files.ts'
import { joinPowers, type Power } from './power.ts'

export interface PowersOptions {
  readonly dataDir: string
  readonly store: PluginStore
  readonly transact: Transact
  readonly plugins: PluginManager
  readonly now: () => Date
}

/** Everything the backend lends to server code, ready to be called. */
export async function createPowers({
  dataDir,
  store,
  transact,
  plugins,
  now,
}: PowersOptions): Promise<Required<Power>> {
  const files = new PluginFiles(dataDir, now)
  await files.open(store.list().map(({ id }) => id))
  const secrets = new PluginSecrets({
    store,
    transact,
    now,
    didChange: (id) => plugins.protectSecrets(id),
    record: (id) => plugins.record(id),
  })
  return joinPowers([secrets, files])
}
