import type { ContactRecord, PluginRecord } from '@mortise/contract'
import {
  Badge,
  Button,
  Card,
  CodeText,
  EmptyState,
  Notice,
  Section,
  Table,
  type TableColumn,
} from '@mortise/react/host'
import Globe from 'lucide-react/icons/globe'
import RotateCw from 'lucide-react/icons/rotate-cw'
import { pluginsApi } from '../api/plugins.ts'
import { joinWords } from '../approval/words.ts'
import { count, size } from '../parts/amounts.ts'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { TableSkeleton } from '../parts/table-skeleton.tsx'
import { Ago } from '../parts/time.tsx'
import { useQuery } from '../state/query.ts'
import { unusedHosts } from './unused-hosts.ts'

const columns: readonly TableColumn<ContactRecord>[] = [
  {
    id: 'host',
    header: 'Host',
    cell: ({ host, side }) => (
      <>
        <span className="c-host">
          <CodeText>{host}</CodeText>
        </span>{' '}
        <span className="c-muted c-only-narrow">{sides[side]}</span>
      </>
    ),
  },
  { id: 'side', header: 'By', width: 'fit', secondary: true, cell: ({ side }) => sides[side] },
  {
    id: 'reached',
    header: 'Contacted',
    width: 'fit',
    align: 'end',
    cell: ({ reached }) => (reached === 0 ? <span className="c-muted">0</span> : count(reached)),
  },
  {
    id: 'refused',
    header: 'Refused',
    width: 'fit',
    align: 'end',
    cell: ({ refused }) =>
      refused === 0 ? <span className="c-muted">0</span> : <Badge tone="danger">{count(refused)}</Badge>,
  },
  {
    id: 'bytes',
    header: 'Sent · received',
    width: 'fit',
    align: 'end',
    secondary: true,
    cell: ({ side, sentBytes, receivedBytes }) =>
      side === 'page' ? (
        <span className="c-muted">Not known</span>
      ) : (
        `${size(sentBytes)} · ${size(receivedBytes)}`
      ),
  },
  {
    id: 'last',
    header: 'Last',
    width: 'fit',
    align: 'end',
    secondary: true,
    cell: ({ lastAt }) => <Ago time={lastAt} />,
  },
]

const sides = { page: 'Its page', server: 'Its server code' } as const

/** Which hosts a plugin contacted since it was installed, by the word of browsers and of the backend. */
export function HostsSection({ plugin }: { readonly plugin: PluginRecord }) {
  const { data, error, loading, reload } = useQuery(`contacts ${plugin.id}`, () =>
    pluginsApi.contacts(plugin.id),
  )
  const unused = data ? unusedHosts(plugin.hosts, data.contacts) : []
  return (
    <Section
      title="Hosts contacted"
      description="Since it was installed. Pages: what browsers report, each address once. Server code: every request."
      actions={
        <Button size="sm" icon={<RotateCw />} loading={loading && data !== undefined} onPress={reload}>
          Refresh
        </Button>
      }
    >
      {error !== undefined && (
        <ErrorNotice
          title={`The hosts of ${plugin.displayName} could not be read`}
          error={error}
          onRetry={reload}
        />
      )}
      {!data && error === undefined && <TableSkeleton rows={2} />}
      {data && data.uncounted > 0 && (
        <Notice tone="warning" title="Not everything is listed">
          {`${count(data.uncounted)} more contacts or tries were too many at a time, or to too many hosts, to be listed one by one.`}
        </Notice>
      )}
      {unused.length > 0 && (
        <Notice tone="info" title="Allowed, but never contacted">
          {`${plugin.displayName} has not contacted ${joinWords(unused)} so far. You can take ${unused.length === 1 ? 'it' : 'them'} away on the Permissions tab.`}
        </Notice>
      )}
      {data && (
        <Card padding="none">
          <Table
            label="Hosts contacted"
            columns={columns}
            rows={data.contacts}
            rowKey={({ host, side }) => `${side} ${host}`}
            empty={
              <EmptyState
                icon={<Globe />}
                title="It contacted no host"
                description="Hosts appear here as soon as its page or its server code asks one for something."
              />
            }
          />
        </Card>
      )}
    </Section>
  )
}
