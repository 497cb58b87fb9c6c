import type { PluginRecord } from '@mortise/contract'
import {
  Button,
  Card,
  EmptyState,
  PluginIcon,
  RiskBadge,
  SearchField,
  Table,
  type TableColumn,
} from '@mortise/react/host'
import Puzzle from 'lucide-react/icons/puzzle'
import { useDeferredValue, useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { useStore } from 'zustand'
import { highestRisk } from '../approval/words.ts'
import { matchesSearch } from '../parts/filter.ts'
import { pluginPath } from '../parts/plugin-path.ts'
import { PluginStatusBadge, typeWord } from '../parts/status.tsx'
import { openApproval } from '../state/prompts.ts'
import { host } from '../state/shell.ts'

const columns: readonly TableColumn<PluginRecord>[] = [
  {
    id: 'name',
    header: 'Plugin',
    width: 'fill',
    cell: (plugin) => (
      <span className="c-plugin-cell">
        <PluginIcon id={plugin.id} name={plugin.displayName} size="md" />
        <span className="c-two-lines">
          <span className="c-strong">{plugin.displayName}</span>
          <span className="c-muted c-when-wide">{plugin.description}</span>
          <span className="c-when-narrow">
            <PluginStatusBadge plugin={plugin} />
          </span>
        </span>
      </span>
    ),
    sortValue: ({ displayName }) => displayName,
  },
  {
    id: 'type',
    header: 'Type',
    width: 'fit',
    secondary: true,
    cell: ({ pluginType }) => typeWord(pluginType),
    sortValue: ({ pluginType }) => pluginType,
  },
  {
    id: 'version',
    header: 'Version',
    width: 'fit',
    secondary: true,
    cell: ({ version }) => <span className="c-numbers">{version}</span>,
  },
  {
    id: 'risk',
    header: 'May do',
    width: 'fit',
    secondary: true,
    cell: (plugin) => <RiskSummary plugin={plugin} />,
  },
  {
    id: 'status',
    header: 'Status',
    width: 'fit',
    secondary: true,
    cell: (plugin) => <PluginStatusBadge plugin={plugin} />,
    sortValue: ({ status }) => status,
  },
]

/** Installed plugins, each leading to its page. */
export function InstalledList({ onBrowse }: { readonly onBrowse: () => void }) {
  const [, navigate] = useLocation()
  const { plugins, ready } = useStore(host.store)
  const [search, setSearch] = useState('')
  const query = useDeferredValue(search)
  const rows = useMemo(
    () =>
      plugins.filter(({ displayName, name, description, author, pluginType }) =>
        matchesSearch(query, [displayName, name, description, author, pluginType]),
      ),
    [plugins, query],
  )
  return (
    <div className="c-stack">
      {plugins.length > 5 && (
        <div className="c-toolbar">
          <SearchField
            label="Filter plugins"
            value={search}
            onChange={setSearch}
            className="c-toolbar__search"
          />
        </div>
      )}
      <Card padding="none">
        <Table
          label="Installed plugins"
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          loading={!ready}
          onRowPress={({ id }) => navigate(pluginPath(id))}
          actions={(plugin) => <NextStep plugin={plugin} />}
          empty={
            search ? (
              <EmptyState size="sm" title="No plugin matches" description="Try another word." />
            ) : (
              <EmptyState
                icon={<Puzzle />}
                title="No plugins yet"
                description="Pick one from the catalog, or drop a .mortise package on this page."
              >
                <Button variant="primary" onPress={onBrowse}>
                  Browse the catalog
                </Button>
              </EmptyState>
            )
          }
        />
      </Card>
    </div>
  )
}

function NextStep({ plugin }: { readonly plugin: PluginRecord }) {
  const [, navigate] = useLocation()
  if (plugin.status === 'awaiting-approval') {
    return (
      <Button size="sm" label={`Review ${plugin.displayName}`} onPress={() => openApproval(plugin.id)}>
        Review
      </Button>
    )
  }
  if (plugin.status === 'awaiting-configuration') {
    return (
      <Button
        size="sm"
        label={`Configure ${plugin.displayName}`}
        onPress={() => navigate(pluginPath(plugin.id, 'configuration'))}
      >
        Configure
      </Button>
    )
  }
  return null
}

function RiskSummary({ plugin: { permissions } }: { readonly plugin: PluginRecord }) {
  const granted = permissions.filter(({ decision }) => decision === 'granted')
  const risk = highestRisk(granted)
  return risk ? (
    <span className="c-risk-summary">
      <RiskBadge risk={risk} />
      <span className="c-muted c-numbers">
        {granted.length} of {permissions.length}
      </span>
    </span>
  ) : (
    <span className="c-muted">{permissions.length === 0 ? 'Asks for nothing' : 'Nothing granted'}</span>
  )
}
