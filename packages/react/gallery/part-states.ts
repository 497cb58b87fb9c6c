import type { TreeNode } from './draw-tree.ts'
import { long } from './long.ts'

const el = (
  element: string,
  properties: Readonly<Record<string, unknown>>,
  ...children: (TreeNode | string)[]
): TreeNode => ({ element, properties, children, on: listeners[element] ?? {} })

const nothing = () => {}
const listeners: Record<string, Record<string, () => void>> = {
  'm-table': { press: nothing, action: nothing },
}

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const series = [
  { name: 'Running', values: [12, 18, 15, 24, 28, 9, 7] },
  { name: 'Hibernated', values: [4, 6, 9, 7, 11, 16, 18] },
  { name: 'Failed', values: [1, 0, null, 2, 1, 0, 1] },
]
const hours = Array.from({ length: 96 }, (_, index) => `${String(Math.floor(index / 4)).padStart(2, '0')}:00`)

/** Numbers: stats and charts. */
export const numbers: readonly TreeNode[] = [
  el(
    'm-grid',
    { columns: 3 },
    el('m-stat', { label: 'Running', value: '128', delta: '+12 %', trend: 'up', tone: 'success' }),
    el('m-stat', { label: 'Memory', value: '41.2 GB', delta: '−3 %', trend: 'down', tone: 'danger' }),
    el('m-stat', { label: 'Median start', value: '1.8 s', note: 'over 7 days' }),
  ),
  el('m-chart', { type: 'area', label: 'Sessions', labels: days, series, stacked: true }),
  el('m-chart', {
    type: 'bar',
    label: 'Starts a day',
    labels: days,
    series: series.slice(0, 2),
    height: 160,
  }),
]

/** Lines, an empty chart and code. */
export const lines: readonly TreeNode[] = [
  el('m-chart', {
    type: 'line',
    label: 'CPU',
    unit: '%',
    labels: hours,
    series: ['node-1', 'node-2'].map((name, node) => ({
      name,
      values: hours.map((_, index) =>
        Math.round(45 + 30 * Math.sin(index / 9 + node * 2) + ((index * 7) % 11)),
      ),
    })),
  }),
  el('m-chart', { label: 'Nothing yet', height: 80 }),
  el('m-code', {
    label: 'Shell',
    value: 'curl -fsS https://sessions.example.com/api/v1/sessions \\\n  -H "Authorization: Bearer $TOKEN"',
  }),
]

/** A table, with tabs around it. */
export const rows: readonly TreeNode[] = [
  el(
    'm-tabs',
    { label: 'Sessions' },
    el(
      'm-tab',
      { value: 'all', label: 'All', count: 4 },
      el('m-table', {
        label: 'Sessions',
        columns: [
          { id: 'name', header: 'Name', width: 'fill', sortable: true },
          { id: 'state', header: 'State', sortable: true },
          { id: 'memory', header: 'Memory', align: 'end', sortable: true },
          { id: 'docs', header: 'Docs', secondary: true },
        ],
        actions: [
          { id: 'wake', label: 'Wake', icon: 'play' },
          { id: 'end', label: 'Terminate', icon: 'trash-2', tone: 'danger' },
        ],
        selected: 'b',
        rows: [
          ['a', 'design-review', 'running', 'success', 2048],
          ['b', 'nightly-build', 'hibernated', 'neutral', 512],
          ['c', long, 'failed', 'danger', 8192],
          ['d', 'data-import', 'running', 'success', 1024],
        ].map(([id, name, text, tone, memory]) => ({
          id,
          cells: {
            name: { text: name, note: 'ada · Ubuntu desktop' },
            state: { text, tone },
            memory,
            docs: id === 'a' ? { text: 'Guide', href: 'https://example.com/guide' } : null,
          },
        })),
      }),
    ),
    el(
      'm-tab',
      { value: 'mine', label: 'Mine', count: 0 },
      el('m-table', { columns: [], empty: 'No sessions yet' }),
    ),
    el('m-tab', { value: 'off', label: 'Archive', disabled: true }),
  ),
]

/** A form. */
export const form: readonly TreeNode[] = [
  el(
    'm-form',
    { label: 'New session' },
    el('m-text-field', { label: 'Name', value: 'design-review' }),
    el('m-text-area', { label: 'Note', placeholder: 'What is it for?', rows: 3 }),
    el(
      'm-grid',
      { columns: 2 },
      el('m-number-field', { label: 'Idle minutes', value: 30, min: 0, max: 600 }),
      el('m-date-field', { label: 'Ends on', value: '2026-01-31' }),
    ),
    el('m-radio-group', {
      label: 'Size',
      value: 'b',
      options: [
        { value: 'a', label: 'Small', description: '1 CPU, 2 GB' },
        { value: 'b', label: 'Large', description: '4 CPU, 16 GB' },
      ],
    }),
    el('m-checkbox', { label: 'Notify me', description: 'When it ends by itself.', checked: true }),
    el(
      'm-stack',
      { direction: 'row', justify: 'between' },
      el(
        'm-menu',
        { label: 'More', icon: 'settings' },
        el('m-menu-item', { label: 'Duplicate', icon: 'copy' }),
        el('m-divider', {}),
        el('m-menu-item', { label: 'Delete', icon: 'trash-2', tone: 'danger' }),
      ),
      el('m-button', { variant: 'primary', icon: 'rocket', submit: true }, 'Start'),
    ),
  ),
]

/** Formatted text. */
export const notes: readonly TreeNode[] = [
  el('m-markdown', {
    value: `# Release 2.4
Sessions wake **three times faster**, see the [guide](https://docs.example.com/wake). Set \`idle_minutes\` to change it.

## Changed
- Snapshots are kept for *7 days*
- <b>HTML stays text</b>
  1. nested
  2. twice

> Upgrade the agents first.

| Plan | Memory |
| --- | ---: |
| Small | 2 GB |
| Large | 16 GB |

\`\`\`yaml
idle_minutes: 30
\`\`\``,
  }),
]

/** Small things. */
export const details: readonly TreeNode[] = [
  el(
    'm-section',
    { title: 'Owner', description: 'Who started it and what it uses.' },
    el(
      'm-stack',
      { direction: 'row', gap: 'sm' },
      el('m-avatar', { name: 'Ada Lovelace', size: 'lg' }),
      el(
        'm-stack',
        { gap: 'none' },
        el('m-text', { weight: 'medium' }, 'Ada Lovelace'),
        el('m-text', { tone: 'muted', size: 'xs' }, 'ada@example.com'),
      ),
    ),
    el(
      'm-description-list',
      {},
      el('m-description-item', { term: 'Template' }, 'Ubuntu desktop'),
      el('m-description-item', { term: 'Id' }, el('m-text', { mono: true }, 'ses_5k2f9')),
      el('m-description-item', { term: 'State' }, el('m-badge', { tone: 'success' }, 'running')),
      el('m-description-item', { term: 'Path' }, long),
    ),
  ),
  el(
    'm-grid',
    { columns: 2 },
    el(
      'm-card',
      {},
      el(
        'm-stack',
        { direction: 'row' },
        el('m-icon', { name: 'cpu', tone: 'muted' }),
        el('m-text', {}, '4 CPU'),
      ),
    ),
    el(
      'm-card',
      {},
      el(
        'm-stack',
        { direction: 'row' },
        el('m-icon', { name: 'hard-drive', tone: 'muted' }),
        el('m-text', {}, '80 GB'),
      ),
    ),
    el('m-image', { src: 'missing.png', alt: 'Screenshot', height: 80 }),
    el('m-skeleton', { width: 80 }),
  ),
]
