export interface SortState {
  readonly column: string
  readonly direction: 'ascending' | 'descending'
}

export type SortValue = string | number | boolean | Date | null | undefined

/** Next state after a press on a column's header: ascending, descending, ascending, … */
export function nextSort(current: SortState | undefined, column: string): SortState {
  const turn = current?.column === column && current.direction === 'ascending'
  return { column, direction: turn ? 'descending' : 'ascending' }
}

/** A sorted copy. Missing values come last whatever the direction; equal rows keep their order. */
export function sortRows<Row>(
  rows: readonly Row[],
  readValue: (row: Row) => SortValue,
  direction: SortState['direction'],
): readonly Row[] {
  const sign = direction === 'ascending' ? 1 : -1
  return [...rows].sort((a, b) => {
    const left = readValue(a)
    const right = readValue(b)
    if (left == null || right == null) return Number(left == null) - Number(right == null)
    return sign * compare(left, right)
  })
}

// `numeric` sorts "session-9" before "session-10".
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

function compare(left: NonNullable<SortValue>, right: NonNullable<SortValue>): number {
  if (typeof left === 'string' || typeof right === 'string')
    return collator.compare(String(left), String(right))
  return Number(left) - Number(right)
}
