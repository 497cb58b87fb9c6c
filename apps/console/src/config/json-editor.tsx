import { Button, TextArea } from '@mortise/react/host'
import { type FormEvent, useState } from 'react'
import type { ConfigFormProps } from './config-form.tsx'
import { HostApproval } from './host-approval.tsx'
import { SaveFailure } from './save-failure.tsx'
import { saveLabel, useSaveConfig } from './use-save-config.ts'

/** Edits the settings of a plugin as text. */
export function JsonEditor({ plugin, onSaved, note }: ConfigFormProps & { readonly note: string }) {
  const [text, setText] = useState(() => JSON.stringify(plugin.config, null, 2))
  const [problem, setProblem] = useState<string>()
  const { busy, failure, hosts, save, forget } = useSaveConfig(plugin, onSaved)

  const send = (approveHosts: readonly string[] = []) => {
    const read = readConfig(text)
    setProblem(typeof read === 'string' ? read : undefined)
    if (typeof read !== 'string') void save(read, approveHosts)
  }

  return (
    <form
      className="c-config c-form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        send()
      }}
    >
      <p className="c-muted">{note}</p>
      {failure && <SaveFailure plugin={plugin} error={failure} />}
      <TextArea
        label="Configuration as JSON"
        mono
        rows={10}
        value={text}
        error={problem}
        disabled={busy}
        onChange={(value) => {
          setText(value)
          setProblem(undefined)
          forget()
        }}
      />
      {hosts ? (
        <HostApproval
          plugin={plugin}
          hosts={hosts}
          busy={busy}
          onCancel={forget}
          onApprove={() => send(hosts)}
        />
      ) : (
        <div className="c-config__foot">
          <Button type="submit" variant="primary" loading={busy}>
            {saveLabel(plugin)}
          </Button>
        </div>
      )}
    </form>
  )
}

/** The configuration a text holds, or what is wrong with the text. */
function readConfig(text: string): Record<string, unknown> | string {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>
    }
    return 'The configuration must be an object: { "name": "value" }.'
  } catch (error) {
    return `This is not JSON: ${(error as Error).message}`
  }
}
