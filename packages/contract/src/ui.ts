/**
 * The components a worker widget may draw, as one table. From it come the
 * custom elements in the guest, the React wrappers for authors, the host's
 * checks of every property, and the reference page.
 *
 * Property values are data. The host parses each one; a value that does not fit
 * is dropped and the component keeps its default, so a hostile tree can at worst
 * look dull.
 */
import { type Infer, type Schema, s } from './schema.ts'

export interface ComponentDefinition {
  readonly summary: string
  /** Custom element name in the guest's tree. */
  readonly element: `m-${string}`
  readonly props: Readonly<Record<string, Schema>>
  /** Event name → tuple schema of what the host sends with it. */
  readonly events: Readonly<Record<string, Schema<readonly unknown[]>>>
  /** Whether the component draws children. */
  readonly children: boolean
}

const text = s.pipe(s.string(), s.maxLength(10_000))
const label = s.pipe(s.string(), s.maxLength(500))
const gap = s.picklist(['none', 'xs', 'sm', 'md', 'lg', 'xl'])
const tone = s.picklist(['neutral', 'accent', 'success', 'warning', 'danger', 'info'])
const size = s.picklist(['sm', 'md'])
/** Only addresses a person can safely open: never `javascript:`, `data:` or `blob:`. */
const safeHref = s.pipe(
  s.string(),
  s.maxLength(2000),
  s.regex(
    // Anchored and without white space: browsers drop tabs and newlines inside an address.
    /^(?:https?:\/\/|mailto:)[^\s\p{Cc}]+$/iu,
    'must be an absolute https:, http: or mailto: address',
  ),
)

const table = {
  Stack: {
    summary: 'Lays its children out in a row or a column.',
    element: 'm-stack',
    props: {
      direction: s.picklist(['row', 'column']),
      gap,
      align: s.picklist(['start', 'center', 'end', 'stretch', 'baseline']),
      justify: s.picklist(['start', 'center', 'end', 'between']),
      wrap: s.boolean(),
    },
    events: {},
    children: true,
  },
  Text: {
    summary: 'A run of text.',
    element: 'm-text',
    props: {
      tone: s.picklist(['default', 'muted', 'subtle', 'success', 'warning', 'danger', 'accent']),
      size: s.picklist(['xs', 'sm', 'md', 'lg']),
      weight: s.picklist(['regular', 'medium']),
      mono: s.boolean(),
      truncate: s.boolean(),
    },
    events: {},
    children: true,
  },
  Heading: {
    summary: 'A heading inside the widget. Level 1 is the highest a widget can use.',
    element: 'm-heading',
    props: { level: s.picklist([1, 2, 3]) },
    events: {},
    children: true,
  },
  Button: {
    summary: 'Does something when pressed.',
    element: 'm-button',
    props: {
      variant: s.picklist(['primary', 'secondary', 'ghost', 'danger']),
      size,
      disabled: s.boolean(),
      loading: s.boolean(),
      /** Read by screen readers where the visible text is not enough. */
      label,
    },
    events: { press: s.tuple([]) },
    children: true,
  },
  Badge: {
    summary: 'A short status word.',
    element: 'm-badge',
    props: { tone },
    events: {},
    children: true,
  },
  List: {
    summary: 'A list of items.',
    element: 'm-list',
    props: { label },
    events: {},
    children: true,
  },
  ListItem: {
    summary: 'One item of a list: content first, actions last.',
    element: 'm-list-item',
    props: {},
    events: {},
    children: true,
  },
  Divider: {
    summary: 'A thin line between groups.',
    element: 'm-divider',
    props: {},
    events: {},
    children: false,
  },
  TextField: {
    summary: 'One line of text to edit.',
    element: 'm-text-field',
    props: {
      label,
      value: text,
      placeholder: label,
      description: label,
      error: label,
      disabled: s.boolean(),
    },
    events: { change: s.tuple([text]) },
    children: false,
  },
  Switch: {
    summary: 'Turns something on or off.',
    element: 'm-switch',
    props: { label, checked: s.boolean(), disabled: s.boolean() },
    events: { change: s.tuple([s.boolean()]) },
    children: false,
  },
  Select: {
    summary: 'Chooses one of several options.',
    element: 'm-select',
    props: {
      label,
      value: label,
      options: s.pipe(s.array(s.object({ value: label, label })), s.maxLength(1000)),
      disabled: s.boolean(),
    },
    events: { change: s.tuple([label]) },
    children: false,
  },
  Link: {
    summary: 'Opens an address in a new tab. The host shows where it leads.',
    element: 'm-link',
    props: { href: safeHref },
    events: {},
    children: true,
  },
  Progress: {
    summary: 'How far something is, from 0 to 1; without a value, that it is under way.',
    element: 'm-progress',
    props: { label, value: s.pipe(s.number(), s.minValue(0), s.maxValue(1)) },
    events: {},
    children: false,
  },
  Notice: {
    summary: 'A message that stands out from the rest of the widget.',
    element: 'm-notice',
    props: { tone, title: label },
    events: {},
    children: true,
  },
  EmptyState: {
    summary: 'What to show where there is nothing yet, with one next step.',
    element: 'm-empty-state',
    props: { title: label, description: label },
    events: {},
    children: true,
  },
} as const satisfies Record<string, ComponentDefinition>

export type ComponentName = keyof typeof table

/** The component table. */
export const uiComponents = table

/** Component definitions by custom element name. */
export const componentsByElement: ReadonlyMap<
  string,
  ComponentDefinition & { readonly name: ComponentName }
> = new Map(
  (Object.entries(table) as [ComponentName, ComponentDefinition][]).map(([name, definition]) => [
    definition.element,
    { name, ...definition },
  ]),
)

type Parsed<S> = S extends Schema<infer T> ? T : never

/** Properties and `onX` callbacks of a component, as authors write them. */
export type ComponentProps<Name extends ComponentName> = {
  readonly [P in keyof (typeof table)[Name]['props']]?: Parsed<(typeof table)[Name]['props'][P]>
} & {
  readonly [E in keyof (typeof table)[Name]['events'] & string as `on${Capitalize<E>}`]?: (
    ...args: Extract<Parsed<(typeof table)[Name]['events'][E]>, readonly unknown[]>
  ) => void
}

/** Caps of one widget's tree. A record that would pass one stops the widget. */
export const uiLimits = { nodes: 100_000, depth: 200, recordsPerSecond: 200_000 } as const

export type SafeHref = Infer<typeof safeHref>
