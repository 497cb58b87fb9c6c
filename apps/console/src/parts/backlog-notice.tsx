import { Notice } from '@mortise/react/host'
import { FullTime } from './time.tsx'

/** Says that a receiver does not get on with what happens, and what it lost. */
export function BacklogNotice({
  name,
  behindSince,
  lost,
}: {
  readonly name: string
  readonly behindSince: string | null
  readonly lost: number
}) {
  const events = lost === 1 ? '1 event' : `${lost.toLocaleString('en')} events`
  return (
    <>
      {behindSince !== null && (
        <Notice tone="warning" title={`${name} is behind`}>
          Since <FullTime time={behindSince} /> more happens than it takes. What is not listed yet waits in
          the log and follows as soon as it gets on.
        </Notice>
      )}
      {lost > 0 && (
        <Notice tone="danger" title={`${events} never reached ${name}`}>
          It was so far behind that they left the log before it came to them.
        </Notice>
      )}
    </>
  )
}
