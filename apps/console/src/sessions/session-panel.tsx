import type { Session } from '@mortise/domains/streamspace'
import { Button, CodeText, ConfirmDialog, Slot } from '@mortise/react/host'
import { type ReactNode, useMemo, useState } from 'react'
import { workspace } from '../api/workspace.ts'
import { Details } from '../parts/details.tsx'
import { SidePanel } from '../parts/side-panel.tsx'
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
  const context = useMemo(() => ({ sessionId: id }), [id])
  const openPlugin = useOpenPlugin()
  return (
    <SidePanel
      kind="session"
      title={session?.name}
      loading={loading}
      absent="It was removed, or the link is not complete."
      onClose={onClose}
    >
      {session && (
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
      )}
    </SidePanel>
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
