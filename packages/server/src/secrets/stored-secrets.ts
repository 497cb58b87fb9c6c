import type { Transaction } from 'kysely'
import type { Database } from '../database.ts'
import { type Config, joinSecrets, splitSecrets } from '../plugin-config.ts'
import type { Tables } from '../tables.ts'
import type { Vault } from './vault.ts'

/** A secret as the backend holds it in memory. */
export interface OwnSecret {
  readonly value: string
  readonly setAt: string
}

type Stamp = { readonly by: string; readonly at: string }
type Kind = Tables['mortise_secret']['kind']

/** Sealed rows: what plugins may know and nobody else may read. */
export class StoredSecrets {
  readonly #vault: Vault

  constructor(vault: Vault) {
    this.#vault = vault
  }

  /**
   * Stores the secret values of a configuration in place of those it had.
   *
   * @returns JSON of the configuration without them, for the plugin's own row.
   */
  async takeOut(
    transaction: Transaction<Tables>,
    plugin: string,
    schema: Readonly<Record<string, unknown>> | undefined,
    config: Config,
    stamp: Stamp,
  ): Promise<string> {
    const { open, secrets } = splitSecrets(schema, config)
    await transaction
      .deleteFrom('mortise_secret')
      .where('plugin', '=', plugin)
      .where('kind', '=', 'config')
      .execute()
    for (const [pointer, value] of secrets) {
      await this.#write(transaction, { plugin, kind: 'config', name: pointer }, JSON.stringify(value), stamp)
    }
    return JSON.stringify(open)
  }

  /** The configuration of a row with its secret values put back, and the plugin's own secrets. */
  async read(
    database: Database | Transaction<Tables>,
    plugin: string,
    config: string,
  ): Promise<{ config: Config; own: ReadonlyMap<string, OwnSecret> }> {
    const rows = await database
      .selectFrom('mortise_secret')
      .selectAll()
      .where('plugin', '=', plugin)
      .execute()
    const values: [string, unknown][] = []
    const own = new Map<string, OwnSecret>()
    for (const { kind, name, sealed, set_at } of rows) {
      const text = this.#vault.open(sealed, placeOf(plugin, kind, name))
      if (kind === 'config') values.push([name, JSON.parse(text)])
      else own.set(name, { value: text, setAt: set_at })
    }
    return { config: joinSecrets(JSON.parse(config), values), own }
  }

  /** Sets or, with `null`, forgets secrets of the manifest. */
  async change(
    transaction: Transaction<Tables>,
    plugin: string,
    changes: Readonly<Record<string, string | null>>,
    stamp: Stamp,
  ): Promise<void> {
    for (const [name, value] of Object.entries(changes)) {
      const row = { plugin, kind: 'own' as const, name }
      if (value !== null) await this.#write(transaction, row, value, stamp)
      else {
        await transaction
          .deleteFrom('mortise_secret')
          .where('plugin', '=', plugin)
          .where('kind', '=', 'own')
          .where('name', '=', name)
          .execute()
      }
    }
  }

  async #write(
    transaction: Transaction<Tables>,
    row: { readonly plugin: string; readonly kind: Kind; readonly name: string },
    text: string,
    { by, at }: Stamp,
  ): Promise<void> {
    const value = {
      sealed: this.#vault.seal(text, placeOf(row.plugin, row.kind, row.name)),
      set_by: by,
      set_at: at,
    }
    await transaction
      .insertInto('mortise_secret')
      .values({ ...row, ...value })
      .onConflict((conflict) => conflict.columns(['plugin', 'kind', 'name']).doUpdateSet(value))
      .execute()
  }
}

/** Binds sealed text to its row: swapped between plugins or names, it does not open. */
function placeOf(plugin: string, kind: Kind, name: string): string {
  return `${plugin} ${kind} ${name}`
}
