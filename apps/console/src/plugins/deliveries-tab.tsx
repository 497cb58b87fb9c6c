import type { PluginRecord } from '@mortise/contract'
import {
  Badge,
  Button,
  Card,
  CodeText,
  EmptyState,
  Table,
  type TableColumn,
  type Tone,
} from '@mortise/react/host'
import RotateCw from 'lucide-react/icons/rotate-cw'
import Send from 'lucide-react/icons/send'
import { type DeliveryRecord, pluginsApi } from '../api/plugins.ts'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { Ago } from '../parts/time.tsx'
import { useQuery } from '../state/query.ts'

const states: Readonly<Record<string, { readonly word: string; readonly tone: Tone }>> = {
  pending: { word: 'Waiting', tone: 'info' },
  running: { word: 'Under way', tone: 'info' },
  done: { word: 'Delivered', tone: 'success' },
  dead: { word: 'Given up', tone: 'danger' },
  dropped: { word: 'Dropped', tone: 'neutral' },
}

const columns: readonly TableColumn<DeliveryRecord>[] = [
  { id: 'event', header: 'Event', cell: ({ eventType }) => <CodeText>{eventType}</CodeText> },
  {
    id: 'state',
    header: 'State',
    width: 'fit',
    cell: ({ state }) => (
      <Badge tone={states[state]?.tone ?? 'neutral'} dot>
        {states[state]?.word ?? state}
      </Badge>
    ),
  },
  { id: 'attempts', header: 'Tries', width: 'fit', align: 'end', cell: ({ attempts }) => attempts },
  {
    id: 'reason',
    header: 'Last error',
    width: 'fill',
    secondary: true,
    cell: ({ lastError }) =>
      lastError ? (
        <span className="c-clip" title={lastError.message}>
          {lastError.message} <CodeText>{lastError.code}</CodeText>
        </span>
      ) : (
        <span className="c-muted">None</span>
      ),
  },
  {
    id: 'updated',
    header: 'Updated',
    width: 'fit',
    align: 'end',
    secondary: true,
    cell: ({ updatedAt }) => <Ago time={updatedAt} />,
  },
]

/** Events handed to the plugin's server code, and how that went. */
export function DeliveriesTab({ plugin }: { readonly plugin: PluginRecord }) {
  const { data, error, loading, reload } = useQuery(`deliveries ${plugin.id}`, () =>
    pluginsApi.deliveries(plugin.id),
  )
  return (
    <div className="c-stack">
      <div className="c-toolbar">
        <p className="c-muted c-toolbar__text">Events handed to its server code, newest first.</p>
        <Button size="sm" icon={<RotateCw />} loading={loading && data !== undefined} onPress={reload}>
          Refresh
        </Button>
      </div>
      {error !== undefined && (
        <ErrorNotice
          title={`The deliveries of ${plugin.displayName} could not be read`}
          error={error}
          onRetry={reload}
        />
      )}
      {(data || error === undefined) && (
        <Card padding="none">
          <Table
            label="Deliveries"
            columns={columns}
            rows={data ?? []}
            rowKey={({ id }) => String(id)}
            loading={!data}
            empty={
              <EmptyState
                icon={<Send />}
                title="Nothing was delivered yet"
                description={
                  plugin.hasServerCode
                    ? 'Create a session: events it may see are handed to it and listed here.'
                    : 'This plugin has no server code. Its widgets receive events in the browser.'
                }
              />
            }
          />
        </Card>
      )}
    </div>
  )
}
