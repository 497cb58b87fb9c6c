import type { Providers } from '@mortise/contract'
import { MortiseError } from '@mortise/contract'
import type { streamspace } from '@mortise/domains/streamspace'
import type { CallContext, HostServices } from '@mortise/server'
import { migrations } from './migrations.ts'
import { toTemplate, toUser } from './rows.ts'
import { seedWorkspace } from './seed.ts'
import { createSessions } from './sessions.ts'
import type { WorkspaceTables } from './tables.ts'

/** Opens the reference workspace: tables, something to look at, and the methods of the domain over it. */
export async function openWorkspace(
  services: HostServices<WorkspaceTables>,
): Promise<Providers<typeof streamspace, CallContext>> {
  const { database, pluginStorage } = services
  await services.migrate(migrations)
  await seedWorkspace(database, services.now())
  return {
    sessions: createSessions(services),
    users: {
      async list(_context, { tier, limit, offset }) {
        let query = database.selectFrom('workspace_user').selectAll()
        if (tier !== undefined) query = query.where('tier', '=', tier)
        return (await query.orderBy('username').limit(limit).offset(offset).execute()).map(toUser)
      },
      async get(_context, username) {
        const row = await database
          .selectFrom('workspace_user')
          .selectAll()
          .where('username', '=', username)
          .executeTakeFirst()
        return toUser(row ?? fail('UserNotFoundError', `There is no user '${username}'.`))
      },
    },
    templates: {
      async list(_context, { category, limit, offset }) {
        let query = database.selectFrom('workspace_template').selectAll()
        if (category !== undefined) query = query.where('category', '=', category)
        return (await query.orderBy('name').limit(limit).offset(offset).execute()).map(toTemplate)
      },
      async get(_context, name) {
        const row = await database
          .selectFrom('workspace_template')
          .selectAll()
          .where('name', '=', name)
          .executeTakeFirst()
        return toTemplate(row ?? fail('TemplateNotFoundError', `There is no template '${name}'.`))
      },
    },
    storage: {
      get: (context, key) => pluginStorage.get(ownerOf(context), key),
      set: (context, key, value) => pluginStorage.set(ownerOf(context), key, value),
      delete: (context, key) => pluginStorage.delete(ownerOf(context), key),
      keys: (context, prefix) => pluginStorage.keys(ownerOf(context), prefix),
    },
  }
}

function ownerOf({ plugin }: CallContext): string {
  if (plugin) return plugin.id
  throw new MortiseError('FORBIDDEN', 'The storage belongs to plugins: only a plugin can use it.')
}

function fail(name: string, message: string): never {
  throw new MortiseError('NOT_FOUND', message, { name })
}
