import { Button, CodeText, ConfirmDialog, EmptyState } from '@mortise/react/host'
import ChevronRight from 'lucide-react/icons/chevron-right'
import ListRestart from 'lucide-react/icons/list-restart'
import RotateCcw from 'lucide-react/icons/rotate-ccw'
import { useState } from 'react'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { TableSkeleton } from '../parts/table-skeleton.tsx'
import { Ago } from '../parts/time.tsx'
import { useReplay } from './use-replay.ts'
import { useAttempts } from './use-webhooks.ts'
import { AttemptBadge } from './webhook-badges.tsx'
import type { Webhook, WebhookAttempt, WebhookReplay } from './webhooks-api.ts'

/** Made for the button beside it, so the log of events has none. */
const testType = 'webhook.test'

/** What was sent to a webhook, newest first, and the ways to send it again. */
export function AttemptList({ webhook }: { readonly webhook: Webhook }) {
  const { data, error, reload } = useAttempts(webhook.id)
  const { busy, replay } = useReplay(webhook)
  const [since, setSince] = useState<WebhookAttempt>()
  const [asking, setAsking] = useState(false)
  const { waiting, dead } = webhook
  return (
    <section className="c-panel__slot" aria-label="Deliveries">
      <div className="c-attempts__head">
        <h3 className="c-attempts__title">Deliveries</h3>
        <output className="c-muted">
          {waiting + dead > 0 &&
            `${waiting.toLocaleString('en')} waiting, ${dead.toLocaleString('en')} given up`}
        </output>
        {dead > 0 && (
          <Button
            size="sm"
            icon={<RotateCcw />}
            loading={busy}
            onPress={() => void replay({ state: 'dead' })}
          >
            Send all given up again
          </Button>
        )}
      </div>
      {error !== undefined && (
        <ErrorNotice title="The deliveries could not be read" error={error} onRetry={reload} />
      )}
      {!data && error === undefined && <TableSkeleton rows={3} />}
      {data?.length === 0 && (
        <EmptyState
          size="sm"
          title="Nothing was sent yet"
          description="Press Send test to see how the receiver answers."
        />
      )}
      {data && data.length > 0 && (
        <ul className="c-attempts">
          {data.map((attempt) => (
            <li key={attempt.id}>
              <Attempt
                attempt={attempt}
                busy={busy}
                onReplay={replay}
                onSince={() => {
                  setSince(attempt)
                  setAsking(true)
                }}
              />
            </li>
          ))}
        </ul>
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Send all since this ${since?.event_type ?? ''} again?`}
        description={`${webhook.name} gets this event and everything after it again, also what it had already. The events keep their ids.`}
        confirmLabel="Send all since"
        loading={busy}
        onConfirm={() => {
          if (since) void replay({ since: since.event_id }).then(() => setAsking(false))
        }}
      />
    </section>
  )
}

interface AttemptProps {
  readonly attempt: WebhookAttempt
  readonly busy: boolean
  readonly onReplay: (wanted: WebhookReplay) => Promise<void>
  readonly onSince: () => void
}

function Attempt({ attempt, busy, onReplay, onSince }: AttemptProps) {
  const { event_type: type, event_id: id, response_body: body, error } = attempt
  return (
    <details className="c-attempt">
      <summary className="c-attempt__line">
        <ChevronRight className="c-attempt__chevron" aria-hidden="true" />
        <span className="c-attempt__type">
          <CodeText>{type}</CodeText>
        </span>
        <AttemptBadge attempt={attempt} />
        <span className="c-muted c-attempt__time">
          {attempt.attempt > 1 && `Attempt ${attempt.attempt} · `}
          <Ago time={attempt.delivered_at} />
        </span>
      </summary>
      <div className="c-attempt__more">
        {error && <p>{error}</p>}
        <p className="c-muted">Event {id}</p>
        {body ? <pre className="c-attempt__body">{body}</pre> : <p className="c-muted">No response body</p>}
        {type !== testType && (
          <div className="c-actions">
            <Button
              size="sm"
              icon={<RotateCcw />}
              label={`Send ${type} again`}
              disabled={busy}
              onPress={() => void onReplay({ event_ids: [id] })}
            >
              Send again
            </Button>
            <Button
              size="sm"
              icon={<ListRestart />}
              label={`Send all since ${type} again`}
              disabled={busy}
              onPress={onSince}
            >
              Send all since…
            </Button>
          </div>
        )}
      </div>
    </details>
  )
}
