import { Button, Dialog, type DialogProps } from '@mortise/react/host'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { ErrorNotice } from './error-notice.tsx'

/** What fields show of an attempt to send them. */
export interface FormAttempt {
  /** Set from the first attempt on: a field that lacks something says so. */
  readonly tried: boolean
  /** Why the last attempt failed, until the next. */
  readonly failure: unknown
}

interface FormDialogProps extends Pick<DialogProps, 'title' | 'description' | 'size'> {
  readonly submitLabel: string
  /** Title above what `onSubmit` threw. */
  readonly failureTitle: string
  /** Whether the fields have what is needed. Without it nothing is sent. */
  readonly complete: boolean
  /** Whether the fields show a failure themselves. Never by default. */
  readonly isPlaced?: (failure: unknown) => boolean
  /** Sends what was entered and closes the dialog. */
  readonly onSubmit: () => Promise<void>
  readonly onClose: () => void
  readonly children: (attempt: FormAttempt) => ReactNode
}

/** A form in a dialog: checked, sent once at a time, and kept as it is where sending fails. */
export function FormDialog(props: FormDialogProps) {
  const { submitLabel, failureTitle, complete, isPlaced, onSubmit, onClose, children, ...dialog } = props
  const formId = useId()
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>()

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!complete || busy) return
    setBusy(true)
    setFailure(undefined)
    try {
      await onSubmit()
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog
      {...dialog}
      open
      onOpenChange={(open) => !open && onClose()}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" loading={busy}>
            {submitLabel}
          </Button>
        </>
      }
    >
      <form id={formId} className="c-form" onSubmit={(event) => void submit(event)} noValidate>
        {children({ tried, failure })}
        {failure !== undefined && !isPlaced?.(failure) && (
          <ErrorNotice title={failureTitle} error={failure} />
        )}
      </form>
    </Dialog>
  )
}
