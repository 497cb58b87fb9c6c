import { Button, Stack, Stat, Text, useApi, useEvent, widget } from '@mortise/react'
import { definePlugin } from '@mortise/sdk'
import { useCallback, useEffect, useState, version } from 'react'

function SessionCount() {
  const api = useApi()
  const [running, setRunning] = useState()
  const [failure, setFailure] = useState()

  const count = useCallback(async () => {
    try {
      setRunning((await api.sessions.list({ state: 'running' })).length)
      setFailure(undefined)
    } catch (error) {
      setFailure(error.message)
    }
  }, [api])
  useEffect(() => {
    count()
  }, [count])
  useEvent('session.*', count)

  return (
    <Stack direction="column" gap="sm" align="start">
      {failure ? (
        <Text tone="danger">{failure}</Text>
      ) : (
        <Stat label="Running sessions" value={String(running ?? '…')} note={`Drawn by React ${version}`} />
      )}
      <Button size="sm" onPress={count}>
        Count again
      </Button>
    </Stack>
  )
}

export default definePlugin({ widgets: { 'session-count': widget(SessionCount) } })
