import type { Manifest } from '@mortise/contract'
import type { Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/** Hosts that a manifest asks for, in the form they are compared in. */
export function hostsOfManifest(manifest: Manifest): string[] {
  return [...new Set((manifest.network?.allowedHosts ?? []).map((host) => host.trim().toLowerCase()))]
}

/**
 * Brings the grants of a plugin in line with what it asks for now: old decisions
 * stay, new wishes are undecided, and what it no longer asks for is gone.
 */
export async function keepGrants(
  transaction: Transaction<Tables>,
  plugin: string,
  wishes: {
    readonly permissions: readonly string[]
    readonly manifestHosts: readonly string[]
    readonly configHosts: readonly string[]
  },
): Promise<void> {
  const rows = [
    ...wishes.permissions.map((name) => ({ kind: 'permission' as const, name, origin: 'manifest' as const })),
    ...wishes.manifestHosts.map((name) => ({ kind: 'host' as const, name, origin: 'manifest' as const })),
    ...wishes.configHosts
      .filter((name) => !wishes.manifestHosts.includes(name))
      .map((name) => ({ kind: 'host' as const, name, origin: 'config' as const })),
  ]
  const before = await transaction
    .selectFrom('mortise_grant')
    .selectAll()
    .where('plugin', '=', plugin)
    .execute()
  for (const old of before) {
    if (!rows.some(({ kind, name }) => kind === old.kind && name === old.name)) await remove(transaction, old)
  }
  for (const row of rows) {
    await transaction
      .insertInto('mortise_grant')
      .values({ plugin, ...row, decision: 'pending', decided_by: null, decided_at: null })
      .onConflict((conflict) =>
        conflict.columns(['plugin', 'kind', 'name']).doUpdateSet({ origin: row.origin }),
      )
      .execute()
  }
}

/** Grants the hosts a saved configuration names, and takes back those it named before. */
export async function replaceConfigHosts(
  transaction: Transaction<Tables>,
  plugin: string,
  hosts: readonly string[],
  decided: { readonly by: string; readonly at: string },
): Promise<void> {
  const before = await transaction
    .selectFrom('mortise_grant')
    .selectAll()
    .where('plugin', '=', plugin)
    .where('kind', '=', 'host')
    .execute()
  for (const old of before) {
    if (old.origin === 'config' && !hosts.includes(old.name)) await remove(transaction, old)
  }
  for (const name of hosts) {
    const decision = { decision: 'granted' as const, decided_by: decided.by, decided_at: decided.at }
    // A host of the manifest stays the manifest's own: it must outlive this configuration.
    await transaction
      .insertInto('mortise_grant')
      .values({ plugin, kind: 'host', name, origin: 'config', ...decision })
      .onConflict((conflict) =>
        conflict
          .columns(['plugin', 'kind', 'name'])
          .doUpdateSet(decision)
          .where('mortise_grant.decision', '!=', 'granted'),
      )
      .execute()
  }
}

async function remove(
  transaction: Transaction<Tables>,
  grant: { readonly plugin: string; readonly kind: 'permission' | 'host'; readonly name: string },
): Promise<void> {
  await transaction
    .deleteFrom('mortise_grant')
    .where('plugin', '=', grant.plugin)
    .where('kind', '=', grant.kind)
    .where('name', '=', grant.name)
    .execute()
}
