import { Select, TextField } from '@mortise/react/host'
import { useState } from 'react'
import { workspace } from '../api/workspace.ts'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { FormDialog } from '../parts/form-dialog.tsx'
import { keepSession, useTemplates, useUsers } from '../state/sessions.ts'
import { toast } from '../state/toasts.ts'

/** Asks for a template and a user, and starts a session. */
export function NewSessionDialog({ onClose }: { readonly onClose: () => void }) {
  const users = useUsers()
  const templates = useTemplates()
  const [template, setTemplate] = useState<string>()
  const [user, setUser] = useState<string>()
  const [name, setName] = useState('')
  const readError = users.error ?? templates.error

  const send = async () => {
    if (!template || !user) return
    const session = await workspace.sessions.create({
      template,
      user,
      ...(name.trim() === '' ? {} : { name: name.trim() }),
    })
    keepSession(session)
    toast('Session created', session.name)
    onClose()
  }

  return (
    <FormDialog
      title="New session"
      description="Starts at once. The user finds it in their list."
      size="sm"
      submitLabel="Create session"
      failureTitle="The session was not created"
      complete={template !== undefined && user !== undefined}
      onSubmit={send}
      onClose={onClose}
    >
      {({ tried }) => (
        <>
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
        </>
      )}
    </FormDialog>
  )
}
