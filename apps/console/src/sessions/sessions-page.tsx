import type { Session } from '@mortise/domains/streamspace'
import {
  Button,
  Card,
  EmptyState,
  PageHeader,
  SearchField,
  Select,
  Table,
  type TableColumn,
} from '@mortise/react/host'
import MonitorPlay from 'lucide-react/icons/monitor-play'
import Plus from 'lucide-react/icons/plus'
import { useDeferredValue, useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { matchesSearch } from '../parts/filter.ts'
import { usePageTitle } from '../parts/page.tsx'
import { SessionStateBadge } from '../parts/status.tsx'
import { Ago } from '../parts/time.tsx'
import { sessionLimit, useSessions } from '../state/sessions.ts'
import { NewSessionDialog } from './new-session-dialog.tsx'
import { SessionPanel } from './session-panel.tsx'

const columns: readonly TableColumn<Session>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'fill',
    cell: (session) => <span className="c-strong">{session.name}</span>,
    sortValue: ({ name }) => name,
  },
  { id: 'user', header: 'User', cell: ({ user }) => user, sortValue: ({ user }) => user },
  {
    id: 'template',
    header: 'Template',
    secondary: true,
    cell: ({ template }) => template,
    sortValue: ({ template }) => template,
  },
  {
    id: 'state',
    header: 'State',
    width: 'fit',
    cell: ({ state }) => <SessionStateBadge state={state} />,
    sortValue: ({ state }) => state,
  },
  {
    id: 'updated',
    header: 'Updated',
    width: 'fit',
    align: 'end',
    secondary: true,
    cell: ({ updatedAt }) => <Ago time={updatedAt} />,
    sortValue: ({ updatedAt }) => updatedAt,
  },
]

const states = [
  { value: 'all', label: 'All states' },
  { value: 'running', label: 'Running' },
  { value: 'hibernated', label: 'Hibernated' },
  { value: 'terminated', label: 'Terminated' },
]

/** All sessions, with the chosen one beside them. `selected` is its id, or `new` for the dialog. */
export function SessionsPage({ selected }: { readonly selected: string | undefined }) {
  usePageTitle('Sessions')
  const [, navigate] = useLocation()
  const { data, error, loading, reload } = useSessions()
  const [search, setSearch] = useState('')
  const [state, setState] = useState('all')
  const query = useDeferredValue(search)
  const rows = useMemo(
    () =>
      (data ?? []).filter(
        (session) =>
          (state === 'all' || session.state === state) &&
          matchesSearch(query, [session.name, session.user, session.template, session.id]),
      ),
    [data, query, state],
  )
  const creating = selected === 'new'
  const shown = creating ? undefined : selected
  const filtered = search !== '' || state !== 'all'
  const openNew = () => navigate('/sessions/new')
  return (
    <div className={shown ? 'c-split' : 'c-split c-split--closed'}>
      <div className="c-page c-split__list">
        <PageHeader
          title="Sessions"
          description="Desktops and applications that people have open."
          actions={
            <Button variant="primary" icon={<Plus />} onPress={openNew}>
              New session
            </Button>
          }
        />
        <div className="c-toolbar">
          <SearchField
            label="Filter sessions"
            value={search}
            onChange={setSearch}
            className="c-toolbar__search"
          />
          <Select
            label="State"
            hideLabel
            options={states}
            value={state}
            onChange={setState}
            className="c-toolbar__select"
          />
          {data && (
            <output className="c-toolbar__count">
              {filtered ? `${count(rows.length)} of ${count(data.length)}` : count(data.length)}
              {data.length >= sessionLimit ? ' newest' : ''}
            </output>
          )}
        </div>
        {error !== undefined && (
          <ErrorNotice title="Sessions could not be read" error={error} onRetry={reload} />
        )}
        {(data || error === undefined) && (
          <Card padding="none">
            <Table
              label="Sessions"
              columns={columns}
              rows={rows}
              rowKey={({ id }) => id}
              loading={loading && !data}
              selectedKey={shown}
              onRowPress={({ id }) => navigate(`/sessions/${encodeURIComponent(id)}`)}
              empty={
                filtered ? (
                  <EmptyState
                    size="sm"
                    title="No session matches"
                    description="Try another word, or look at all states."
                  >
                    <Button
                      onPress={() => {
                        setSearch('')
                        setState('all')
                      }}
                    >
                      Clear filter
                    </Button>
                  </EmptyState>
                ) : (
                  <EmptyState
                    icon={<MonitorPlay />}
                    title="No sessions yet"
                    description="A session is a desktop or an application that a user works in."
                  >
                    <Button variant="primary" icon={<Plus />} onPress={openNew}>
                      New session
                    </Button>
                  </EmptyState>
                )
              }
            />
          </Card>
        )}
      </div>
      {shown && (
        <SessionPanel
          key={shown}
          id={shown}
          session={data?.find(({ id }) => id === shown)}
          loading={!data && loading}
          onClose={() => navigate('/sessions')}
        />
      )}
      {creating && <NewSessionDialog onClose={() => navigate('/sessions')} />}
    </div>
  )
}

const count = (value: number) => value.toLocaleString('en')
