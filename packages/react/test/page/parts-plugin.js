// A widget without a framework: elements of the component table, made by hand.
const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const script = ['javascript', 'alert(1)'].join(':')

function el(name, properties = {}, on = {}, ...children) {
  const element = document.createElement(`m-${name}`)
  Object.assign(element, properties)
  for (const [event, listener] of Object.entries(on)) {
    element.addEventListener(event, ({ detail }) => listener(detail))
  }
  element.append(...children)
  return element
}

function main({ root, onDidChangeContext }) {
  const said = document.createTextNode('')
  const say = (what) => {
    said.data = typeof what === 'string' ? what : JSON.stringify(what)
  }
  const log = (what) => (detail) => say(detail == null ? what : `${what} ${JSON.stringify(detail)}`)
  root.append(el('heading', { level: 3 }, {}, 'Log: ', said))

  const area = el('text-area', { label: 'Note', value: '' }, { change: (value) => (area.value = value) })
  const form = el(
    'form',
    { label: 'Settings' },
    { submit: log('sent') },
    area,
    el('number-field', { label: 'Minutes', value: 5, min: 0, max: 10 }, { change: log('minutes') }),
    el('date-field', { label: 'Day', value: '2026-01-31' }, { change: log('day') }),
    el('checkbox', { label: 'Agree' }, { change: log('agree') }),
    el(
      'radio-group',
      {
        label: 'Plan',
        value: 'a',
        options: [
          { value: 'a', label: 'Small' },
          { value: 'b', label: 'Large' },
        ],
      },
      { change: log('plan') },
    ),
    el('button', { submit: true }, {}, 'Send'),
  )
  root.append(form)

  const late = el('tab', { value: 'late', label: 'Late' }, {}, 'late content')
  const tabs = el(
    'tabs',
    { label: 'Views' },
    { change: log('tab') },
    el('tab', { value: 'one', label: 'One' }, {}, 'first content'),
    el('tab', { value: 'two', label: 'Two', count: 7 }, {}, 'second content'),
    el('button', {}, {}, 'Not a tab'),
  )
  const item = el('menu-item', { label: 'Wake', icon: 'play' }, { press: log('wake') })
  root.append(
    tabs,
    el(
      'button',
      {},
      {
        press() {
          tabs.insertBefore(late, tabs.firstChild)
          item.label = 'Wake all'
        },
      },
      'Change children',
    ),
    el(
      'menu',
      { label: 'More' },
      {},
      item,
      el('divider'),
      el('menu-item', { label: 'Off', disabled: true }, { press: log('off') }),
      el('text', {}, {}, 'stray'),
    ),
    el(
      'table',
      {
        label: 'Sessions',
        columns: [
          { id: 'name', header: 'Name', sortable: true },
          { id: 'memory', header: 'Memory', align: 'end', sortable: true },
          { id: 'help', header: 'Help' },
          { id: 'toString', header: 'Inherited' },
        ],
        rows: [
          { id: 'b', cells: { name: 'beta', memory: 9, help: { text: 'Trap', tone: 'info' } } },
          {
            id: 'a',
            cells: { name: 'alpha', memory: 10, help: { text: 'Docs', href: 'https://example.com/' } },
          },
          { id: 'a', cells: { name: 'twin' } },
        ],
        actions: [{ id: 'stop', label: 'Stop', tone: 'danger' }],
      },
      { press: log('row'), action: log('action') },
    ),
    el('table', {
      label: 'Poisoned',
      columns: [{ id: 'x', header: 'X' }],
      rows: [{ id: 'r', cells: { x: { text: 'Trap', href: script } } }],
      empty: 'dropped',
    }),
    el('table', {
      label: 'Endless',
      columns: [{ id: 'x', header: 'X' }],
      rows: Array.from({ length: 2001 }, (_, index) => ({ id: `${index}`, cells: {} })),
      empty: 'too many',
    }),
    el('table', {
      label: 'Prototype',
      columns: [
        { id: '__proto__', header: 'P' },
        { id: 'constructor', header: 'C' },
      ],
      rows: [{ id: '__proto__', cells: { constructor: 'c' } }],
    }),
  )

  const closed = () => {
    dialog.open = false
    say('dialog closed')
  }
  const dialog = el(
    'dialog',
    { title: 'Rename session' },
    { close: closed },
    el('text-field', { label: 'New name' }),
  )
  const open = () => {
    dialog.open = true
  }
  const arm = () => {
    say('armed')
    onDidChangeContext(open)
  }
  root.append(
    dialog,
    el('button', {}, { press: open }, 'Open at once'),
    el(
      'button',
      {},
      {
        press() {
          setTimeout(open, 50)
          setTimeout(() => {
            dialog.open = false
          }, 200)
          setTimeout(open, 400)
        },
      },
      'Open twice',
    ),
    el('button', {}, { press: arm }, 'Open over the host'),
  )
  setTimeout(open, 0)

  root.append(
    el('image', { src: pixel, alt: 'A pixel', width: 20, height: 20 }),
    el('image', { src: 'images/pixel.png', alt: 'From the package' }),
    ...[
      'https://evil.example/x.png',
      '//evil.example/x.png',
      '../../x/y.png',
      '/theme.css',
      'a/../../x.png',
      script,
      'data:image/svg+xml;base64,PHN2Zy8+',
      'data:text/html;base64,AAAA',
      'x.png?leak=1',
      '%2e%2e/x.png',
    ].map((src) => el('image', { src, alt: 'refused' })),
    el('icon', { name: 'star', label: 'Favorite' }),
    el('icon', { name: 'constructor' }),
    el('avatar', { name: 'Ada Lovelace' }),
    el('code', { value: 'pnpm add mortise', label: 'Shell' }),
    el('stat', { label: 'Running', value: '12', delta: '+3', trend: 'up', tone: 'success' }),
    el('markdown', {
      value: [
        '# Release notes',
        'Some **bold** and `code`, <b onclick="alert(1)">raw</b> and [docs](https://example.com/a).',
        `[trap](${script}) ![pic](https://evil.example/p.png) <https://example.com/auto>`,
        '',
        '- one',
        '- two',
        '',
        '| a | b |',
        '| - | -: |',
        '| 1 | 2 |',
        '',
        '<img src=x onerror=alert(1)>',
        '',
        '```js',
        'code()',
        '```',
      ].join('\n'),
    }),
    el('markdown', { value: `${'>'.repeat(9000)} deep` }),
    el('markdown', { value: '[a](b'.repeat(4000) }),
    el('chart', {
      label: 'Sessions',
      type: 'line',
      labels: ['Mon', 'Tue', 'Wed'],
      series: [
        { name: 'running', values: [1, null, 5] },
        { name: 'idle', values: [2, 3, -4] },
      ],
    }),
    el('chart', { label: 'Broken', series: [{ name: 'x', values: [Number.NaN, Infinity, '1'] }] }),
    el('chart', { label: 'Too long', series: [{ name: 'x', values: Array.from({ length: 501 }, () => 1) }] }),
  )
  const late2 = el('grid', { columns: 3 }, {}, el('card', { padding: 'sm' }, {}, 'in a card'))
  root.append(
    late2,
    el(
      'section',
      { title: 'Details' },
      {},
      el('description-list', {}, {}, el('description-item', { term: 'Owner' }, {}, 'ada')),
    ),
    el('skeleton', { width: 40 }),
  )
}

export default { widgets: { main: (context) => main(context) } }
