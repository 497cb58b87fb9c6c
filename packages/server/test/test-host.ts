import { MortiseError } from '@mortise/contract'
import { type Session, streamspace } from '@mortise/domains/streamspace'
import { streamspaceDialect } from '@mortise/domains/streamspace/dialect'
import { type CallContext, defineConfig, type HostServices, type ProviderTable } from '../src/index.ts'

/** A small host of the StreamSpace domain: sessions in memory, events in the log as everywhere. */
export const testHost = defineConfig({
  name: 'Test host',
  domains: [streamspace],
  dialect: streamspaceDialect,
  setup: createProviders,
})

function createProviders({ transact, pluginStorage, newId }: HostServices): ProviderTable {
  const sessions = new Map<string, Session>()
  const get = (id: string): Session => {
    const session = sessions.get(id)
    if (session) return session
    throw new MortiseError('NOT_FOUND', `There is no session '${id}'.`, { name: 'SessionNotFoundError' })
  }
  const save = (session: Session, type: string) =>
    transact(async (_transaction, emit) => {
      sessions.set(session.id, session)
      emit({ event_type: type, data: { session } })
      return session
    })
  const move =
    (state: Session['state'], type: string) =>
    (_context: CallContext, id: string): Promise<Session> =>
      save({ ...get(id), state }, type)
  const none = () => []
  const owner = ({ plugin }: CallContext) => plugin?.id ?? ''
  return {
    sessions: {
      list: () => [...sessions.values()],
      get: (_context, id: string) => get(id),
      create: ({ now }, wanted: { user: string; template: string; name?: string }) =>
        save(
          {
            id: `ses-${newId()}`,
            name: wanted.name ?? 'session',
            user: wanted.user,
            template: wanted.template,
            state: 'running',
            resources: { memory: '1Gi', cpu: '500m' },
            persistentHome: true,
            idleTimeout: '30m',
            createdAt: now.toISOString(),
            updatedAt: now.toISOString(),
          },
          'session.created',
        ),
      hibernate: move('hibernated', 'session.hibernated'),
      wake: move('running', 'session.woken'),
      terminate: move('terminated', 'session.deleted'),
    },
    users: { list: none, get: none },
    templates: { list: none, get: none },
    storage: {
      get: (context, key: string) => pluginStorage.get(owner(context), key),
      set: (context, key: string, value: unknown) => pluginStorage.set(owner(context), key, value),
      delete: (context, key: string) => pluginStorage.delete(owner(context), key),
      keys: (context, prefix: string) => pluginStorage.keys(owner(context), prefix),
    },
  }
}
