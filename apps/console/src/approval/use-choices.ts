import type { Decision } from '@mortise/contract'
import { useMemo, useState } from 'react'

/** What a person chooses while the sheet is open. What nobody has decided starts as allowed. */
export function useChoices(items: readonly (readonly [name: string, decision: Decision])[]) {
  const [changed, setChanged] = useState<Readonly<Record<string, boolean>>>({})
  const record = useMemo(
    () => Object.fromEntries(items.map(([name, decision]) => [name, changed[name] ?? decision !== 'denied'])),
    [items, changed],
  )
  const allowed = useMemo(
    () => new Set(Object.keys(record).filter((name) => record[name])) as ReadonlySet<string>,
    [record],
  )
  const choose = (name: string, isAllowed: boolean) =>
    setChanged((before) => ({ ...before, [name]: isAllowed }))
  return { record, allowed, choose }
}
