import type { User } from '@mortise/domains/streamspace'
import {
  Badge,
  Card,
  EmptyState,
  PageHeader,
  SearchField,
  Table,
  type TableColumn,
} from '@mortise/react/host'
import { useDeferredValue, useMemo, useState } from 'react'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { matchesSearch } from '../parts/filter.ts'
import { usePageTitle } from '../parts/page.tsx'
import { Ago } from '../parts/time.tsx'
import { useUsers } from '../state/sessions.ts'

const tiers = { free: 'Free', pro: 'Pro', enterprise: 'Enterprise' } as const

const columns: readonly TableColumn<User>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'fill',
    cell: (user) => <span className="c-strong">{user.fullName || user.username}</span>,
    sortValue: (user) => user.fullName || user.username,
  },
  {
    id: 'username',
    header: 'User name',
    cell: ({ username }) => username,
    sortValue: ({ username }) => username,
  },
  {
    id: 'email',
    header: 'Email',
    secondary: true,
    cell: ({ email }) => email,
    sortValue: ({ email }) => email,
  },
  {
    id: 'tier',
    header: 'Tier',
    width: 'fit',
    cell: ({ tier }) => <Badge tone={tier === 'enterprise' ? 'accent' : 'neutral'}>{tiers[tier]}</Badge>,
    sortValue: ({ tier }) => tier,
  },
  {
    id: 'created',
    header: 'Joined',
    width: 'fit',
    align: 'end',
    secondary: true,
    cell: ({ createdAt }) => <Ago time={createdAt} />,
    sortValue: ({ createdAt }) => createdAt,
  },
]

/** The people who own sessions. */
export function UsersPage() {
  usePageTitle('Users')
  const { data, error, loading, reload } = useUsers()
  const [search, setSearch] = useState('')
  const query = useDeferredValue(search)
  const rows = useMemo(
    () =>
      (data ?? []).filter((user) =>
        matchesSearch(query, [user.username, user.fullName, user.email, user.tier]),
      ),
    [data, query],
  )
  return (
    <div className="c-page">
      <PageHeader title="Users" description="The people who own sessions." />
      <div className="c-toolbar">
        <SearchField label="Filter users" value={search} onChange={setSearch} className="c-toolbar__search" />
        {data && <output className="c-toolbar__count">{rows.length.toLocaleString('en')}</output>}
      </div>
      {error !== undefined && <ErrorNotice title="Users could not be read" error={error} onRetry={reload} />}
      {(data || error === undefined) && (
        <Card padding="none">
          <Table
            label="Users"
            columns={columns}
            rows={rows}
            rowKey={({ id }) => id}
            loading={loading && !data}
            empty={
              search ? (
                <EmptyState size="sm" title="No user matches" description="Try another word." />
              ) : (
                <EmptyState
                  title="No users yet"
                  description="Users are kept by the workspace. They appear here when it has some."
                />
              )
            }
          />
        </Card>
      )}
    </div>
  )
}
