import { Button, Notice } from '@mortise/react/host'
import { useState } from 'react'
import { toast, toastFailure } from '../state/toasts.ts'
import { FullTime } from './time.tsx'

interface BacklogNoticeProps {
  readonly name: string
  readonly behindSince: string | null
  readonly lost: number
  readonly lostAt: string | null
  /** Takes note of what was lost up to a time. */
  readonly dismiss: (lostAt: string) => Promise<unknown>
  /** Reads anew what is shown. */
  readonly onDismissed: () => void
}

/** Says that a receiver does not get on with what happens, and what it lost. */
export function BacklogNotice({ name, behindSince, lost, lostAt, dismiss, onDismissed }: BacklogNoticeProps) {
  const [busy, setBusy] = useState(false)
  const events = lost === 1 ? '1 event' : `${lost.toLocaleString('en')} events`

  const take = async (at: string) => {
    setBusy(true)
    try {
      await dismiss(at)
      toast('Dismissed', `${events} that never reached ${name}`)
    } catch (error) {
      toastFailure('Nothing was dismissed', error)
    } finally {
      setBusy(false)
      onDismissed()
    }
  }

  return (
    <>
      {behindSince !== null && (
        <Notice tone="warning" title={`${name} is behind`}>
          Since <FullTime time={behindSince} /> more happens than it takes. What is not listed yet waits in
          the log and follows as soon as it gets on.
        </Notice>
      )}
      {lost > 0 && lostAt !== null && (
        <Notice
          tone="danger"
          title={`${events} never reached ${name}`}
          actions={
            <Button
              size="sm"
              label={`Dismiss what ${name} lost`}
              loading={busy}
              onPress={() => void take(lostAt)}
            >
              Dismiss
            </Button>
          }
        >
          It was so far behind that they left the log before it came to them, last <FullTime time={lostAt} />.
        </Notice>
      )}
    </>
  )
}
