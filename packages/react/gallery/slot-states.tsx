import { HostProvider, Slot } from '../src/host/index.ts'
import { drawTree, type TreeNode } from './draw-tree.ts'
import { createFakeHost } from './fake-host.ts'
import { long } from './long.ts'
import { details, lines, form as newSession, notes, numbers, rows } from './part-states.ts'

const el = (
  element: string,
  properties: TreeNode['properties'],
  ...children: (TreeNode | string)[]
): TreeNode => ({
  element,
  properties: properties ?? {},
  children,
})

const session = (name: string, owner: string, running: boolean) =>
  el(
    'm-list-item',
    {},
    el(
      'm-stack',
      { gap: 'none' },
      el('m-text', { weight: 'medium', truncate: true }, name),
      el('m-text', { size: 'xs', tone: 'muted', truncate: true }, `${owner} · Ubuntu desktop`),
    ),
    el(
      'm-stack',
      { direction: 'row', gap: 'sm' },
      el('m-badge', { tone: running ? 'success' : 'neutral' }, running ? 'running' : 'hibernated'),
      el('m-button', { size: 'sm' }, running ? 'Hibernate' : 'Wake'),
    ),
  )

const list: TreeNode[] = [
  el(
    'm-list',
    { label: 'Sessions' },
    session('design-review', 'ada', true),
    session(long, 'grace', false),
    session('nightly-build', 'linus', true),
  ),
]

const form: TreeNode[] = [
  el('m-heading', { level: 2 }, 'Everything a widget can draw'),
  el(
    'm-notice',
    { tone: 'warning', title: 'Permission needed: write:sessions' },
    'Needed to hibernate sessions.',
  ),
  el(
    'm-stack',
    { gap: 'md' },
    el('m-text-field', { label: 'Filter', placeholder: 'Name or owner' }),
    el('m-select', {
      label: 'State',
      value: 'a',
      options: [
        { value: 'a', label: 'Running' },
        { value: 'b', label: 'All' },
      ],
    }),
    el('m-switch', { label: 'Follow live', checked: true }),
    el('m-progress', { label: 'Quota', value: 0.7 }),
    el('m-divider', {}),
    el(
      'm-stack',
      { direction: 'row', justify: 'between', wrap: true },
      el('m-link', { href: 'https://example.com/help' }, 'How it works'),
      el(
        'm-stack',
        { direction: 'row' },
        el('m-button', { variant: 'ghost' }, 'Cancel'),
        el('m-button', { variant: 'primary' }, 'Apply'),
      ),
    ),
  ),
]

const error = (code: string, message: string) => ({ code, message, name: 'Error', retryable: true })

const part = (id: string, title: string, tree: readonly TreeNode[]) => ({
  plugin: { id, displayName: 'Widget kit' },
  widget: { title },
  draw: (receiver: Parameters<typeof drawTree>[0]) => void drawTree(receiver, tree),
})

const host = createFakeHost({
  'gallery.parts': [
    part('numbers', 'Numbers', numbers),
    part('rows', 'Rows', rows),
    part('form', 'Form', newSession),
    part('notes', 'Notes', notes),
    part('lines', 'Lines', lines),
    part('details', 'Details', details),
  ],
  'gallery.states': [
    { plugin: { id: 'session-list' }, draw: (receiver) => drawTree(receiver, list) },
    {
      plugin: {
        id: 'kit',
        displayName: 'Widget kit',
        permissions: [
          {
            name: 'write:sessions',
            known: true,
            risk: 'high',
            sentence: 'Change sessions',
            decision: 'denied',
          },
        ],
      },
      widget: { title: 'Components' },
      draw: (receiver) => drawTree(receiver, form),
    },
    {
      plugin: { id: 'chart', displayName: 'Session chart' },
      widget: { title: 'Sessions over time', height: 200 },
      surface: 'frame',
      state: { status: 'loading' },
    },
    {
      plugin: { id: 'slow', displayName: 'Slow one' },
      widget: { title: 'Loading', height: 200 },
      state: { status: 'loading' },
    },
    {
      plugin: { id: 'broken', displayName: 'Broken plugin' },
      widget: { title: 'Deployments' },
      state: {
        status: 'failed',
        error: error(
          'REMOTE_UNREACHABLE',
          'The entry file of Broken plugin could not be fetched: 404 Not Found.',
        ),
      },
    },
    {
      plugin: { id: 'framed', displayName: 'Framed plugin' },
      widget: { title: 'Chart' },
      surface: 'frame',
      state: {
        status: 'failed',
        error: error(
          'FRAME_UNCONFINED',
          'Framed plugin was not started: it draws in a frame, and this browser cannot keep a frame from sending what it reads to any host.',
        ),
      },
    },
    {
      plugin: {
        id: 'loop',
        displayName: 'Looping plugin',
        status: 'quarantined',
        lastError: error('PLUGIN_TIMEOUT', 'The plugin did not answer for 10 s.'),
      },
      widget: { title: 'Prices' },
    },
    {
      plugin: { id: 'new', displayName: 'Brand new plugin', status: 'awaiting-approval' },
      widget: { title: 'Insights' },
    },
    {
      plugin: { id: 'long', displayName: long },
      widget: { title: long },
      draw: (receiver) =>
        drawTree(receiver, [
          el('m-empty-state', {
            title: 'No sessions yet',
            description: 'Start a session and it appears here at once.',
          }),
        ]),
    },
  ],
})

/** Slots with widgets in every state, and one without any. */
export function SlotStates() {
  return (
    <HostProvider host={host}>
      <Slot id="gallery.states" layout="grid" onOpenPlugin={() => {}} />
      <Slot id="gallery.parts" layout="grid" maxHeight={2000} />
      <Slot id="gallery.empty" />
    </HostProvider>
  )
}
