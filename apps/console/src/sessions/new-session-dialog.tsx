import { Button, Dialog, Select, TextField } from '@mortise/react/host'
import { type FormEvent, useState } from 'react'
import { workspace } from '../api/workspace.ts'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { keepSession, useTemplates, useUsers } from '../state/sessions.ts'
import { toast } from '../state/toasts.ts'

const formId = 'new-session'

/** Asks for a template and a user, and starts a session. */
export function NewSessionDialog({ onClose }: { readonly onClose: () => void }) {
  const users = useUsers()
  const templates = useTemplates()
  const [template, setTemplate] = useState<string>()
  const [user, setUser] = useState<string>()
  const [name, setName] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>()
  const readError = users.error ?? templates.error

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!template || !user) return
    setBusy(true)
    setFailure(undefined)
    try {
      const session = await workspace.sessions.create({
        template,
        user,
        ...(name.trim() === '' ? {} : { name: name.trim() }),
      })
      keepSession(session)
      toast('Session created', session.name)
      onClose()
    } catch (error) {
      setFailure(error)
      setBusy(false)
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="New session"
      description="Starts at once. The user finds it in their list."
      size="sm"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" form={formId} variant="primary" loading={busy}>
            Create session
          </Button>
        </>
      }
    >
      <form id={formId} className="c-form" onSubmit={(event) => void submit(event)} noValidate>
        {readError !== undefined && (
          <ErrorNotice
            title="Templates and users could not be read"
            error={readError}
            onRetry={() => {
              users.reload()
              templates.reload()
            }}
          />
        )}
        <Select
          label="Template"
          required
          value={template ?? null}
          options={(templates.data ?? []).map((each) => ({ value: each.name, label: each.displayName }))}
          placeholder={templates.data ? 'Choose a template' : 'Reading templates…'}
          error={tried && !template ? 'Choose what the session is made from.' : undefined}
          onChange={setTemplate}
        />
        <Select
          label="User"
          required
          value={user ?? null}
          options={(users.data ?? []).map((each) => ({
            value: each.username,
            label: each.fullName ? `${each.fullName} (${each.username})` : each.username,
          }))}
          placeholder={users.data ? 'Choose a user' : 'Reading users…'}
          error={tried && !user ? 'Choose who the session belongs to.' : undefined}
          onChange={setUser}
        />
        <TextField
          label="Name"
          description="Made from the user and the template if you leave it empty."
          value={name}
          onChange={setName}
        />
        {failure !== undefined && <ErrorNotice title="The session was not created" error={failure} />}
      </form>
    </Dialog>
  )
}
