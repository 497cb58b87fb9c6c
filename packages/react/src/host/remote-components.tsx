import type { ComponentName, ComponentProps } from '@mortise/contract'
import { type ComponentType, type ReactNode, useRef, useState } from 'react'
import { Badge } from '../components/badge.tsx'
import { Button } from '../components/button.tsx'
import { classes } from '../components/classes.ts'
import { EmptyState, Notice, Progress } from '../components/feedback.tsx'
import { Select } from '../components/select.tsx'
import { OutboundLink } from '../components/text.tsx'
import { TextField } from '../components/text-field.tsx'
import { Switch } from '../components/toggles.tsx'

/** Props of any component of the table: parsed by the engine, named by the table. */
export type RemoteComponentProps = Readonly<Record<string, unknown>> & { readonly children?: ReactNode }

type Remote<Name extends ComponentName> = ComponentProps<Name> & { readonly children?: ReactNode }
type Components = { readonly [Name in ComponentName]: ComponentType<Remote<Name>> }

const components: Components = {
  Stack: ({ direction, gap, align, justify, wrap, children }) => (
    <div
      className={classes(
        'm-w-stack',
        direction === 'row' && 'm-w-stack--row',
        wrap && 'm-w-stack--wrap',
        gap && `m-w-gap-${gap}`,
        align && `m-w-align-${align}`,
        justify && `m-w-justify-${justify}`,
      )}
    >
      {children}
    </div>
  ),
  Text: ({ tone, size, weight, mono, truncate, children }) => (
    <span
      className={classes(
        'm-w-text',
        tone && `m-w-text--${tone}`,
        size && `m-w-text--${size}`,
        weight === 'medium' && 'm-w-text--medium',
        mono && 'm-w-text--mono',
        truncate && 'm-w-text--truncate',
      )}
    >
      {children}
    </span>
  ),
  // The page has the first level and the title bar the second.
  Heading: ({ level = 2, children }) => {
    const Level = ({ 1: 'h3', 2: 'h4', 3: 'h5' } as const)[level]
    return <Level className={`m-w-heading m-w-heading--${level}`}>{children}</Level>
  },
  Button: ({ variant, size, disabled, loading, label, onPress, children }) => (
    <Button
      variant={variant}
      size={size ?? 'sm'}
      disabled={disabled}
      loading={loading}
      label={label}
      onPress={onPress}
    >
      {children}
    </Button>
  ),
  Badge: ({ tone, children }) => <Badge tone={tone}>{children}</Badge>,
  List: ({ label, children }) => (
    <ul className="m-w-list" aria-label={label}>
      {children}
    </ul>
  ),
  ListItem: ({ children }) => <li>{children}</li>,
  Divider: () => <hr className="m-w-divider" />,
  TextField: RemoteTextField,
  Switch: ({ label, checked, disabled, onChange }) => (
    <Switch label={label} checked={checked} disabled={disabled} onChange={onChange} />
  ),
  Select: ({ label, value, options, disabled, onChange }) => (
    <Select label={label} value={value} options={options ?? []} disabled={disabled} onChange={onChange} />
  ),
  Link: ({ href, children }) =>
    href === undefined ? (
      <span className="m-w-text">{children}</span>
    ) : (
      <OutboundLink href={href}>{children}</OutboundLink>
    ),
  Progress: ({ label, value }) => <Progress label={label} value={value} />,
  Notice: ({ tone, title, children }) => (
    <Notice tone={tone} title={title}>
      {children}
    </Notice>
  ),
  EmptyState: ({ title, description, children }) => (
    <EmptyState size="sm" title={title} description={description}>
      {children}
    </EmptyState>
  ),
}

/** What each component of the table is drawn with. */
export const remoteComponents = components as unknown as Readonly<
  Record<ComponentName, ComponentType<RemoteComponentProps>>
>

/**
 * Keeps what a person types until the plugin has answered it. A plugin's value
 * arrives a moment after the key; taking it as it comes would throw away the
 * keys pressed meanwhile.
 */
function RemoteTextField({ value, onChange, ...rest }: Remote<'TextField'>) {
  const [draft, setDraft] = useState(value)
  const [answered, setAnswered] = useState(value)
  const sent = useRef<string[]>([])
  if (value !== answered) {
    setAnswered(value)
    const echo = value === undefined ? -1 : sent.current.indexOf(value)
    if (echo >= 0) sent.current.splice(0, echo + 1)
    else {
      sent.current = []
      setDraft(value)
    }
  }
  return (
    <TextField
      {...rest}
      value={draft ?? ''}
      onChange={(next) => {
        setDraft(next)
        sent.current.push(next)
        if (sent.current.length > 100) sent.current.shift()
        onChange?.(next)
      }}
    />
  )
}
