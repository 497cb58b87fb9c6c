/** The components of the table as React components that draw into the remote tree. */
import {
  type ComponentName,
  type ComponentProps,
  componentShapes,
  type uiComponents,
} from '@mortise/contract'
import {
  createElement,
  type FunctionComponent,
  type ReactNode,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { isReact19 } from './react-version.ts'

type Children<Name extends ComponentName> = (typeof uiComponents)[Name]['children'] extends true
  ? { readonly children?: ReactNode }
  : unknown

/** Props of a component, as plugin authors write them. */
export type PropsOf<Name extends ComponentName> = ComponentProps<Name> & Children<Name>

export const Avatar = remote('Avatar')
export const Badge = remote('Badge')
export const Button = remote('Button')
export const Card = remote('Card')
export const Chart = remote('Chart')
export const Checkbox = remote('Checkbox')
export const Code = remote('Code')
export const DateField = remote('DateField')
export const DescriptionItem = remote('DescriptionItem')
export const DescriptionList = remote('DescriptionList')
export const Dialog = remote('Dialog')
export const Divider = remote('Divider')
export const EmptyState = remote('EmptyState')
export const Form = remote('Form')
export const Grid = remote('Grid')
export const Heading = remote('Heading')
export const Icon = remote('Icon')
export const Image = remote('Image')
export const Link = remote('Link')
export const List = remote('List')
export const ListItem = remote('ListItem')
export const Markdown = remote('Markdown')
export const Menu = remote('Menu')
export const MenuItem = remote('MenuItem')
export const Notice = remote('Notice')
export const NumberField = remote('NumberField')
export const Progress = remote('Progress')
export const RadioGroup = remote('RadioGroup')
export const Section = remote('Section')
export const Select = remote('Select')
export const Skeleton = remote('Skeleton')
export const Stack = remote('Stack')
export const Stat = remote('Stat')
export const Switch = remote('Switch')
export const Tab = remote('Tab')
export const Table = remote('Table')
export const Tabs = remote('Tabs')
export const Text = remote('Text')
export const TextArea = remote('TextArea')
export const TextField = remote('TextField')

type AnyProps = Readonly<Record<string, unknown>>

function remote<Name extends ComponentName>(name: Name): FunctionComponent<PropsOf<Name>> {
  const { element } = componentShapes[name]
  const draw = (props: AnyProps) =>
    createElement(element, useGivenProps(useElementProps(name, props)), props.children as ReactNode)
  return Object.assign(draw, { displayName: name }) as FunctionComponent<PropsOf<Name>>
}

/**
 * Before version 19 React knows attributes only, where objects and listeners get
 * lost: there each element gets what it is given once it exists.
 */
const useGivenProps = isReact19 ? (given: AnyProps) => given : useRefForProps

function useRefForProps(given: AnyProps): AnyProps {
  const element = useRef<Element & Record<string, unknown>>(null)
  const last = useRef<AnyProps>({})
  useLayoutEffect(() => {
    const target = element.current
    const before = last.current
    last.current = given
    if (!target) return
    for (const name of new Set([...Object.keys(before), ...Object.keys(given)])) {
      const [old, value] = [before[name], given[name]]
      if (old === value) continue
      if (typeof old === 'function') target.removeEventListener(name.slice(2), old as EventListener)
      if (typeof value === 'function') target.addEventListener(name.slice(2), value as EventListener)
      else if (typeof old !== 'function') target[name] = value
    }
  })
  return { ref: element }
}

/** What the custom element is given: properties of the table, and one lasting listener per event. */
function useElementProps(name: ComponentName, props: AnyProps): AnyProps {
  const { props: properties, events } = componentShapes[name]
  const latest = useRef(props)
  useLayoutEffect(() => {
    latest.current = props
  })
  // A new listener would be a message to the host, so each element keeps the ones it started with.
  const [listeners] = useState(() => events.map((event) => listen(event, latest)))
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
