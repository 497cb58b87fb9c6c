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
import {
  chartLabels,
  chartSeries,
  day,
  flag,
  gap,
  icon,
  imageSource,
  key,
  label,
  longText,
  number,
  options,
  pixels,
  safeHref,
  share,
  size,
  tableActions,
  tableColumns,
  tableRows,
  tableSort,
  text,
  tone,
  variant,
} from './ui-values.ts'

export interface ComponentDefinition {
  /** Custom element name in the guest's tree. */
  readonly element: `m-${string}`
  readonly props: Readonly<Record<string, Schema>>
  /** Event name → tuple schema of what the host sends with it. */
  readonly events: Readonly<Record<string, Schema<readonly unknown[]>>>
  /** Whether the component draws children. */
  readonly children: boolean
}

const table = {
  Stack: {
    element: 'm-stack',
    props: {
      direction: s.picklist(['row', 'column']),
      gap,
      align: s.picklist(['start', 'center', 'end', 'stretch', 'baseline']),
      justify: s.picklist(['start', 'center', 'end', 'between']),
      wrap: flag,
    },
    events: {},
    children: true,
  },
  Text: {
    element: 'm-text',
    props: {
      tone: s.picklist(['default', 'muted', 'subtle', 'success', 'warning', 'danger', 'accent']),
      size: s.picklist(['xs', 'sm', 'md', 'lg']),
      weight: s.picklist(['regular', 'medium']),
      mono: flag,
      truncate: flag,
    },
    events: {},
    children: true,
  },
  Heading: {
    element: 'm-heading',
    props: { level: s.picklist([1, 2, 3]) },
    events: {},
    children: true,
  },
  Button: {
    element: 'm-button',
    props: {
      variant,
      size,
      disabled: flag,
      loading: flag,
      /** Drawn before the text. Without any text, `label` says what the button does. */
      icon,
      /** Sends the form around it. */
      submit: flag,
      /** Read by screen readers where the visible text is not enough. */
      label,
    },
    events: { press: s.tuple([]) },
    children: true,
  },
  Badge: {
    element: 'm-badge',
    props: { tone },
    events: {},
    children: true,
  },
  List: {
    element: 'm-list',
    props: { label },
    events: {},
    children: true,
  },
  ListItem: {
    element: 'm-list-item',
    props: {},
    events: {},
    children: true,
  },
  Divider: {
    element: 'm-divider',
    props: {},
    events: {},
    children: false,
  },
  TextField: {
    element: 'm-text-field',
    props: {
      label,
      value: text,
      placeholder: label,
      description: label,
      error: label,
      disabled: flag,
    },
    events: { change: s.tuple([text]) },
    children: false,
  },
  Switch: {
    element: 'm-switch',
    props: { label, checked: flag, disabled: flag },
    events: { change: s.tuple([flag]) },
    children: false,
  },
  Select: {
    element: 'm-select',
    props: {
      label,
      value: label,
      options,
      placeholder: label,
      description: label,
      error: label,
      disabled: flag,
    },
    events: { change: s.tuple([label]) },
    children: false,
  },
  Link: {
    element: 'm-link',
    props: { href: safeHref },
    events: {},
    children: true,
  },
  Progress: {
    element: 'm-progress',
    props: { label, value: share },
    events: {},
    children: false,
  },
  Notice: {
    element: 'm-notice',
    props: { tone, title: label },
    events: {},
    children: true,
  },
  EmptyState: {
    element: 'm-empty-state',
    props: { title: label, description: label },
    events: {},
    children: true,
  },
  TextArea: {
    element: 'm-text-area',
    props: {
      label,
      value: text,
      placeholder: label,
      description: label,
      error: label,
      /** Lines shown before the text scrolls; 4 by default. */
      rows: s.pipe(s.number(), s.integer(), s.minValue(2), s.maxValue(30)),
      mono: flag,
      disabled: flag,
    },
    events: { change: s.tuple([text]) },
    children: false,
  },
  NumberField: {
    element: 'm-number-field',
    props: {
      label,
      value: number,
      min: number,
      max: number,
      step: s.pipe(s.number(), s.minValue(0.000001), s.maxValue(1e15)),
      description: label,
      error: label,
      disabled: flag,
    },
    events: { change: s.tuple([number]) },
    children: false,
  },
  DateField: {
    element: 'm-date-field',
    props: { label, value: day, min: day, max: day, description: label, error: label, disabled: flag },
    events: { change: s.tuple([s.pipe(s.string(), s.maxLength(10))]) },
    children: false,
  },
  Checkbox: {
    element: 'm-checkbox',
    props: { label, description: label, checked: flag, indeterminate: flag, disabled: flag },
    events: { change: s.tuple([flag]) },
    children: false,
  },
  RadioGroup: {
    element: 'm-radio-group',
    props: {
      label,
      value: label,
      options: s.pipe(
        s.array(s.object({ value: label, label, description: s.optional(label) })),
        s.maxLength(50),
      ),
      direction: s.picklist(['row', 'column']),
      description: label,
      error: label,
      disabled: flag,
    },
    events: { change: s.tuple([label]) },
    children: false,
  },
  Form: {
    element: 'm-form',
    props: { label, gap },
    events: { submit: s.tuple([]) },
    children: true,
  },
  Table: {
    element: 'm-table',
    props: {
      label,
      columns: tableColumns,
      rows: tableRows,
      /** What can be done with a row, in a menu at its end. */
      actions: tableActions,
      /** How the rows are sorted at first. */
      sort: tableSort,
      /** Id of the row that is marked. */
      selected: key,
      /** Rows drawn before "Show more"; 50 by default. */
      pageSize: s.pipe(s.number(), s.integer(), s.minValue(5), s.maxValue(200)),
      loading: flag,
      /** Said where there are no rows. */
      empty: label,
    },
    events: { press: s.tuple([key]), action: s.tuple([s.object({ row: key, action: key })]) },
    children: false,
  },
  Tabs: {
    element: 'm-tabs',
    props: {
      label,
      /** Value of the tab that is open. Without it the host keeps track, starting with the first. */
      value: key,
    },
    events: { change: s.tuple([key]) },
    children: true,
  },
  Tab: {
    element: 'm-tab',
    props: {
      value: key,
      label,
      count: s.pipe(s.number(), s.integer(), s.minValue(0), s.maxValue(1_000_000)),
      disabled: flag,
    },
    events: {},
    children: true,
  },
  Menu: {
    element: 'm-menu',
    props: {
      /** What the button says. */
      label,
      icon,
      /** Shows the icon alone; three dots when there is none. */
      iconOnly: flag,
      variant: s.picklist(['secondary', 'ghost']),
      size,
      disabled: flag,
    },
    events: {},
    children: true,
  },
  MenuItem: {
    element: 'm-menu-item',
    props: {
      label,
      description: label,
      icon,
      tone: s.picklist(['default', 'danger']),
      disabled: flag,
    },
    events: { press: s.tuple([]) },
    children: false,
  },
  Dialog: {
    element: 'm-dialog',
    props: { open: flag, title: label, description: label, size: s.picklist(['sm', 'md', 'lg']) },
    events: { close: s.tuple([]) },
    children: true,
  },
  Image: {
    element: 'm-image',
    props: {
      src: imageSource,
      /** What the picture shows. Empty for one that only decorates. */
      alt: label,
      width: pixels,
      height: pixels,
      fit: s.picklist(['cover', 'contain']),
      rounded: flag,
    },
    events: {},
    children: false,
  },
  Icon: {
    element: 'm-icon',
    props: {
      name: icon,
      /** Read by screen readers. Without it the icon only decorates. */
      label,
      tone: s.picklist(['default', 'muted', 'success', 'warning', 'danger', 'accent']),
      size: s.picklist(['sm', 'md', 'lg']),
    },
    events: {},
    children: false,
  },
  Avatar: {
    element: 'm-avatar',
    props: { name: label, src: imageSource, size: s.picklist(['sm', 'md', 'lg']) },
    events: {},
    children: false,
  },
  Code: {
    element: 'm-code',
    props: {
      value: longText,
      /** Shown above the text, such as a file name or a language. */
      label,
      wrap: flag,
    },
    events: {},
    children: false,
  },
  Markdown: {
    element: 'm-markdown',
    props: { value: s.pipe(s.string(), s.maxLength(20_000)) },
    events: {},
    children: false,
  },
  Chart: {
    element: 'm-chart',
    props: {
      type: s.picklist(['line', 'bar', 'area']),
      /** What the chart shows. */
      label,
      /** One per value of a series, along the line. */
      labels: chartLabels,
      series: chartSeries,
      /** Written after each number, such as `%` or `ms`. */
      unit: s.pipe(s.string(), s.maxLength(20)),
      /** Puts bars or areas on top of each other. */
      stacked: flag,
      /** CSS pixels; 200 by default. */
      height: s.pipe(s.number(), s.integer(), s.minValue(80), s.maxValue(600)),
    },
    events: {},
    children: false,
  },
  Stat: {
    element: 'm-stat',
    props: {
      label,
      value: label,
      /** How it changed, such as `+12 %`. */
      delta: label,
      trend: s.picklist(['up', 'down', 'flat']),
      tone,
      /** Small text under the number. */
      note: label,
    },
    events: {},
    children: false,
  },
  Grid: {
    element: 'm-grid',
    props: {
      /** At most this many; 2 by default. */
      columns: s.pipe(s.number(), s.integer(), s.minValue(1), s.maxValue(6)),
      gap,
    },
    events: {},
    children: true,
  },
  Section: {
    element: 'm-section',
    props: { title: label, description: label },
    events: {},
    children: true,
  },
  Card: {
    element: 'm-card',
    props: { padding: s.picklist(['none', 'sm', 'md']) },
    events: {},
    children: true,
  },
  DescriptionList: {
    element: 'm-description-list',
    props: { layout: s.picklist(['row', 'column']) },
    events: {},
    children: true,
  },
  DescriptionItem: {
    element: 'm-description-item',
    props: { term: label },
    events: {},
    children: true,
  },
  Skeleton: {
    element: 'm-skeleton',
    props: {
      shape: s.picklist(['text', 'block', 'circle']),
      width: s.picklist([20, 40, 60, 80, 100]),
    },
    events: {},
    children: false,
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
export const uiLimits = { nodes: 10_000, depth: 200, recordsPerSecond: 200_000 } as const

export type SafeHref = Infer<typeof safeHref>
