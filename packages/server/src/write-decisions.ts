import { MortiseError } from '@mortise/contract'
import type { Actor } from './config.ts'
import { pluginEvent } from './plugin-event.ts'
import type { InstalledPlugin } from './plugin-store.ts'
import type { Transact } from './transact.ts'

/** What somebody decided, yes or no, by name. */
export type Decisions = Readonly<Record<'permissions' | 'hosts', Readonly<Record<string, boolean>>>>

/**
 * Stores decisions on permissions and hosts. Names left out keep theirs.
 *
 * @throws `INPUT_INVALID` for a name the plugin does not ask for.
 */
export async function writeDecisions(
  { transact, now }: { readonly transact: Transact; readonly now: () => Date },
  { id, grants }: InstalledPlugin,
  { permissions, hosts }: Decisions,
  actor: Actor,
): Promise<void> {
  const changes = [
    ...Object.entries(permissions).map(([name, yes]) => ({ kind: 'permission' as const, name, yes })),
    ...Object.entries(hosts).map(([name, yes]) => ({ kind: 'host' as const, name, yes })),
  ]
  for (const { kind, name } of changes) {
    if (!grants.some((grant) => grant.kind === kind && grant.name === name)) {
      const pointer = `/${kind}s/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
      throw new MortiseError('INPUT_INVALID', `${id} does not ask for the ${kind} '${name}'.`, {
        data: { issues: [{ pointer, message: 'is not asked for by this plugin.' }] },
      })
    }
  }
  await transact(async (transaction, emit) => {
    for (const { kind, name, yes } of changes) {
      await transaction
        .updateTable('mortise_grant')
        .set({
          decision: yes ? 'granted' : 'denied',
          decided_by: actor.id,
          decided_at: now().toISOString(),
        })
        .where('plugin', '=', id)
        .where('kind', '=', kind)
        .where('name', '=', name)
        .execute()
    }
    emit(pluginEvent('plugin.granted', id, actor))
  })
}
