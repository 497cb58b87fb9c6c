import type { JobRecord, PluginRecord } from '@mortise/contract'
import { Badge, Button, Card, CodeText, EmptyState, Table, type TableColumn } from '@mortise/react/host'
import CalendarClock from 'lucide-react/icons/calendar-clock'
import RotateCw from 'lucide-react/icons/rotate-cw'
import { useState } from 'react'
import { pluginsApi } from '../api/plugins.ts'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { Ago, FullTime } from '../parts/time.tsx'
import { useQuery } from '../state/query.ts'
import { toast, toastFailure } from '../state/toasts.ts'

/** Work the plugin does at set times, when it is next, and how it went. */
export function ScheduleTab({ plugin }: { readonly plugin: PluginRecord }) {
  const { data, error, loading, reload } = useQuery(`jobs ${plugin.id}`, () => pluginsApi.jobs(plugin.id))
  return (
    <div className="c-stack">
      <div className="c-toolbar">
        <p className="c-muted c-toolbar__text">
          Times of its patterns are in UTC. A job never runs twice at once.
        </p>
        <Button size="sm" icon={<RotateCw />} loading={loading && data !== undefined} onPress={reload}>
          Refresh
        </Button>
      </div>
      {error !== undefined && (
        <ErrorNotice
          title={`The schedule of ${plugin.displayName} could not be read`}
          error={error}
          onRetry={reload}
        />
      )}
      {(data || error === undefined) && (
        <Card padding="none">
          <Table
            label="Jobs"
            columns={columnsFor(plugin, reload)}
            rows={data ?? []}
            rowKey={({ name }) => name}
            loading={!data}
            empty={
              <EmptyState
                icon={<CalendarClock />}
                title="Nothing is scheduled"
                description="Its manifest declares no jobs, and its code has not planned any."
              />
            }
          />
        </Card>
      )}
    </div>
  )
}

function columnsFor(plugin: PluginRecord, reload: () => void): readonly TableColumn<JobRecord>[] {
  return [
    {
      id: 'name',
      header: 'Job',
      width: 'fill',
      cell: ({ name, description }) => (
        <span className="c-job">
          <span className="c-strong">{name}</span>
          {description && <span className="c-muted">{description}</span>}
        </span>
      ),
    },
    { id: 'schedule', header: 'When', width: 'fit', cell: ({ schedule }) => <CodeText>{schedule}</CodeText> },
    {
      id: 'next',
      header: 'Next',
      width: 'fit',
      secondary: true,
      cell: ({ nextAt }) => (nextAt ? <FullTime time={nextAt} /> : <span className="c-muted">Never</span>),
    },
    { id: 'last', header: 'Last', width: 'fit', cell: (job) => <LastRun job={job} /> },
    { id: 'runs', header: 'Runs', width: 'fit', align: 'end', secondary: true, cell: ({ runs }) => runs },
    {
      id: 'run',
      header: '',
      width: 'fit',
      align: 'end',
      cell: (job) => <RunNow plugin={plugin} job={job} onDone={reload} />,
    },
  ]
}

function LastRun({ job: { running, lastAt, lastError } }: { readonly job: JobRecord }) {
  if (running) return <Badge tone="info">Running</Badge>
  if (lastAt === null) return <span className="c-muted">Not yet</span>
  return (
    <span className="c-job__last">
      {lastError ? (
        <span title={lastError.message}>
          <Badge tone="danger">Failed · {lastError.code}</Badge>
        </span>
      ) : (
        <Badge tone="success">Done</Badge>
      )}
      <Ago time={lastAt} />
    </span>
  )
}

function RunNow({
  plugin,
  job: { name, running },
  onDone,
}: {
  readonly plugin: PluginRecord
  readonly job: JobRecord
  readonly onDone: () => void
}) {
  const [busy, setBusy] = useState(false)
  const run = async () => {
    setBusy(true)
    try {
      await pluginsApi.runJob(plugin.id, name)
      toast(`${name} has run`)
    } catch (error) {
      toastFailure(`${name} did not run`, error)
    } finally {
      setBusy(false)
      onDone()
    }
  }
  return (
    <Button
      size="sm"
      label={`Run ${name} now`}
      disabled={running || plugin.status !== 'active'}
      loading={busy}
      onPress={() => void run()}
    >
      Run now
    </Button>
  )
}
