import { NumberField, Select, Switch, TextArea, TextField } from '@mortise/react/host'
import { useState } from 'react'
import { FormDialog } from '../parts/form-dialog.tsx'
import { toast } from '../state/toasts.ts'
import { refreshWebhook, refreshWebhooks } from './use-webhooks.ts'
import { makeSecret, type SignatureForm, type Webhook, webhooksApi } from './webhooks-api.ts'

const forms: readonly { readonly value: SignatureForm; readonly label: string }[] = [
  { value: 'server-monitor', label: 'X-SM headers' },
  { value: 'standard-webhooks', label: 'Standard Webhooks' },
  { value: 'both', label: 'Both' },
]

interface WebhookDialogProps {
  /** The one to edit; a new one where not given. */
  readonly webhook?: Webhook | undefined
  readonly onClose: () => void
  /** Called with the id of a new webhook and its secret, which is shown this once. */
  readonly onCreated?: (id: number, secret: string | undefined) => void
}

/** Asks where events go, which ones, and how they are signed. */
export function WebhookDialog({ webhook, onClose, onCreated }: WebhookDialogProps) {
  const [name, setName] = useState(webhook?.name ?? '')
  const [url, setUrl] = useState(webhook?.url ?? '')
  const [types, setTypes] = useState(webhook?.event_types.join('\n') ?? '')
  const [signature, setSignature] = useState<SignatureForm>(webhook?.signature ?? 'server-monitor')
  const [retries, setRetries] = useState(webhook?.retry_max ?? 3)
  const [timeout, setTimeoutSeconds] = useState(webhook?.timeout ?? 10)
  const [signed, setSigned] = useState(true)

  const send = async () => {
    const input = {
      name: name.trim(),
      url: url.trim(),
      event_types: types.split(/[\s,]+/).filter(Boolean),
      signature,
      retry_max: retries,
      timeout,
    }
    if (webhook) {
      await webhooksApi.update(webhook.id, input)
      await refreshWebhook(webhook.id)
      toast('Webhook changed', input.name)
      onClose()
      return
    }
    const secret = signed ? makeSecret() : undefined
    const id = await webhooksApi.create({ ...input, ...(secret === undefined ? {} : { secret }) })
    await refreshWebhooks()
    toast('Webhook created', input.name)
    onCreated?.(id, secret)
  }

  return (
    <FormDialog
      title={webhook ? `Edit ${webhook.name}` : 'New webhook'}
      description="Each event is posted as JSON. A receiver that fails gets it again."
      submitLabel={webhook ? 'Save changes' : 'Create webhook'}
      failureTitle={webhook ? 'The webhook is unchanged' : 'The webhook was not created'}
      complete={name.trim() !== '' && url.trim() !== ''}
      onSubmit={send}
      onClose={onClose}
    >
      {({ tried }) => (
        <>
          <TextField
            label="Name"
            required
            value={name}
            onChange={setName}
            error={tried && name.trim() === '' ? 'Give it a name.' : undefined}
          />
          <TextField
            label="URL"
            required
            type="url"
            mono
            placeholder="https://example.com/hooks/mortise"
            value={url}
            onChange={setUrl}
            error={tried && url.trim() === '' ? 'Enter where events are posted to.' : undefined}
          />
          <TextArea
            label="Event types"
            description="One on each line, such as session.created or session.*. Empty for all."
            mono
            rows={3}
            value={types}
            onChange={setTypes}
          />
          <Select
            label="Signature"
            options={forms}
            value={signature}
            onChange={(value) => setSignature(value as SignatureForm)}
          />
          <div className="c-pair">
            <NumberField label="Attempts" min={1} max={10} value={retries} onChange={setRetries} />
            <NumberField
              label="Timeout, seconds"
              min={1}
              max={60}
              value={timeout}
              onChange={setTimeoutSeconds}
            />
          </div>
          {!webhook && (
            <Switch
              label="Sign with a new secret"
              description="It is shown once, after the webhook is created."
              checked={signed}
              onChange={setSigned}
            />
          )}
        </>
      )}
    </FormDialog>
  )
}
