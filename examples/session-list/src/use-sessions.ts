import type { Session, StreamspaceApi } from '@mortise/domains/streamspace'
import { useApi, useEvent, usePermission } from '@mortise/react'
import { useEffect, useMemo, useState } from 'react'
import { oneAtATime } from './one-at-a-time.ts'

interface Sessions {
  /** Newest first, without those that ended. `undefined` until they were read once. */
  readonly sessions?: readonly Session[]
  /** Why the last try to read them failed. */
  readonly error?: unknown
}

/** The sessions of the workspace, read again whenever one of them changes. */
export function useSessions(): Sessions & { reload(): void } {
  const api = useApi<StreamspaceApi>()
  const { granted } = usePermission('read:sessions')
  const [state, setState] = useState<Sessions>({})

  const reload = useMemo(
    () =>
      oneAtATime(async () => {
        try {
          // Calls made together travel in one message.
          const [running, hibernated] = await Promise.all([
            api.sessions.list({ state: 'running' }),
            api.sessions.list({ state: 'hibernated' }),
          ])
          const byAge = (a: Session, b: Session) => b.createdAt.localeCompare(a.createdAt)
          setState({ sessions: [...running, ...hibernated].sort(byAge) })
        } catch (error) {
          setState((before) => ({ ...before, error }))
        }
      }),
    [api],
  )

  // A grant that changes is a reason to read again.
  useEffect(reload, [reload, granted])
  useEvent('session.*', reload)
  return { ...state, reload }
}
