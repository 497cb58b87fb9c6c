import Ellipsis from 'lucide-react/icons/ellipsis'
import {
  Badge,
  Button,
  Card,
  CodeText,
  EmptyState,
  IconButton,
  Table,
  type TableColumn,
} from '../src/host/index.ts'
import { long } from './long.ts'

interface Row {
  readonly id: string
  readonly name: string
  readonly owner: string
  readonly state: 'running' | 'hibernated' | 'failed'
  readonly memory: number
}

const states = ['running', 'hibernated', 'running', 'failed'] as const
const tones = { running: 'success', hibernated: 'neutral', failed: 'danger' } as const
const rows: readonly Row[] = Array.from({ length: 10_000 }, (_, index) => ({
  id: `ses_${(index * 7919 + 4096).toString(36)}`,
  name: index === 2 ? long : `workspace-${index + 1}`,
  owner: ['ada', 'grace', 'linus', 'margaret'][index % 4] ?? '',
  state: states[index % 4] ?? 'running',
  memory: (index * 37) % 4096,
}))

const columns: readonly TableColumn<Row>[] = [
  { id: 'name', header: 'Name', width: 'fill', cell: (row) => row.name, sortValue: (row) => row.name },
  { id: 'id', header: 'Id', secondary: true, cell: (row) => <CodeText>{row.id}</CodeText> },
  { id: 'owner', header: 'Owner', secondary: true, cell: (row) => row.owner, sortValue: (row) => row.owner },
  {
    id: 'state',
    header: 'State',
    cell: (row) => (
      <Badge tone={tones[row.state]} dot>
        {row.state}
      </Badge>
    ),
    sortValue: (row) => row.state,
  },
  {
    id: 'memory',
    header: 'Memory',
    align: 'end',
    cell: (row) => `${row.memory} MB`,
    sortValue: (row) => row.memory,
  },
]

/** A table with rows, with none, and while loading. */
export function TableStates() {
  const shared = { columns, rowKey: (row: Row) => row.id }
  return (
    <>
      <Card padding="none">
        <Table
          {...shared}
          label="Sessions"
          rows={rows}
          pageSize={6}
          defaultSort={{ column: 'name', direction: 'ascending' }}
          onRowPress={() => {}}
          actions={() => <IconButton size="sm" label="Session menu" icon={<Ellipsis />} />}
        />
      </Card>
      <div className="gallery__grid">
        <Card padding="none">
          <Table {...shared} label="Loading" columns={columns.slice(0, 2)} rows={[]} loading />
        </Card>
        <Card padding="none">
          <Table
            {...shared}
            label="Nothing"
            rows={[]}
            empty={
              <EmptyState size="sm" title="No sessions" description="Start one and it appears here.">
                <Button size="sm">New session</Button>
              </EmptyState>
            }
          />
        </Card>
      </div>
    </>
  )
}
