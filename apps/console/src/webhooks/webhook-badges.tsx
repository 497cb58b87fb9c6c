import { Badge, type Tone } from '@mortise/react/host'
import type { Webhook, WebhookAttempt } from './webhooks-api.ts'

/** What a webhook is doing, in a word. */
export function WebhookStateBadge({ webhook }: { readonly webhook: Webhook }) {
  const [word, tone]: [string, Tone] = webhook.enabled
    ? ['Enabled', 'success']
    : webhook.disabled_reason
      ? ['Stopped', 'danger']
      : ['Disabled', 'neutral']
  return (
    <Badge tone={tone} dot>
      {word}
    </Badge>
  )
}

const results: Readonly<Record<WebhookAttempt['status'], { readonly word: string; readonly tone: Tone }>> = {
  success: { word: 'Delivered', tone: 'success' },
  retrying: { word: 'Trying again', tone: 'warning' },
  failed: { word: 'Failed', tone: 'danger' },
}

/** How an attempt went, with the receiver's status. */
export function AttemptBadge({
  attempt: { status, status_code: code },
}: {
  readonly attempt: Pick<WebhookAttempt, 'status' | 'status_code'>
}) {
  const { word, tone } = results[status]
  return (
    <Badge tone={tone} dot>
      {code === null ? word : `${word} · ${code}`}
    </Badge>
  )
}
