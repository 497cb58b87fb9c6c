import type { Session, StreamspaceApi } from '@mortise/domains/streamspace'
import { Badge, Button, EmptyState, List, ListItem, Progress, Stack, Text, useApi } from '@mortise/react'
import { useState } from 'react'
import { Failure } from './failure.tsx'
import { useSessions } from './use-sessions.ts'

/** The widget: every session that has not ended, with a button to put it to sleep or to wake it. */
export function SessionList() {
  const { sessions, error, reload } = useSessions()
  const [refused, setRefused] = useState<unknown>()

  if (error) return <Failure error={error} permission="read:sessions" onRetry={reload} />
  if (!sessions) return <Progress label="Loading sessions" />
  if (sessions.length === 0) {
    return <EmptyState title="No sessions yet" description="Start a session and it appears here at once." />
  }
  return (
    <Stack direction="column" gap="md">
      {refused !== undefined && (
        <Failure error={refused} permission="write:sessions" onRetry={() => setRefused(undefined)} />
      )}
      <List label="Sessions">
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} onResult={setRefused} />
        ))}
      </List>
    </Stack>
  )
}

interface SessionRowProps {
  readonly session: Session
  /** Told the error of the last action, `undefined` when it worked. */
  readonly onResult: (error: unknown) => void
}

function SessionRow({ session, onResult }: SessionRowProps) {
  const api = useApi<StreamspaceApi>()
  const [busy, setBusy] = useState(false)
  const running = session.state === 'running'
  const action = running ? 'Hibernate' : 'Wake'

  async function act() {
    setBusy(true)
    try {
      await (running ? api.sessions.hibernate(session.id) : api.sessions.wake(session.id))
      onResult(undefined)
    } catch (error) {
      onResult(error)
    }
    setBusy(false)
  }

  return (
    <ListItem>
      <Stack direction="column" gap="none">
        <Text weight="medium" truncate>
          {session.name}
        </Text>
        <Text size="sm" tone="muted" truncate>
          {session.user} · {session.template}
        </Text>
      </Stack>
      <Stack direction="row" gap="md" align="center">
        <Badge tone={running ? 'success' : 'neutral'}>{session.state}</Badge>
        <Button
          size="sm"
          variant="secondary"
          label={`${action} ${session.name}`}
          loading={busy}
          onPress={act}
        >
          {action}
        </Button>
      </Stack>
    </ListItem>
  )
}
