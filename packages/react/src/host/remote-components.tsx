import type { ComponentName } from '@mortise/contract'
import { type ComponentType, createElement, lazy, type ReactNode, Suspense, useId } from 'react'
import { Badge } from '../components/badge.tsx'
import { Button } from '../components/button.tsx'
import { classes } from '../components/classes.ts'
import { EmptyState, Notice, Progress } from '../components/feedback.tsx'
import { Select } from '../components/select.tsx'
import { Skeleton } from '../components/skeleton.tsx'
import { OutboundLink } from '../components/text.tsx'
import { TextField } from '../components/text-field.tsx'
import { Switch } from '../components/toggles.tsx'
import { RemoteIcon } from './remote-icon.tsx'
import type { Remote, RemoteComponentProps, RemotePart, Structure, StructureName } from './remote-props.ts'
import { useDraft } from './use-draft.ts'

type Components = {
  readonly [Name in Exclude<ComponentName, StructureName>]: ComponentType<Remote<Name>>
}
type Structures = { readonly [Name in StructureName]: ComponentType<Structure<Name>> }

/** A component whose code loads with the first widget that draws it. */
function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  wait: ReactNode,
): ComponentType<Props> {
  const Loaded = lazy(async () => ({ default: await load() }))
  return (props) => <Suspense fallback={wait}>{createElement(Loaded, props)}</Suspense>
}

const block = <span className="m-skeleton m-skeleton--block m-w-waiting" aria-hidden="true" />
const line = <span className="m-skeleton m-skeleton--text m-skeleton--60 m-w-waiting" aria-hidden="true" />
const parts = () => import('./remote-parts.tsx')

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
  Button: ({ variant, size, icon, submit, disabled, loading, label, onPress, children }) => (
    <Button
      type={submit ? 'submit' : 'button'}
      icon={icon && <RemoteIcon name={icon} />}
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
  Select: ({ options, ...rest }) => <Select {...rest} options={options ?? []} />,
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
  Grid: ({ columns = 2, gap, children }) => (
    <div className={classes('m-w-grid', `m-w-grid--${columns}`, gap && `m-w-gap-${gap}`)}>{children}</div>
  ),
  Section: RemoteSection,
  Card: ({ padding = 'md', children }) => <div className={`m-w-card m-w-card--${padding}`}>{children}</div>,
  DescriptionList: ({ layout = 'row', children }) => (
    <dl className={`m-w-terms m-w-terms--${layout}`}>{children}</dl>
  ),
  DescriptionItem: ({ term, children }) => (
    <div className="m-w-term">
      <dt>{term}</dt>
      <dd>{children ?? '–'}</dd>
    </div>
  ),
  Skeleton: ({ shape, width }) => <Skeleton shape={shape} width={width} />,
  Stat: later(async () => (await parts()).RemoteStat, block),
  Icon: ({ name, label, tone, size }) =>
    name && (
      <span className={classes('m-w-icon', tone && `m-w-text--${tone}`, size && `m-w-icon--${size}`)}>
        <RemoteIcon name={name} />
        {label && <span className="m-visually-hidden">{label}</span>}
      </span>
    ),
  // Outside of Tabs and Menu there is nothing to choose from.
  Tab: ({ children }) => <>{children}</>,
  MenuItem: () => null,
  Image: later(async () => (await parts()).RemoteImage, null),
  Avatar: later(async () => (await parts()).RemoteAvatar, <span className="m-w-avatar" />),
  TextArea: later(async () => (await parts()).RemoteTextArea, block),
  NumberField: later(async () => (await parts()).RemoteNumberField, line),
  DateField: later(async () => (await parts()).RemoteDateField, line),
  Checkbox: later(async () => (await parts()).RemoteCheckbox, line),
  RadioGroup: later(async () => (await parts()).RemoteRadioGroup, block),
  Form: later(async () => (await parts()).RemoteForm, block),
  Dialog: later(async () => (await parts()).RemoteDialog, null),
  Table: later(async () => (await parts()).RemoteTable, block),
  Code: later(async () => (await parts()).RemoteCode, block),
  Markdown: later(async () => (await import('./remote-markdown.tsx')).RemoteMarkdown, block),
  Chart: later(async () => (await import('./remote-chart.tsx')).RemoteChart, block),
}

const structures: Structures = {
  Menu: later(async () => (await parts()).RemoteMenu, line),
  Tabs: later(async () => (await parts()).RemoteTabs, block),
}

/** What each component of the table is drawn with. */
export const remoteComponents = components as unknown as Readonly<
  Partial<Record<ComponentName, ComponentType<RemoteComponentProps>>>
>

/** What components are drawn with that read their children instead of drawing them. */
export const remoteStructures = structures as unknown as Readonly<
  Partial<
    Record<ComponentName, ComponentType<RemoteComponentProps & { readonly parts: readonly RemotePart[] }>>
  >
>

function RemoteTextField({ value, onChange, ...rest }: Remote<'TextField'>) {
  const [draft, change] = useDraft(value, onChange)
  return <TextField {...rest} value={draft ?? ''} onChange={change} />
}

function RemoteSection({ title, description, children }: Remote<'Section'>) {
  const id = useId()
  return (
    <section className="m-w-section" aria-labelledby={title ? id : undefined}>
      {(title || description) && (
        <div className="m-w-section__head">
          {title && (
            <h3 id={id} className="m-w-heading m-w-heading--2">
              {title}
            </h3>
          )}
          {description && <p className="m-w-section__description">{description}</p>}
        </div>
      )}
      {children}
    </section>
  )
}
