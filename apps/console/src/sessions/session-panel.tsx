import type { Session } from '@mortise/domains/streamspace'
import { Button, CodeText, ConfirmDialog, EmptyState, IconButton, Skeleton, Slot } from '@mortise/react/host'
import X from 'lucide-react/icons/x'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { workspace } from '../api/workspace.ts'
import { Details } from '../parts/details.tsx'
import { SessionStateBadge } from '../parts/status.tsx'
import { FullTime } from '../parts/time.tsx'
import { useOpenPlugin } from '../parts/use-open-plugin.ts'
import { keepSession } from '../state/sessions.ts'
import { toast, toastFailure } from '../state/toasts.ts'

type Action = 'hibernate' | 'wake' | 'terminate'

const done: Readonly<Record<Action, string>> = {
  hibernate: 'Session hibernated',
  wake: 'Session woken',
  terminate: 'Session terminated',
}

interface SessionPanelProps {
  readonly id: string
  /** `undefined` while sessions are read, or where none has the id. */
  readonly session: Session | undefined
  readonly loading: boolean
  readonly onClose: () => void
}

/** One session beside the list: what it is, what can be done, and what plugins add. */
export function SessionPanel({ id, session, loading, onClose }: SessionPanelProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  const context = useMemo(() => ({ sessionId: id }), [id])
  const openPlugin = useOpenPlugin()
  const shown = session !== undefined
  useEffect(() => {
    if (shown) heading.current?.focus({ preventScroll: true })
  }, [shown])
  return (
    <aside
      className="c-panel"
      aria-label="Session details"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) onClose()
      }}
    >
      <header className="c-panel__head">
        <h2 ref={heading} tabIndex={-1} className="c-panel__title">
          {session?.name ?? 'Session'}
        </h2>
        <IconButton label="Close details" icon={<X />} size="sm" onPress={onClose} />
      </header>
      {session ? (
        <>
          <div className="c-panel__body">
            <Details items={facts(session)} />
            <SessionActions session={session} />
          </div>
          <div className="c-panel__slot">
            <Slot
              id="session.detail"
              context={context}
              label="Session widgets"
              empty={null}
              onOpenPlugin={openPlugin}
            />
          </div>
        </>
      ) : loading ? (
        <div className="c-panel__body" aria-busy="true">
          <Skeleton width={80} />
          <Skeleton width={60} />
          <Skeleton width={80} />
        </div>
      ) : (
        <EmptyState
          size="sm"
          title="There is no such session"
          description="It was removed, or the link is not complete."
        >
          <Button onPress={onClose}>Show all sessions</Button>
        </EmptyState>
      )}
    </aside>
  )
}

function facts(session: Session): readonly (readonly [string, ReactNode])[] {
  return [
    ['State', <SessionStateBadge key="state" state={session.state} />],
    ['User', session.user],
    ['Template', session.template],
    ['Memory', <CodeText key="memory">{session.resources.memory}</CodeText>],
    ['CPU', <CodeText key="cpu">{session.resources.cpu}</CodeText>],
    ['Home folder', session.persistentHome ? 'Kept after the session ends' : 'Deleted with the session'],
    ['Idle timeout', session.idleTimeout],
    ['Created', <FullTime key="created" time={session.createdAt} />],
    ['Updated', <FullTime key="updated" time={session.updatedAt} />],
    ['Id', <CodeText key="id">{session.id}</CodeText>],
  ]
}

function SessionActions({ session }: { readonly session: Session }) {
  const [busy, setBusy] = useState<Action>()
  const [confirming, setConfirming] = useState(false)
  if (session.state === 'terminated') return null

  const run = async (action: Action) => {
    setBusy(action)
    try {
      keepSession(await workspace.sessions[action](session.id))
      toast(done[action], session.name)
    } catch (error) {
      toastFailure(`${session.name} is unchanged`, error)
    } finally {
      setBusy(undefined)
      setConfirming(false)
    }
  }

  return (
    <div className="c-actions">
      {session.state === 'running' ? (
        <Button
          loading={busy === 'hibernate'}
          disabled={busy !== undefined}
          onPress={() => void run('hibernate')}
        >
          Hibernate
        </Button>
      ) : (
        <Button loading={busy === 'wake'} disabled={busy !== undefined} onPress={() => void run('wake')}>
          Wake
        </Button>
      )}
      <Button disabled={busy !== undefined} onPress={() => setConfirming(true)}>
        Terminate
      </Button>
      <ConfirmDialog
        open={confirming}
        onOpenChange={setConfirming}
        title={`Terminate ${session.name}?`}
        description={
          session.persistentHome
            ? 'Programs in it stop and unsaved work is lost. The home folder is kept. This cannot be undone.'
            : 'Programs in it stop and everything in it is deleted. This cannot be undone.'
        }
        confirmLabel="Terminate session"
        tone="danger"
        loading={busy === 'terminate'}
        onConfirm={() => void run('terminate')}
      />
    </div>
  )
}
