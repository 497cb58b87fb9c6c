import type { DeliveryRecord, DeliveryState, PluginRecord } from '@mortise/contract'
import {
  Badge,
  Button,
  Card,
  CodeText,
  ConfirmDialog,
  EmptyState,
  IconButton,
  Menu,
  Select,
  Table,
  type TableColumn,
  type Tone,
} from '@mortise/react/host'
import Ellipsis from 'lucide-react/icons/ellipsis'
import ListRestart from 'lucide-react/icons/list-restart'
import RotateCcw from 'lucide-react/icons/rotate-ccw'
import RotateCw from 'lucide-react/icons/rotate-cw'
import Send from 'lucide-react/icons/send'
import { useState } from 'react'
import { pluginsApi } from '../api/plugins.ts'
import { BacklogNotice } from '../parts/backlog-notice.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { Ago, Clock } from '../parts/time.tsx'
import { useDeliveries } from './use-deliveries.ts'

const states: Readonly<Record<DeliveryState, { readonly word: string; readonly tone: Tone }>> = {
  pending: { word: 'Waiting', tone: 'info' },
  queued: { word: 'In line', tone: 'info' },
  running: { word: 'Under way', tone: 'info' },
  done: { word: 'Delivered', tone: 'success' },
  dead: { word: 'Given up', tone: 'danger' },
  dropped: { word: 'Dropped', tone: 'neutral' },
}
const ended: ReadonlySet<DeliveryState> = new Set(['done', 'dead', 'dropped'])

const filters: readonly { readonly value: DeliveryState | 'all'; readonly label: string }[] = [
  { value: 'all', label: 'All deliveries' },
  { value: 'dead', label: 'Given up' },
  { value: 'pending', label: 'Waiting' },
  { value: 'done', label: 'Delivered' },
]

const columns: readonly TableColumn<DeliveryRecord>[] = [
  { id: 'event', header: 'Event', cell: ({ eventType }) => <CodeText>{eventType}</CodeText> },
  {
    id: 'state',
    header: 'State',
    width: 'fit',
    cell: ({ state }) => (
      <Badge tone={states[state].tone} dot>
        {states[state].word}
      </Badge>
    ),
  },
  { id: 'attempts', header: 'Tries', width: 'fit', align: 'end', cell: ({ attempts }) => attempts },
  {
    id: 'reason',
    header: 'Last error',
    width: 'fill',
    secondary: true,
    cell: ({ lastError, nextTryAt }) =>
      lastError ? (
        <span className="c-clip" title={lastError.message}>
          {nextTryAt && (
            <>
              Again at <Clock time={nextTryAt} />.{' '}
            </>
          )}
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

/** Events handed to the plugin's server code, how that went, and the ways to hand them over again. */
export function DeliveriesTab({ plugin }: { readonly plugin: PluginRecord }) {
  const [filter, setFilter] = useState<DeliveryState | 'all'>('all')
  const [since, setSince] = useState<DeliveryRecord>()
  const { data, error, loading, reload, busy, showOlder, replay } = useDeliveries(
    plugin.id,
    filter === 'all' ? undefined : filter,
  )
  const { waiting = 0, dead = 0 } = data ?? {}
  return (
    <div className="c-stack">
      <div className="c-toolbar">
        <Select
          label="State"
          hideLabel
          options={filters}
          value={filter}
          onChange={(value) => setFilter(value as DeliveryState | 'all')}
          className="c-toolbar__select"
        />
        <output className="c-muted c-toolbar__status">
          {data && `${waiting.toLocaleString('en')} waiting, ${dead.toLocaleString('en')} given up`}
        </output>
        {dead > 0 && (
          <Button
            size="sm"
            icon={<RotateCcw />}
            loading={busy === 'replay'}
            onPress={() => void replay({ state: 'dead' })}
          >
            Replay all given up
          </Button>
        )}
        <Button size="sm" icon={<RotateCw />} loading={loading && data !== undefined} onPress={reload}>
          Refresh
        </Button>
      </div>
      {data && (
        <BacklogNotice
          name={plugin.displayName}
          {...data.backlog}
          dismiss={(lostAt) => pluginsApi.dismissLost(plugin.id, lostAt)}
          onDismissed={reload}
        />
      )}
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
            rows={data?.deliveries ?? []}
            rowKey={({ id }) => String(id)}
            loading={!data}
            pageSize={10_000}
            empty={<NoDeliveries plugin={plugin} isFiltered={filter !== 'all'} />}
            actions={(delivery) => (
              <Menu
                label={`Delivery ${delivery.id}`}
                trigger={
                  <IconButton
                    label={`Actions for delivery ${delivery.id} of ${delivery.eventType}`}
                    icon={<Ellipsis />}
                    size="sm"
                  />
                }
                items={[
                  {
                    id: 'one',
                    label: 'Replay this event',
                    icon: <RotateCcw />,
                    disabled: !ended.has(delivery.state),
                    onAction: () => void replay({ ids: [delivery.id] }),
                  },
                  {
                    id: 'since',
                    label: 'Replay all since this event…',
                    icon: <ListRestart />,
                    onAction: () => setSince(delivery),
                  },
                ]}
              />
            )}
          />
        </Card>
      )}
      {data?.next && (
        <div>
          <Button size="sm" loading={busy === 'older'} onPress={() => void showOlder()}>
            Show older
          </Button>
        </div>
      )}
      <ConfirmDialog
        open={since !== undefined}
        onOpenChange={() => setSince(undefined)}
        title={`Replay all since this ${since?.eventType ?? ''}?`}
        description={`${plugin.displayName} gets this event and everything after it again, also what it had already. The events keep their ids.`}
        confirmLabel="Replay all since"
        loading={busy === 'replay'}
        onConfirm={() => {
          if (since) void replay({ from: since.cursor }).then(() => setSince(undefined))
        }}
      />
    </div>
  )
}

function NoDeliveries({
  plugin,
  isFiltered,
}: {
  readonly plugin: PluginRecord
  readonly isFiltered: boolean
}) {
  if (isFiltered)
    return (
      <EmptyState
        icon={<Send />}
        title="No delivery is in this state"
        description="Choose another state above."
      />
    )
  return (
    <EmptyState
      icon={<Send />}
      title="Nothing was delivered yet"
      description={
        plugin.hasServerCode
          ? 'Create a session: events it may see are handed to it and listed here.'
          : 'This plugin has no server code. Its widgets receive events in the browser.'
      }
    />
  )
}
