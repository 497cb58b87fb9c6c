import type { PluginRecord } from '@mortise/contract'
import type { MethodUsage } from '@mortise/host'
import {
  Badge,
  Card,
  CodeText,
  EmptyState,
  Notice,
  Section,
  Table,
  type TableColumn,
} from '@mortise/react/host'
import Gauge from 'lucide-react/icons/gauge'
import { useStore } from 'zustand'
import { joinWords } from '../approval/words.ts'
import { count, size } from '../parts/amounts.ts'
import { host } from '../state/shell.ts'
import { HostsSection } from './hosts-section.tsx'
import { RecordSection } from './record-section.tsx'

const columns: readonly TableColumn<MethodUsage>[] = [
  { id: 'method', header: 'Method', cell: ({ method }) => <CodeText>{method || 'unknown'}</CodeText> },
  {
    id: 'permission',
    header: 'Permission',
    secondary: true,
    cell: ({ permission }) =>
      permission ? <CodeText>{permission}</CodeText> : <span className="c-muted">None</span>,
  },
  { id: 'calls', header: 'Calls', width: 'fit', align: 'end', cell: ({ calls }) => count(calls) },
  {
    id: 'refused',
    header: 'Failed',
    width: 'fit',
    align: 'end',
    cell: ({ errors }) => {
      const codes = Object.entries(errors)
      const failed = codes.reduce((sum, [, times]) => sum + times, 0)
      return failed === 0 ? (
        <span className="c-muted">0</span>
      ) : (
        <Badge tone="danger">{`${count(failed)} · ${joinWords(codes.map(([code]) => code))}`}</Badge>
      )
    },
  },
  {
    id: 'bytes',
    header: 'Sent',
    width: 'fit',
    align: 'end',
    secondary: true,
    cell: ({ bytes }) => size(bytes),
  },
  {
    id: 'p95',
    header: '95 % within',
    width: 'fit',
    align: 'end',
    secondary: true,
    cell: ({ p95 }) => `${p95 < 10 ? p95.toFixed(1) : Math.round(p95)} ms`,
  },
]

/** What a plugin has done in this page since it was opened: its calls, what they cost, and what it never needed. */
export function UsageTab({ plugin }: { readonly plugin: PluginRecord }) {
  const cost = useStore(host.costs, (costs) => costs[plugin.id])
  const usage = host.recorder.usage(plugin.id)
  return (
    <div className="c-stack">
      {cost?.throttled && (
        <Notice tone="warning" title="Slowed down">
          {`${plugin.displayName} went beyond its budget, so the host reads its messages slowly until it is calm again. None is lost.`}
        </Notice>
      )}
      {usage.calls > 0 && usage.unused.length > 0 && (
        <Notice tone="info" title="Declared, but never used so far">
          {`${plugin.displayName} has not needed ${joinWords(usage.unused)} in this page. You can take it away on the Permissions tab.`}
        </Notice>
      )}
      <Section
        title="In this page"
        description="Counted by the host since the page was opened. Server code is counted by the backend."
      >
        {cost && (
          <dl className="c-usage">
            <Figure label="Calls" value={count(cost.calls)} />
            <Figure label="Data sent" value={size(cost.bytes)} />
            <Figure label="Changes drawn" value={count(cost.mutations)} />
            <Figure label="Events received" value={count(cost.events)} />
            <Figure label="Answers a ping in" value={`${Math.round(cost.latencyMs)} ms`} />
            <Figure label="Restarts" value={count(cost.restarts)} />
          </dl>
        )}
        <Card padding="none">
          <Table
            label="Methods"
            columns={columns}
            rows={usage.methods}
            rowKey={({ method }) => method}
            empty={
              <EmptyState
                icon={<Gauge />}
                title="It called nothing yet"
                description={
                  plugin.ui
                    ? 'Open a page with one of its widgets: every call it makes is counted here.'
                    : 'This plugin has no widgets, so it makes no calls in the browser.'
                }
              />
            }
          />
        </Card>
      </Section>
      <RecordSection plugin={plugin} />
      <HostsSection plugin={plugin} />
    </div>
  )
}

function Figure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  )
}
