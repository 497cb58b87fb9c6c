import { useState } from 'react'
import { Tabs } from '../components/tabs.tsx'
import type { Remote, Structure } from './remote-props.ts'

/** Beyond this nobody finds a tab any more. */
const mostTabs = 50

/** Opens a tab at once and tells the plugin, which may answer with another. */
export function RemoteTabs({ label, value, onChange, parts }: Structure<'Tabs'>) {
  const tabs = parts.filter(({ name }) => name === 'Tab').slice(0, mostTabs)
  const nameOf = (part: (typeof tabs)[number]) => (part.props as Remote<'Tab'>).value ?? part.key
  const [chosen, choose] = useState(value)
  const [answered, setAnswered] = useState(value)
  if (value !== answered) {
    setAnswered(value)
    choose(value)
  }
  if (tabs.length === 0) return null
  const selected = tabs.find((part) => nameOf(part) === chosen) ?? tabs[0]
  return (
    <Tabs
      label={label ?? 'Views'}
      selected={selected?.key}
      items={tabs.map((part, index) => {
        const props = part.props as Remote<'Tab'>
        return {
          // Not the plugin's own name for it, of which there may be two.
          id: part.key,
          label: props.label ?? `Tab ${index + 1}`,
          count: props.count,
          disabled: props.disabled,
          content: <div className="m-w-stack m-w-gap-md">{part.content}</div>,
        }
      })}
      onChange={(id) => {
        const part = tabs.find(({ key }) => key === id)
        if (!part || part === selected) return
        choose(nameOf(part))
        onChange?.(nameOf(part))
      }}
    />
  )
}
