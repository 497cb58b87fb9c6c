import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import ChevronsUpDown from 'lucide-react/icons/chevrons-up-down'
import { type ReactNode, useMemo, useState } from 'react'
import { Button } from './button.tsx'
import { classes } from './classes.ts'
import { Skeleton } from './skeleton.tsx'
import { nextSort, type SortState, type SortValue, sortRows } from './sort-rows.ts'

export interface TableColumn<Row> {
  readonly id: string
  readonly header: string
  readonly cell: (row: Row) => ReactNode
  /** Makes the column sortable. */
  readonly sortValue?: ((row: Row) => SortValue) | undefined
  /** `end` for numbers, so that digits stand under each other. */
  readonly align?: 'start' | 'end' | undefined
  /** `fill` takes what is left and cuts long text; `fit` is as narrow as its content. */
  readonly width?: 'fit' | 'fill' | undefined
  /** Left out where the table is narrower than 560 px. */
  readonly secondary?: boolean | undefined
}

export interface TableProps<Row> {
  /** Read by screen readers. */
  readonly label: string
  readonly columns: readonly TableColumn<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  readonly loading?: boolean | undefined
  /** Shown instead of rows when there are none. */
  readonly empty?: ReactNode
  readonly defaultSort?: SortState | undefined
  /** Controls at the end of each row. */
  readonly actions?: ((row: Row) => ReactNode) | undefined
  readonly selectedKey?: string | undefined
  /** Makes rows pressable. The first cell's content becomes the button that the keyboard reaches. */
  readonly onRowPress?: ((row: Row) => void) | undefined
  /** Rows drawn before "Show more"; 100 by default. */
  readonly pageSize?: number
}

const skeletonRows = ['a', 'b', 'c', 'd', 'e']

/** Rows of like things. Sorts in place and draws long lists in pages. */
export function Table<Row>(props: TableProps<Row>) {
  const { label, columns, rows, rowKey, loading = false, empty, actions, pageSize = 100 } = props
  const [sort, setSort] = useState(props.defaultSort)
  const [shown, setShown] = useState(pageSize)
  const sorted = useMemo(() => {
    const readValue = columns.find((column) => column.id === sort?.column)?.sortValue
    return readValue && sort ? sortRows(rows, readValue, sort.direction) : rows
  }, [columns, rows, sort])
  const waiting = loading && rows.length === 0
  if (rows.length === 0 && !loading) return <div className="m-table-box m-table-box--empty">{empty}</div>
  return (
    <div className="m-table-box">
      <table className="m-table" aria-label={label} aria-busy={loading}>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeaderCell key={column.id} column={column} sort={sort} onSort={setSort} />
            ))}
            {actions && (
              <th scope="col" className="m-table__actions">
                <span className="m-visually-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {waiting
            ? skeletonRows.map((row) => (
                <tr key={row}>
                  {columns.map((column) => (
                    <td key={column.id} className={cellClass(column)}>
                      <Skeleton />
                    </td>
                  ))}
                  {actions && <td className="m-table__actions" />}
                </tr>
              ))
            : sorted
                .slice(0, shown)
                .map((row) => (
                  <BodyRow
                    key={rowKey(row)}
                    row={row}
                    selected={rowKey(row) === props.selectedKey}
                    {...props}
                  />
                ))}
        </tbody>
      </table>
      {sorted.length > shown && (
        <div className="m-table__more">
          <span>
            {shown.toLocaleString()} of {sorted.length.toLocaleString()}
          </span>
          <Button size="sm" variant="ghost" onPress={() => setShown(shown + pageSize)}>
            Show more
          </Button>
        </div>
      )}
    </div>
  )
}

interface HeaderCellProps<Row> {
  readonly column: TableColumn<Row>
  readonly sort: SortState | undefined
  readonly onSort: (sort: SortState) => void
}

function HeaderCell<Row>({ column, sort, onSort }: HeaderCellProps<Row>) {
  const active = sort?.column === column.id ? sort.direction : undefined
  const Icon = active === 'ascending' ? ArrowUp : active === 'descending' ? ArrowDown : ChevronsUpDown
  return (
    <th scope="col" className={cellClass(column)} aria-sort={column.sortValue && (active ?? 'none')}>
      {column.sortValue ? (
        <button
          type="button"
          className={classes('m-table__sort', active && 'm-table__sort--active')}
          onClick={() => onSort(nextSort(sort, column.id))}
        >
          {column.header}
          <Icon aria-hidden="true" />
        </button>
      ) : (
        column.header
      )}
    </th>
  )
}

type BodyRowProps<Row> = Pick<TableProps<Row>, 'columns' | 'actions' | 'onRowPress'> & {
  readonly row: Row
  readonly selected: boolean
}

function BodyRow<Row>({ row, selected, columns, actions, onRowPress }: BodyRowProps<Row>) {
  return (
    <tr
      className={classes(onRowPress && 'm-table__row--pressable', selected && 'm-table__row--selected')}
      aria-current={selected || undefined}
    >
      {columns.map((column, index) => (
        <td key={column.id} className={cellClass(column)}>
          {index === 0 && onRowPress ? (
            // Its ::after covers the row, so the whole row is the button's target.
            <button type="button" className="m-table__press" onClick={() => onRowPress(row)}>
              {column.cell(row)}
            </button>
          ) : (
            column.cell(row)
          )}
        </td>
      ))}
      {actions && <td className="m-table__actions">{actions(row)}</td>}
    </tr>
  )
}

function cellClass<Row>({ align, width, secondary }: TableColumn<Row>): string {
  return classes(
    'm-table__cell',
    align === 'end' && 'm-table__cell--end',
    width && `m-table__cell--${width}`,
    secondary && 'm-table__cell--secondary',
  )
}
