import { CodeText, EmptyState } from '@mortise/react/host'
import ChevronRight from 'lucide-react/icons/chevron-right'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { TableSkeleton } from '../parts/table-skeleton.tsx'
import { Ago } from '../parts/time.tsx'
import { useAttempts } from './use-webhooks.ts'
import { AttemptBadge } from './webhook-badges.tsx'
import type { Webhook, WebhookAttempt } from './webhooks-api.ts'

/** What was sent to a webhook, newest first. */
export function AttemptList({ webhook }: { readonly webhook: Webhook }) {
  const { data, error, reload } = useAttempts(webhook.id)
  return (
    <section className="c-panel__slot" aria-label="Deliveries">
      <h3 className="c-attempts__title">Deliveries</h3>
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
              <Attempt attempt={attempt} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Attempt({ attempt }: { readonly attempt: WebhookAttempt }) {
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
      </div>
    </details>
  )
}
