import type { EmailOverview, EmailRecord, PluginRecord } from '@mortise/contract'
import {
  Badge,
  Button,
  Card,
  CodeText,
  EmptyState,
  Notice,
  Section,
  TextField,
  type Tone,
} from '@mortise/react/host'
import Mail from 'lucide-react/icons/mail'
import { type FormEvent, useState } from 'react'
import { pluginsApi } from '../api/plugins.ts'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { TableSkeleton } from '../parts/table-skeleton.tsx'
import { Ago } from '../parts/time.tsx'
import { useQuery } from '../state/query.ts'
import { toastFailure } from '../state/toasts.ts'

const states: Readonly<Record<EmailRecord['state'], { readonly word: string; readonly tone: Tone }>> = {
  captured: { word: 'Captured', tone: 'neutral' },
  queued: { word: 'Waiting', tone: 'info' },
  sent: { word: 'Sent', tone: 'success' },
  failed: { word: 'Failed', tone: 'danger' },
}

function Message({ message }: { readonly message: EmailRecord }) {
  const { subject, body, attachments, state, error, to, createdAt } = message
  return (
    <div className="c-record__main">
      <p className="c-record__line">
        <CodeText>{to.join(', ')}</CodeText>
        <Badge tone={states[state].tone}>{states[state].word}</Badge>
        <Ago time={createdAt} />
      </p>
      <details>
        <summary>
          <bdi className="c-strong">{subject || 'No subject'}</bdi>
        </summary>
        <pre className="c-record__text">{body}</pre>
        {attachments.length > 0 && <p className="c-muted">Attached: {attachments.join(', ')}</p>}
      </details>
      {error && <p className="c-record__error">{error}</p>}
    </div>
  )
}

/** Whom the plugin may write to, and everything it wrote. */
export function EmailTab({ plugin }: { readonly plugin: PluginRecord }) {
  const { data, error, reload } = useQuery(`email ${plugin.id}`, () => pluginsApi.email(plugin.id))
  if (error !== undefined && !data) {
    return (
      <ErrorNotice
        title={`The email of ${plugin.displayName} could not be read`}
        error={error}
        onRetry={reload}
      />
    )
  }
  if (!data) return <TableSkeleton rows={4} />
  return (
    <div className="c-stack">
      <Recipients plugin={plugin} email={data} onChanged={reload} />
      <Section
        title="Outbox"
        description="The newest messages it wrote."
        actions={
          <Button size="sm" onPress={reload}>
            Refresh
          </Button>
        }
      >
        {data.delivery === 'captured' && (
          <Notice tone="info" title="Nothing is sent: this server has no mail server">
            Messages are kept here to be read. Start it with MORTISE_SMTP_URL and MORTISE_EMAIL_FROM to send
            them.
          </Notice>
        )}
        <Card padding="none">
          {data.messages.length === 0 ? (
            <EmptyState
              icon={<Mail />}
              title="It has written nothing yet"
              description="What it writes is listed here."
            />
          ) : (
            <ul className="c-records" aria-label="Outbox">
              {data.messages.map((message) => (
                <li key={message.id} className="c-record">
                  <Message message={message} />
                </li>
              ))}
            </ul>
          )}
        </Card>
      </Section>
    </div>
  )
}

function Recipients({
  plugin,
  email: { allowed, wanted },
  onChanged,
}: {
  readonly plugin: PluginRecord
  readonly email: EmailOverview
  readonly onChanged: () => void
}) {
  const [value, setValue] = useState('')
  const [busy, setBusy] = useState(false)
  const open = wanted.filter((pattern) => !allowed.includes(pattern.toLowerCase()))

  const save = async (recipients: readonly string[]) => {
    setBusy(true)
    try {
      await pluginsApi.setRecipients(plugin.id, recipients)
      setValue('')
    } catch (error) {
      toastFailure(`Whom ${plugin.displayName} may write to is unchanged`, error)
    } finally {
      setBusy(false)
      onChanged()
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (value.trim() !== '') void save([...allowed, value.trim()])
  }

  return (
    <div className="c-narrow">
      <Section
        title="Recipients"
        description="It can write to these and to nobody else. Allow an address, a domain as *@example.com, or * for anybody."
      >
        {allowed.length === 0 && open.length === 0 && (
          <p className="c-muted">Nobody yet: every message it tries to send is refused.</p>
        )}
        <ul className="c-plain-list">
          {allowed.map((pattern) => (
            <li key={pattern}>
              <CodeText>{pattern}</CodeText>
              <Button
                size="sm"
                variant="ghost"
                label={`Remove ${pattern}`}
                disabled={busy}
                onPress={() => void save(allowed.filter((one) => one !== pattern))}
              >
                Remove
              </Button>
            </li>
          ))}
          {open.map((pattern) => (
            <li key={pattern}>
              <span className="c-record__line">
                <CodeText>{pattern}</CodeText>
                <Badge tone="warning">It asks for this</Badge>
              </span>
              <Button
                size="sm"
                label={`Allow ${pattern}`}
                disabled={busy}
                onPress={() => void save([...allowed, pattern])}
              >
                Allow
              </Button>
            </li>
          ))}
        </ul>
        <form className="c-secret__row" onSubmit={submit}>
          <TextField
            label="Recipient to allow"
            hideLabel
            placeholder="ada@example.com or *@example.com"
            autoComplete="off"
            mono
            value={value}
            onChange={setValue}
          />
          <Button type="submit" label="Allow recipient" loading={busy} disabled={value.trim() === ''}>
            Allow
          </Button>
        </form>
      </Section>
    </div>
  )
}
