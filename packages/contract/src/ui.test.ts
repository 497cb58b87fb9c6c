import { expect, test } from 'vitest'
import { parse } from './schema.ts'
import { type ComponentName, uiComponents } from './ui.ts'

/** What the host keeps of a property's value; `undefined` where it drops it. */
function kept(component: ComponentName, property: string, value: unknown): unknown {
  const schema = (uiComponents[component].props as Record<string, Parameters<typeof parse>[0]>)[property]
  if (!schema) throw new Error('no such property')
  const parsed = parse(schema, value)
  return parsed.ok ? parsed.value : undefined
}

const list = <T>(length: number, item: (index: number) => T) =>
  Array.from({ length }, (_, index) => item(index))
const row = (index: number) => ({ id: `${index}`, cells: { name: 'x' } })
const script = ['javascript', 'alert(1)'].join(':')

test.each([
  'https://evil.example/x.png',
  '//evil.example/x.png',
  '/theme.css',
  '/x.png',
  '../x.png',
  'a/../x.png',
  'a/./x.png',
  '.hidden/x.png',
  'a//x.png',
  'a\\x.png',
  '%2e%2e/x.png',
  'x.png?leak=1',
  'x.png#a',
  'x.png\n',
  'x.svg',
  'x.js',
  'blob:x.png',
  `${script}/x.png`,
  'data:image/svg+xml;base64,PHN2Zy8+',
  'data:text/html;base64,AAAA',
  'data:image/png,<svg>',
  'data:image/png;base64,AAAA" onerror="x',
  `data:image/png;base64,${'A'.repeat(500_000)}`,
])('a picture does not come from %.60j', (src) => {
  expect(kept('Image', 'src', src)).toBeUndefined()
  expect(kept('Avatar', 'src', src)).toBeUndefined()
})

test.each(['x.png', 'images/a-b_c.1.webp', 'data:image/gif;base64,R0lGODlhAQ=='])(
  'a picture may come from %j',
  (src) => expect(kept('Image', 'src', src)).toBe(src),
)

test.each([
  ['Table', 'rows', list(2001, row)],
  ['Table', 'rows', [{ id: '', cells: {} }]],
  ['Table', 'rows', [{ id: 'a', cells: { x: { text: 'Trap', href: script } } }]],
  ['Table', 'rows', [{ id: 'a', cells: { x: { html: '<b>' } } }]],
  ['Table', 'rows', [{ id: 'a', cells: { x: 'y'.repeat(1001) } }]],
  ['Table', 'rows', [{ id: 'a', cells: [] }]],
  ['Table', 'columns', list(25, (index) => ({ id: `${index}`, header: 'x' }))],
  ['Table', 'actions', [{ id: 'a', label: 'A', icon: 'constructor' }]],
  ['Table', 'pageSize', 1e9],
  ['Chart', 'series', list(7, () => ({ name: 'x', values: [1] }))],
  ['Chart', 'series', [{ name: 'x', values: list(501, () => 1) }]],
  ['Chart', 'series', [{ name: 'x', values: [Number.NaN] }]],
  ['Chart', 'series', [{ name: 'x', values: [Number.POSITIVE_INFINITY] }]],
  ['Chart', 'series', [{ name: 'x', values: [1e300] }]],
  ['Chart', 'labels', list(501, () => 'x')],
  ['Chart', 'height', 100_000],
  ['RadioGroup', 'options', list(51, () => ({ value: 'x', label: 'x' }))],
  ['Markdown', 'value', 'x'.repeat(20_001)],
  ['Code', 'value', 'x'.repeat(50_001)],
  ['Icon', 'name', '__proto__'],
  ['Grid', 'columns', 7],
  ['Image', 'width', 1e6],
  ['NumberField', 'step', 0],
  ['DateField', 'value', '<img>'],
  ['Tab', 'value', ''],
] as const)('%s drops a %s that does not fit', (component, property, value) => {
  expect(kept(component, property, value)).toBeUndefined()
})

test('cells with the names of the prototype are only cells', () => {
  const cells = JSON.parse('{"__proto__":{"polluted":1},"toString":"t","name":"x"}')
  const [kept1] = kept('Table', 'rows', [{ id: 'a', cells }]) as { cells: object }[]
  expect(Object.getPrototypeOf(kept1?.cells)).toBe(Object.prototype)
  expect(kept1?.cells).not.toHaveProperty('polluted')
  expect({}).not.toHaveProperty('polluted')
})

test('no property has a name that a page, React or an element takes for itself', () => {
  const taken =
    /^(?:id|key|ref|is|slot|style|className|class|children|dangerouslySetInnerHTML|innerHTML|on.*)$/
  for (const { props, events } of Object.values(uiComponents)) {
    expect([...Object.keys(props), ...Object.keys(events)].filter((name) => taken.test(name))).toEqual([])
  }
})
