import { findEvent } from '@mortise/contract'
import { Badge, CodeText, EmptyState, PageHeader, SearchField, Select, type Tone } from '@mortise/react/host'
import Radio from 'lucide-react/icons/radio'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import { type LoggedEvent, readEvents } from '../api/plugins.ts'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { matchesSearch } from '../parts/filter.ts'
import { usePageTitle } from '../parts/page.tsx'
import { TableSkeleton } from '../parts/table-skeleton.tsx'
import { Clock } from '../parts/time.tsx'
import { patch, useQuery } from '../state/query.ts'
import { domains, host } from '../state/shell.ts'

const eventsKey = 'events'
/** Events kept on the page. Older ones stay in the server's log. */
const kept = 500

const severityTones: Readonly<Record<string, Tone>> = {
  info: 'neutral',
  warning: 'warning',
  error: 'danger',
  critical: 'danger',
}

/** What happens to the host itself, which no domain describes. */
const hostSentences: Readonly<Record<string, string>> = {
  'plugin.installed': 'A plugin was installed.',
  'plugin.updated': 'A plugin was updated.',
  'plugin.enabled': 'A plugin was enabled.',
  'plugin.disabled': 'A plugin was disabled.',
  'plugin.granted': 'What a plugin may do changed.',
  'plugin.configured': 'The settings of a plugin changed.',
  'plugin.uninstalled': 'A plugin was uninstalled.',
  'plugin.failed': 'A plugin failed.',
  'plugin.loss_dismissed': 'Somebody dismissed events that never reached a plugin.',
  'theme.changed': 'Somebody changed how the console looks.',
}

/** What the server says happened, as it happens. */
export function ActivityPage() {
  usePageTitle('Activity')
  const { data, error, reload } = useQuery(eventsKey, () => readEvents(200))
  const [search, setSearch] = useState('')
  const [area, setArea] = useState('all')
  const query = useDeferredValue(search)

  useEffect(
    () =>
      host.onEvent((cursor, event) =>
        patch<readonly LoggedEvent[]>(eventsKey, (events) =>
          events.some((known) => known.event.event_id === event.event_id)
            ? events
            : [{ cursor, event }, ...events.slice(0, kept - 1)],
        ),
      ),
    [],
  )

  const areas = useMemo(() => {
    const names = new Set((data ?? []).map(({ event }) => areaOf(event.event_type)))
    return [
      { value: 'all', label: 'All events' },
      ...[...names].sort().map((name) => ({ value: name, label: capitalize(name) })),
    ]
  }, [data])
  const events = useMemo(
    () =>
      (data ?? []).filter(
        ({ event }) =>
          (area === 'all' || areaOf(event.event_type) === area) &&
          matchesSearch(query, [event.event_type, event.username, event.target_id, subjectOf(event.data)]),
      ),
    [data, area, query],
  )

  return (
    <div className="c-page">
      <PageHeader
        title="Activity"
        description="What happened, newest first. New events appear by themselves."
      />
      <div className="c-toolbar">
        <SearchField
          label="Filter events"
          value={search}
          onChange={setSearch}
          className="c-toolbar__search"
        />
        <Select
          label="Kind"
          hideLabel
          options={areas}
          value={area}
          onChange={setArea}
          className="c-toolbar__select"
        />
        {data && <output className="c-toolbar__count">{events.length.toLocaleString('en')}</output>}
      </div>
      {error !== undefined && <ErrorNotice title="Events could not be read" error={error} onRetry={reload} />}
      {!data ? (
        error === undefined && <TableSkeleton rows={8} />
      ) : events.length === 0 ? (
        <EmptyState
          icon={<Radio />}
          title={data.length === 0 ? 'Nothing has happened yet' : 'No event matches'}
          description={
            data.length === 0
              ? 'Create a session, or install a plugin: each change becomes an event here.'
              : 'Try another word, or look at all events.'
          }
        />
      ) : (
        <ol className="c-events" aria-label="Events">
          {events.map((logged) => (
            <EventRow key={logged.event.event_id} logged={logged} />
          ))}
        </ol>
      )}
    </div>
  )
}

function EventRow({ logged: { event } }: { readonly logged: LoggedEvent }) {
  const sentence = findEvent(domains, event.event_type)?.summary ?? hostSentences[event.event_type]
  const subject = subjectOf(event.data) ?? event.target_id
  return (
    <li className="c-event">
      <details className="c-event__details">
        <summary className="c-event__line">
          <span className="c-event__time">
            <Clock time={event.timestamp} />
          </span>
          <CodeText>{event.event_type}</CodeText>
          <span className="c-event__subject">{subject}</span>
          <span className="c-event__sentence">{sentence}</span>
          {event.username && <span className="c-event__user">{event.username}</span>}
          {event.severity !== 'info' && <Badge tone={severityTones[event.severity]}>{event.severity}</Badge>}
        </summary>
        <CodeText block>{JSON.stringify(event, null, 2)}</CodeText>
      </details>
    </li>
  )
}

const areaOf = (type: string) => type.split('.')[0] ?? type
const capitalize = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

/** The name of the thing an event is about, where its data says one. */
function subjectOf(data: unknown): string | undefined {
  const { session, user, plugin } = (data ?? {}) as {
    session?: { name?: unknown }
    user?: { username?: unknown }
    plugin?: unknown
  }
  const name = session?.name ?? user?.username ?? plugin
  return typeof name === 'string' ? name : undefined
}
