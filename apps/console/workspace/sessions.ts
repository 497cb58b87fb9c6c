import { MortiseError, type Providers, type PublishedEvent } from '@mortise/contract'
import type { Session, streamspace } from '@mortise/domains/streamspace'
import type { CallContext, HostServices } from '@mortise/server'
import type { Transaction } from 'kysely'
import { toSession } from './rows.ts'
import type { WorkspaceTables } from './tables.ts'

type SessionProviders = Providers<typeof streamspace, CallContext>['sessions']

/** What can happen to a session: from which states, to which, and the event it makes. */
const moves = {
  hibernate: { from: ['running'], to: 'hibernated', event: 'session.hibernated' },
  wake: { from: ['hibernated'], to: 'running', event: 'session.woken' },
  terminate: { from: ['running', 'hibernated'], to: 'terminated', event: 'session.deleted' },
} as const satisfies Record<
  string,
  { from: readonly Session['state'][]; to: Session['state']; event: string }
>

/** Sessions in the database. Each change and its event are one transaction. */
export function createSessions(services: HostServices<WorkspaceTables>): SessionProviders {
  const { database, transact, newId } = services

  const move =
    (name: keyof typeof moves) =>
    (context: CallContext, id: string): Promise<Session> =>
      transact(async (transaction, emit) => {
        const { from, to, event } = moves[name]
        const before = await find(transaction, id)
        if (!(from as readonly string[]).includes(before.state)) {
          throw new MortiseError('CONFLICT', `A session that is ${before.state} cannot ${name}.`, {
            name: 'InvalidStateTransitionError',
            data: { id, state: before.state, action: name },
          })
        }
        const now = context.now.toISOString()
        const row = await transaction
          .updateTable('workspace_session')
          .set({ state: to, updated_at: now, ...(to === 'running' ? { last_activity: now } : {}) })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirstOrThrow()
        const session = toSession(row)
        emit(sessionEvent(event, session, context))
        return session
      })

  return {
    async list(_context, { user, state, template, limit, offset }) {
      let query = database.selectFrom('workspace_session').selectAll()
      if (user !== undefined) query = query.where('user', '=', user)
      if (state !== undefined) query = query.where('state', '=', state)
      if (template !== undefined) query = query.where('template', '=', template)
      const rows = await query
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .offset(offset)
        .execute()
      return rows.map(toSession)
    },
    async get(_context, id) {
      const row = await database
        .selectFrom('workspace_session')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst()
      return row ? toSession(row) : notFound(id)
    },
    create: (context, wanted) =>
      transact(async (transaction, emit) => {
        const user = await transaction
          .selectFrom('workspace_user')
          .select('username')
          .where('username', '=', wanted.user)
          .executeTakeFirst()
        if (!user) {
          throw new MortiseError('NOT_FOUND', `There is no user '${wanted.user}'.`, {
            name: 'UserNotFoundError',
          })
        }
        const template = await transaction
          .selectFrom('workspace_template')
          .select(['memory', 'cpu'])
          .where('name', '=', wanted.template)
          .executeTakeFirst()
        if (!template) {
          throw new MortiseError('NOT_FOUND', `There is no template '${wanted.template}'.`, {
            name: 'TemplateNotFoundError',
          })
        }
        const id = `ses-${newId().replaceAll('-', '').slice(0, 12)}`
        const now = context.now.toISOString()
        const row = await transaction
          .insertInto('workspace_session')
          .values({
            id,
            name: wanted.name ?? `${wanted.user}-${wanted.template}`,
            user: wanted.user,
            template: wanted.template,
            state: 'running',
            memory: wanted.resources?.memory ?? template.memory,
            cpu: wanted.resources?.cpu ?? template.cpu,
            persistent_home: wanted.persistentHome ? 1 : 0,
            idle_timeout: wanted.idleTimeout,
            created_at: now,
            updated_at: now,
            last_activity: now,
          })
          .returningAll()
          .executeTakeFirstOrThrow()
        const session = toSession(row)
        emit(sessionEvent('session.created', session, context))
        return session
      }),
    hibernate: move('hibernate'),
    wake: move('wake'),
    terminate: move('terminate'),
  }
}

async function find(transaction: Transaction<WorkspaceTables>, id: string) {
  const row = await transaction
    .selectFrom('workspace_session')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? notFound(id)
}

function notFound(id: string): never {
  throw new MortiseError('NOT_FOUND', `There is no session '${id}'.`, { name: 'SessionNotFoundError' })
}

function sessionEvent(type: string, session: Session, { actor }: CallContext): PublishedEvent {
  return {
    event_type: type,
    user_id: actor.id,
    username: actor.name,
    target_type: 'session',
    target_id: session.id,
    data: { session },
  }
}
