import type { JobRecord, PluginRecord } from '@mortise/contract'
import { Badge, Button, Card, CodeText, EmptyState } from '@mortise/react/host'
import CalendarClock from 'lucide-react/icons/calendar-clock'
import RotateCw from 'lucide-react/icons/rotate-cw'
import { useState } from 'react'
import { pluginsApi } from '../api/plugins.ts'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { TableSkeleton } from '../parts/table-skeleton.tsx'
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
      {!data && error === undefined && <TableSkeleton rows={3} />}
      {data && (
        <Card padding="none">
          {data.length === 0 ? (
            <EmptyState
              icon={<CalendarClock />}
              title="Nothing is scheduled"
              description="Its manifest declares no jobs, and its code has not planned any."
            />
          ) : (
            <ul className="c-records" aria-label="Jobs">
              {data.map((job) => (
                <li key={job.name} className="c-record">
                  <Job plugin={plugin} job={job} onDone={reload} />
                </li>
              ))}
            </ul>
          )}
        </Card>
      )}
    </div>
  )
}

function Job({
  plugin,
  job,
  onDone,
}: {
  readonly plugin: PluginRecord
  readonly job: JobRecord
  readonly onDone: () => void
}) {
  const { name, schedule, description, nextAt, lastError, runs } = job
  return (
    <>
      <div className="c-record__main">
        <p className="c-record__line">
          <bdi className="c-strong">{name}</bdi>
          <CodeText>{schedule}</CodeText>
          <LastRun job={job} />
        </p>
        {description && <p className="c-muted">{description}</p>}
        {lastError && <p className="c-record__error">{lastError.message}</p>}
        <p className="c-muted">
          {nextAt ? (
            <>
              Next <FullTime time={nextAt} />
            </>
          ) : (
            'No next time'
          )}
          {` · ${runs} ${runs === 1 ? 'run' : 'runs'}`}
        </p>
      </div>
      <RunNow plugin={plugin} job={job} onDone={onDone} />
    </>
  )
}

function LastRun({ job: { running, lastAt, lastError } }: { readonly job: JobRecord }) {
  if (running) return <Badge tone="info">Running</Badge>
  if (lastAt === null) return <span className="c-muted">Not yet</span>
  return (
    <>
      {lastError ? (
        <Badge tone="danger">Failed · {lastError.code}</Badge>
      ) : (
        <Badge tone="success">Done</Badge>
      )}
      <Ago time={lastAt} />
    </>
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
