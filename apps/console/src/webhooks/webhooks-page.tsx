import {
  Button,
  Card,
  EmptyState,
  PageHeader,
  SearchField,
  Table,
  type TableColumn,
} from '@mortise/react/host'
import Plus from 'lucide-react/icons/plus'
import WebhookIcon from 'lucide-react/icons/webhook'
import { useDeferredValue, useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { matchesSearch } from '../parts/filter.ts'
import { usePageTitle } from '../parts/page.tsx'
import { Ago } from '../parts/time.tsx'
import { SecretDialog } from './secret-dialog.tsx'
import { useWebhooks } from './use-webhooks.ts'
import { AttemptBadge, WebhookStateBadge } from './webhook-badges.tsx'
import { WebhookDialog } from './webhook-dialog.tsx'
import { WebhookPanel } from './webhook-panel.tsx'
import type { Webhook } from './webhooks-api.ts'

const columns: readonly TableColumn<Webhook>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'fill',
    cell: ({ name, url }) => (
      <span className="c-webhook-cell c-two-lines">
        <span className="c-strong">{name}</span>
        <span className="c-muted">{url}</span>
      </span>
    ),
    sortValue: ({ name }) => name,
  },
  {
    id: 'events',
    header: 'Events',
    secondary: true,
    cell: ({ event_types: types }) =>
      types.length === 0 ? (
        'All'
      ) : (
        <span className="c-clip" title={types.join(', ')}>
          {types.length === 1 ? types[0] : `${types.length} types`}
        </span>
      ),
  },
  {
    id: 'last',
    header: 'Last delivery',
    width: 'fit',
    secondary: true,
    cell: ({ last_delivery: last }) =>
      last ? <AttemptBadge attempt={last} /> : <span className="c-muted">None yet</span>,
  },
  {
    id: 'when',
    header: 'When',
    width: 'fit',
    align: 'end',
    secondary: true,
    cell: ({ last_delivery: last }) => last && <Ago time={last.delivered_at} />,
    sortValue: ({ last_delivery: last }) => last?.delivered_at ?? '',
  },
  {
    id: 'state',
    header: 'State',
    width: 'fit',
    cell: (webhook) => <WebhookStateBadge webhook={webhook} />,
    sortValue: ({ enabled }) => (enabled ? 0 : 1),
  },
]

/** Where events are posted to, with the chosen one beside. `selected` is its id, or `new` for the dialog. */
export function WebhooksPage({ selected }: { readonly selected: string | undefined }) {
  usePageTitle('Webhooks')
  const [, navigate] = useLocation()
  const { data, error, loading, reload } = useWebhooks()
  const [search, setSearch] = useState('')
  const [secret, setSecret] = useState<{ readonly id: number; readonly text: string }>()
  const query = useDeferredValue(search)
  const rows = useMemo(
    () =>
      (data ?? []).filter(({ name, url, event_types: types }) =>
        matchesSearch(query, [name, url, types.join(' ')]),
      ),
    [data, query],
  )
  const creating = selected === 'new'
  const shown = creating ? undefined : selected
  const openNew = () => navigate('/webhooks/new')
  const close = () => navigate('/webhooks')
  const add = (
    <Button variant="primary" icon={<Plus />} onPress={openNew}>
      New webhook
    </Button>
  )
  return (
    <div className={shown ? 'c-split' : 'c-split c-split--closed'}>
      <div className="c-page c-split__list">
        <PageHeader
          title="Webhooks"
          description="Addresses that events are posted to, signed and tried again."
          actions={add}
        />
        {data && data.length > 5 && (
          <div className="c-toolbar">
            <SearchField
              label="Filter webhooks"
              value={search}
              onChange={setSearch}
              className="c-toolbar__search"
            />
          </div>
        )}
        {error !== undefined && (
          <ErrorNotice title="Webhooks could not be read" error={error} onRetry={reload} />
        )}
        {(data || error === undefined) && (
          <Card padding="none">
            <Table
              label="Webhooks"
              columns={columns}
              rows={rows}
              rowKey={({ id }) => String(id)}
              loading={loading && !data}
              selectedKey={shown}
              onRowPress={({ id }) => navigate(`/webhooks/${id}`)}
              empty={
                search ? (
                  <EmptyState size="sm" title="No webhook matches" description="Try another word." />
                ) : (
                  <EmptyState
                    icon={<WebhookIcon />}
                    title="No webhooks yet"
                    description="Enter an address of yours, and it hears of what happens here."
                  >
                    {add}
                  </EmptyState>
                )
              }
            />
          </Card>
        )}
      </div>
      {shown && (
        <WebhookPanel
          key={shown}
          webhook={data?.find(({ id }) => String(id) === shown)}
          loading={!data && loading}
          onClose={close}
        />
      )}
      {creating && (
        <WebhookDialog
          onClose={close}
          onCreated={(id, text) => {
            if (text !== undefined) setSecret({ id, text })
            navigate(`/webhooks/${id}`)
          }}
        />
      )}
      {secret && (
        <SecretDialog
          secret={secret.text}
          name={data?.find(({ id }) => id === secret.id)?.name ?? 'the webhook'}
          note="The receiver checks signatures with it."
          onClose={() => setSecret(undefined)}
        />
      )}
    </div>
  )
}
