import type { CatalogPlugin } from '@mortise/contract'
import { Badge, Button, EmptyState, PluginIcon, RiskBadge, SearchField, Tag } from '@mortise/react/host'
import { useDeferredValue, useState } from 'react'
import { pluginsApi } from '../api/plugins.ts'
import { ThemePicture } from '../appearance/theme-picture.tsx'
import { themesOfPlugin } from '../appearance/theme-source.ts'
import { highestRisk } from '../approval/words.ts'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { matchesSearch } from '../parts/filter.ts'
import { typeWord } from '../parts/status.tsx'
import { TableSkeleton } from '../parts/table-skeleton.tsx'
import { useQuery } from '../state/query.ts'
import { catalogKey } from './install.ts'

interface CatalogListProps {
  /** Name of what is being installed now. */
  readonly busy: string | undefined
  readonly onInstall: (name: string) => void
}

/** Plugins that can be installed by name. */
export function CatalogList({ busy, onInstall }: CatalogListProps) {
  const { data, error, reload } = useQuery(catalogKey, pluginsApi.catalog)
  const [search, setSearch] = useState('')
  const query = useDeferredValue(search)
  const found = (data ?? []).filter(({ displayName, name, description, author, pluginType }) =>
    matchesSearch(query, [displayName, name, description, author, pluginType]),
  )
  if (error !== undefined && !data) {
    return <ErrorNotice title="The catalog could not be read" error={error} onRetry={reload} />
  }
  if (!data) return <TableSkeleton rows={6} />
  return (
    <div className="c-stack">
      <div className="c-toolbar">
        <SearchField
          label="Filter catalog"
          value={search}
          onChange={setSearch}
          className="c-toolbar__search"
        />
        <output className="c-toolbar__count">{found.length.toLocaleString('en')}</output>
      </div>
      {found.length === 0 ? (
        <EmptyState
          size="sm"
          title={data.length === 0 ? 'The catalog is empty' : 'No plugin matches'}
          description={data.length === 0 ? 'You can still upload a .mortise package.' : 'Try another word.'}
        />
      ) : (
        <ul className="c-catalog">
          {found.map((plugin) => (
            <CatalogCard key={plugin.id} plugin={plugin} busy={busy} onInstall={onInstall} />
          ))}
        </ul>
      )}
    </div>
  )
}

function CatalogCard({ plugin, busy, onInstall }: CatalogListProps & { readonly plugin: CatalogPlugin }) {
  const risk = highestRisk(plugin.permissions)
  const asked = plugin.permissions.length
  const [theme] = themesOfPlugin(plugin, 'catalog')
  return (
    <li className="m-card c-catalog__card">
      {theme && <ThemePicture theme={theme} />}
      <div className="c-catalog__head">
        <PluginIcon id={plugin.name} name={plugin.displayName} size="md" />
        <div className="c-two-lines">
          <h2 className="c-strong c-clip">{plugin.displayName}</h2>
          <span className="c-muted c-clip">
            {plugin.author} · <span className="c-numbers">{plugin.version}</span>
          </span>
        </div>
        <Tag>{typeWord(plugin.pluginType)}</Tag>
      </div>
      <p className="c-catalog__description">{plugin.description}</p>
      <div className="c-catalog__foot">
        {risk ? (
          <span className="c-risk-summary">
            <RiskBadge risk={risk} />
            <span className="c-muted c-numbers">
              {asked} {asked === 1 ? 'permission' : 'permissions'}
            </span>
          </span>
        ) : (
          <span className="c-muted">Asks for nothing</span>
        )}
        {plugin.installed ? (
          <Badge tone="success">Installed</Badge>
        ) : (
          <Button
            size="sm"
            label={`Install ${plugin.displayName}`}
            loading={busy === plugin.name}
            disabled={busy !== undefined && busy !== plugin.name}
            onPress={() => onInstall(plugin.name)}
          >
            Install
          </Button>
        )}
      </div>
    </li>
  )
}
