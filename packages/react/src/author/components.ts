/** The components of the table as React components that draw into the remote tree. */
import { type ComponentName, type ComponentProps, uiComponents } from '@mortise/contract'
import {
  createElement,
  type FunctionComponent,
  type ReactNode,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'

type Children<Name extends ComponentName> = (typeof uiComponents)[Name]['children'] extends true
  ? { readonly children?: ReactNode }
  : unknown

/** Props of a component, as plugin authors write them. */
export type PropsOf<Name extends ComponentName> = ComponentProps<Name> & Children<Name>

export const Badge = remote('Badge')
export const Button = remote('Button')
export const Divider = remote('Divider')
export const EmptyState = remote('EmptyState')
export const Heading = remote('Heading')
export const Link = remote('Link')
export const List = remote('List')
export const ListItem = remote('ListItem')
export const Notice = remote('Notice')
export const Progress = remote('Progress')
export const Select = remote('Select')
export const Stack = remote('Stack')
export const Switch = remote('Switch')
export const Text = remote('Text')
export const TextField = remote('TextField')

type AnyProps = Readonly<Record<string, unknown>>

function remote<Name extends ComponentName>(name: Name): FunctionComponent<PropsOf<Name>> {
  const { element } = uiComponents[name]
  const draw = (props: AnyProps) =>
    createElement(element, useElementProps(name, props), props.children as ReactNode)
  return Object.assign(draw, { displayName: name }) as FunctionComponent<PropsOf<Name>>
}

/** What the custom element is given: properties of the table, and one lasting listener per event. */
function useElementProps(name: ComponentName, props: AnyProps): AnyProps {
  const { props: properties, events } = uiComponents[name]
  const latest = useRef(props)
  useLayoutEffect(() => {
    latest.current = props
  })
  // A new listener would be a message to the host, so each element keeps the ones it started with.
  const [listeners] = useState(() => Object.keys(events).map((event) => listen(event, latest)))
  const given: Record<string, unknown> = {}
  for (const property of Object.keys(properties)) {
    if (props[property] !== undefined) given[property] = props[property]
  }
  for (const { attribute, callback, listener } of listeners) {
    if (typeof props[callback] === 'function') given[attribute] = listener
  }
  return given
}

function listen(event: string, latest: { readonly current: AnyProps }) {
  const callback = `on${event[0]?.toUpperCase()}${event.slice(1)}`
  return {
    attribute: `on${event}`,
    callback,
    listener({ detail }: CustomEvent) {
      const call = latest.current[callback] as ((...args: unknown[]) => void) | undefined
      // An event without a value has the detail null.
      if (detail == null) call?.()
      else call?.(detail)
    },
  }
}
