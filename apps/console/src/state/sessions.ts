import type { LifecycleEvent } from '@mortise/contract'
import type { Session, Template, User } from '@mortise/domains/streamspace'
import { useEffect } from 'react'
import { workspace } from '../api/workspace.ts'
import { patch, type Query, refresh, useQuery } from './query.ts'
import { host } from './shell.ts'

const sessionsKey = 'sessions'
const pageSize = 1000
/** Sessions read at most. Past it the table says that there are more. */
export const sessionLimit = 20_000

/** All sessions, newest first, kept current by the event feed. */
export function useSessions(): Query<readonly Session[]> & { reload: () => void } {
  const query = useQuery(sessionsKey, readAllSessions)
  useEffect(() => host.onEvent((_cursor, event) => followSession(event)), [])
  return query
}

export const useUsers = (): Query<readonly User[]> & { reload: () => void } =>
  useQuery('users', () => workspace.users.list({ limit: pageSize }))

export const useTemplates = (): Query<readonly Template[]> & { reload: () => void } =>
  useQuery('templates', () => workspace.templates.list({ limit: pageSize }))

/** Puts a session's newest form into the list, without waiting for the feed. */
export function keepSession(session: Session): void {
  patch<readonly Session[]>(sessionsKey, (sessions) => {
    const index = sessions.findIndex(({ id }) => id === session.id)
    if (index < 0) return [session, ...sessions]
    // Events may arrive late: never go back to an older form.
    if (sessions[index]!.updatedAt > session.updatedAt) return sessions
    return sessions.with(index, session)
  })
}

function followSession(event: LifecycleEvent): void {
  if (!event.event_type.startsWith('session.')) return
  const session = (event.data as { session?: Session } | undefined)?.session
  if (session?.id && session.updatedAt) keepSession(session)
  else void refresh(sessionsKey)
}

async function readAllSessions(): Promise<readonly Session[]> {
  const all: Session[] = []
  for (let offset = 0; offset < sessionLimit; offset += pageSize) {
    const page = await workspace.sessions.list({ limit: pageSize, offset })
    all.push(...page)
    if (page.length < pageSize) break
  }
  return all
}
