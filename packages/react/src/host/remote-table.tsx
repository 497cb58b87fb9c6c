import type { ComponentProps } from '@mortise/contract'
import Ellipsis from 'lucide-react/icons/ellipsis'
import { useMemo } from 'react'
import { Badge } from '../components/badge.tsx'
import { IconButton } from '../components/button.tsx'
import { EmptyState } from '../components/feedback.tsx'
import { Menu } from '../components/menu.tsx'
import type { SortValue } from '../components/sort-rows.ts'
import { Table, type TableColumn } from '../components/table.tsx'
import { OutboundLink } from '../components/text.tsx'
import { RemoteIcon } from './remote-icon.tsx'
import type { Remote } from './remote-props.ts'

type Row = NonNullable<ComponentProps<'Table'>['rows']>[number]
type Cell = Row['cells'][string]

export function RemoteTable(props: Remote<'Table'>) {
  const { label = 'Table', columns, rows, actions, loading, pageSize = 50, onPress, onAction } = props
  const pressable = onPress !== undefined
  const drawn = useMemo(
    () => unique(columns ?? []).map((column, index) => toColumn(column, pressable && index === 0)),
    [columns, pressable],
  )
  const listed = useMemo(() => unique(rows ?? []), [rows])
  return (
    <div className="m-w-table">
      <Table<Row>
        label={label}
        columns={drawn}
        rows={listed}
        rowKey={(row) => row.id}
        loading={loading}
        defaultSort={props.sort}
        selectedKey={props.selected}
        pageSize={pageSize}
        empty={<EmptyState size="sm" title={props.empty ?? 'Nothing here yet'} />}
        onRowPress={onPress && ((row) => onPress(row.id))}
        actions={
          actions && actions.length > 0
            ? (row) => (
                <Menu
                  label={`Actions for ${plain(row, drawn[0]?.id)}`}
                  trigger={<IconButton size="sm" label="Actions" icon={<Ellipsis />} />}
                  items={unique(actions).map((action) => ({
                    id: action.id,
                    label: action.label,
                    icon: action.icon && <RemoteIcon name={action.icon} />,
                    tone: action.tone,
                    onAction: () => onAction?.({ row: row.id, action: action.id }),
                  }))}
                />
              )
            : undefined
        }
      />
    </div>
  )
}

/** Ids decide what stays in place, so of several with the same id the first one counts. */
function unique<T extends { readonly id: string }>(items: readonly T[]): readonly T[] {
  const seen = new Set<string>()
  return items.filter(({ id }) => !seen.has(id) && seen.add(id))
}

type Column = NonNullable<ComponentProps<'Table'>['columns']>[number]

/** `inButton`: the cell is the face of the row's button, where a link has no place. */
function toColumn(column: Column, inButton: boolean): TableColumn<Row> {
  const { id, header, sortable, ...rest } = column
  return {
    ...rest,
    id,
    header,
    cell: (row) => <RemoteCell value={cellOf(row, id)} inButton={inButton} />,
    sortValue: sortable ? (row) => sortValue(cellOf(row, id)) : undefined,
  }
}

function RemoteCell({ value, inButton }: { readonly value: Cell | undefined; readonly inButton: boolean }) {
  if (value === undefined || value === null || value === '')
    return <span className="m-w-text--subtle">–</span>
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  if (typeof value === 'number') return value.toLocaleString()
  if (typeof value === 'string') return value
  const { text, tone, href, note, mono } = value
  const main = tone ? (
    <Badge tone={tone}>{text}</Badge>
  ) : href && !inButton ? (
    <OutboundLink href={href}>{text}</OutboundLink>
  ) : (
    text
  )
  return (
    <>
      {mono ? <span className="m-w-text--mono">{main}</span> : main}
      {note && <span className="m-w-table__note">{note}</span>}
    </>
  )
}

function cellOf(row: Row, column: string): Cell | undefined {
  return Object.hasOwn(row.cells, column) ? row.cells[column] : undefined
}

function sortValue(cell: Cell | undefined): SortValue {
  if (cell === undefined || cell === null) return null
  if (typeof cell === 'boolean') return cell ? 1 : 0
  return typeof cell === 'object' ? (cell.sort ?? cell.text) : cell
}

function plain(row: Row, column: string | undefined): string {
  const cell = column === undefined ? undefined : cellOf(row, column)
  return typeof cell === 'object' && cell ? cell.text : String(cell ?? row.id)
}
