import { MortiseError } from '@mortise/contract'
import type { PluginStorage } from './config.ts'
import type { Database } from './database.ts'

/** What one plugin may keep: bytes of JSON text, and keys. */
export const storageLimits = { bytes: 5_000_000, keys: 10_000 } as const

/** The plugins' own store, in the embedded database. */
export function createPluginStorage(database: Database): PluginStorage {
  return {
    async get(plugin, key) {
      const row = await database
        .selectFrom('mortise_plugin_value')
        .select('value')
        .where('plugin', '=', plugin)
        .where('key', '=', key)
        .executeTakeFirst()
      return row ? JSON.parse(row.value) : null
    },
    async set(plugin, key, value) {
      const text = JSON.stringify(value ?? null)
      const size = Buffer.byteLength(text) + Buffer.byteLength(key)
      await database.transaction().execute(async (transaction) => {
        const used = await transaction
          .selectFrom('mortise_plugin_value')
          .select((eb) => [eb.fn.sum('size').as('bytes'), eb.fn.countAll().as('keys')])
          .where('plugin', '=', plugin)
          .where('key', '!=', key)
          .executeTakeFirstOrThrow()
        if (Number(used.bytes ?? 0) + size > storageLimits.bytes || Number(used.keys) >= storageLimits.keys) {
          throw new MortiseError(
            'STORAGE_FULL',
            `The store of ${plugin} is full: ${storageLimits.bytes / 1e6} MB in ${storageLimits.keys} keys at most.`,
          )
        }
        await transaction
          .insertInto('mortise_plugin_value')
          .values({ plugin, key, value: text, size })
          .onConflict((conflict) => conflict.columns(['plugin', 'key']).doUpdateSet({ value: text, size }))
          .execute()
      })
    },
    async delete(plugin, key) {
      await database
        .deleteFrom('mortise_plugin_value')
        .where('plugin', '=', plugin)
        .where('key', '=', key)
        .execute()
    },
    async keys(plugin, prefix = '') {
      const rows = await database
        .selectFrom('mortise_plugin_value')
        .select('key')
        .where('plugin', '=', plugin)
        .orderBy('key')
        .execute()
      return rows.map(({ key }) => key).filter((key) => key.startsWith(prefix))
    },
  }
}
