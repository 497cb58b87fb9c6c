import type { PluginRecord } from '@mortise/contract'
import type { PluginCost } from '@mortise/host'
import {
  Badge,
  Button,
  Card,
  EmptyState,
  PluginIcon,
  Section,
  Table,
  type TableColumn,
} from '@mortise/react/host'
import Gauge from 'lucide-react/icons/gauge'
import { useLocation } from 'wouter'
import { useStore } from 'zustand'
import { count, size } from '../parts/amounts.ts'
import { pluginPath } from '../parts/plugin-path.ts'
import { host } from '../state/shell.ts'

interface Row {
  readonly plugin: PluginRecord
  readonly cost: PluginCost
}

const columns: readonly TableColumn<Row>[] = [
  {
    id: 'plugin',
    header: 'Plugin',
    width: 'fill',
    cell: ({ plugin, cost }) => (
      <span className="c-plugin-cell">
        <PluginIcon id={plugin.id} name={plugin.displayName} size="md" />
        <span className="c-two-lines">
          <span className="c-strong">{plugin.displayName}</span>
          <span className="c-only-narrow">
            <CostBadge cost={cost} />
          </span>
        </span>
      </span>
    ),
    sortValue: ({ plugin }) => plugin.displayName,
  },
  {
    id: 'state',
    header: 'State',
    width: 'fit',
    secondary: true,
    cell: ({ cost }) => <CostBadge cost={cost} />,
    sortValue: ({ cost }) => severity(cost),
  },
  {
    ...number(
      'latency',
      'Answers in',
      ({ latencyMs }) => latencyMs,
      (ms) => `${Math.round(ms)} ms`,
    ),
    secondary: false,
  },
  number('rate', 'Calls a second', ({ rates }) => rates.calls, count),
  number('calls', 'Calls', ({ calls }) => calls, count),
  number('bytes', 'Sent', ({ bytes }) => bytes, size),
  number('mutations', 'Changes drawn', ({ mutations }) => mutations, count),
  number('restarts', 'Stops', ({ restarts }) => restarts, count),
]

/** Which plugin is slow: what each has cost this page since it was opened, the slowest first. */
export function CostList() {
  const [, navigate] = useLocation()
  const { plugins, ready } = useStore(host.store)
  const costs = useStore(host.costs)
  const rows = plugins.flatMap((plugin) => {
    const cost = costs[plugin.id]
    return cost ? [{ plugin, cost }] : []
  })
  return (
    <Section
      title="In this page"
      description="Counted by the host since the page was opened, for plugins whose widgets were shown. How long a plugin takes to answer says how busy it is."
    >
      <Card padding="none">
        <Table
          label="What plugins cost"
          columns={columns}
          rows={rows}
          rowKey={({ plugin }) => plugin.id}
          loading={!ready}
          defaultSort={{ column: 'latency', direction: 'descending' }}
          onRowPress={({ plugin }) => navigate(pluginPath(plugin.id, 'usage'))}
          actions={({ plugin, cost }) =>
            cost.quarantined && (
              <Button size="sm" onPress={() => void host.reload(plugin.id)}>
                Start again
              </Button>
            )
          }
          empty={
            <EmptyState
              icon={<Gauge />}
              title="No plugin has run in this page yet"
              description="Open a page with a widget: what its plugin costs is counted here."
            />
          }
        />
      </Card>
    </Section>
  )
}

function number(
  id: string,
  header: string,
  read: (cost: PluginCost) => number,
  print: (value: number) => string,
): TableColumn<Row> {
  return {
    id,
    header,
    width: 'fit',
    align: 'end',
    secondary: true,
    cell: ({ cost }) => <span className="c-numbers">{print(read(cost))}</span>,
    sortValue: ({ cost }) => read(cost),
  }
}

function CostBadge({ cost }: { readonly cost: PluginCost }) {
  if (cost.quarantined) return <Badge tone="danger">Quarantined</Badge>
  if (cost.throttled) return <Badge tone="warning">Slowed down</Badge>
  if (cost.over) return <Badge tone="warning">Over budget</Badge>
  return <Badge tone="success">Within budget</Badge>
}

function severity({ quarantined, throttled, over }: PluginCost): number {
  return quarantined ? 3 : throttled ? 2 : over ? 1 : 0
}
