import type { ReactNode } from 'react'
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from 'react-aria-components/Tabs'

export interface TabItem {
  readonly id: string
  readonly label: string
  /** Shown after the label, in tabular figures. */
  readonly count?: number | undefined
  readonly disabled?: boolean | undefined
  readonly content: ReactNode
}

export interface TabsProps {
  /** Read by screen readers. */
  readonly label: string
  readonly items: readonly TabItem[]
  readonly selected?: string | undefined
  readonly defaultSelected?: string
  readonly onChange?: (id: string) => void
}

/** Several views of one thing, one at a time. */
export function Tabs({ label, items, selected, defaultSelected, onChange }: TabsProps) {
  return (
    <AriaTabs
      className="m-tabs"
      selectedKey={selected}
      defaultSelectedKey={defaultSelected}
      onSelectionChange={(key) => onChange?.(String(key))}
    >
      <TabList className="m-tabs__list" aria-label={label}>
        {items.map((item) => (
          <Tab key={item.id} id={item.id} className="m-tab" isDisabled={item.disabled ?? false}>
            {item.label}
            {item.count !== undefined && <span className="m-tab__count">{item.count}</span>}
          </Tab>
        ))}
      </TabList>
      {items.map((item) => (
        <TabPanel key={item.id} id={item.id} className="m-tabs__panel">
          {item.content}
        </TabPanel>
      ))}
    </AriaTabs>
  )
}
