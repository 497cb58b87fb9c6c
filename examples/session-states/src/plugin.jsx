import { definePlugin } from '@mortise/sdk'
import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'

const tones = { running: 'success', hibernated: 'neutral', failed: 'danger' }

function SessionStates({ api, events }) {
  const [states, setStates] = useState()
  const [failure, setFailure] = useState()

  useEffect(() => {
    const count = async () => {
      try {
        setStates(Object.groupBy(await api.sessions.list(), ({ state }) => state))
        setFailure(undefined)
      } catch (error) {
        setFailure(error.message)
      }
    }
    count()
    return events.on('session.*', count)
  }, [api, events])

  if (failure) return <m-text tone="danger">{failure}</m-text>
  if (!states) return <m-progress label="Counting sessions" />
  return (
    <m-list label="Sessions by state">
      {Object.entries(states).map(([state, sessions]) => (
        <m-list-item key={state}>
          <m-stack direction="row" justify="between">
            <m-badge tone={tones[state] ?? 'neutral'}>{state}</m-badge>
            <m-text weight="medium">{sessions.length}</m-text>
          </m-stack>
        </m-list-item>
      ))}
    </m-list>
  )
}

export default definePlugin({
  widgets: {
    'session-states'(context) {
      render(<SessionStates {...context} />, context.root)
      return () => render(null, context.root)
    },
  },
})
