import type { Template } from '@mortise/domains/streamspace'
import {
  Card,
  CodeText,
  EmptyState,
  PageHeader,
  SearchField,
  Table,
  type TableColumn,
  Tag,
} from '@mortise/react/host'
import { useDeferredValue, useMemo, useState } from 'react'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { matchesSearch } from '../parts/filter.ts'
import { usePageTitle } from '../parts/page.tsx'
import { useTemplates } from '../state/sessions.ts'

const columns: readonly TableColumn<Template>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'fill',
    cell: (template) => (
      <span className="c-two-lines">
        <span className="c-strong">{template.displayName}</span>
        <span className="c-muted">{template.description}</span>
      </span>
    ),
    sortValue: ({ displayName }) => displayName,
  },
  {
    id: 'category',
    header: 'Category',
    width: 'fit',
    cell: ({ category }) => <Tag>{category}</Tag>,
    sortValue: ({ category }) => category,
  },
  {
    id: 'image',
    header: 'Image',
    secondary: true,
    cell: ({ baseImage }) => <CodeText>{baseImage}</CodeText>,
    sortValue: ({ baseImage }) => baseImage,
  },
  {
    id: 'resources',
    header: 'Memory, CPU',
    width: 'fit',
    align: 'end',
    secondary: true,
    cell: ({ defaultResources: { memory, cpu } }) => `${memory}, ${cpu}`,
  },
]

/** What sessions are made from. */
export function TemplatesPage() {
  usePageTitle('Templates')
  const { data, error, loading, reload } = useTemplates()
  const [search, setSearch] = useState('')
  const query = useDeferredValue(search)
  const rows = useMemo(
    () =>
      (data ?? []).filter((template) =>
        matchesSearch(query, [template.name, template.displayName, template.category, ...template.tags]),
      ),
    [data, query],
  )
  return (
    <div className="c-page">
      <PageHeader title="Templates" description="What sessions are made from." />
      <div className="c-toolbar">
        <SearchField
          label="Filter templates"
          value={search}
          onChange={setSearch}
          className="c-toolbar__search"
        />
        {data && <output className="c-toolbar__count">{rows.length.toLocaleString('en')}</output>}
      </div>
      {error !== undefined && (
        <ErrorNotice title="Templates could not be read" error={error} onRetry={reload} />
      )}
      {(data || error === undefined) && (
        <Card padding="none">
          <Table
            label="Templates"
            columns={columns}
            rows={rows}
            rowKey={({ name }) => name}
            loading={loading && !data}
            empty={
              search ? (
                <EmptyState size="sm" title="No template matches" description="Try another word." />
              ) : (
                <EmptyState
                  title="No templates yet"
                  description="Templates are kept by the workspace. They appear here when it has some."
                />
              )
            }
          />
        </Card>
      )}
    </div>
  )
}
