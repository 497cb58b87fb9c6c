import type { ThemeRecord, ThemeRule, ThemeSheet } from '@mortise/contract'
import { type Backend, createHost } from '@mortise/host'
import { baseTokenPaths } from '@mortise/tokens/names'
import { useEffect, useState } from 'react'
import './fixture.ts'
import { Button, HostProvider, Menu, Slot, ThemeScope } from '../../src/host/index.ts'
import { livePlugin } from './live-record.ts'

/** Paints every color role alike, so that whatever wears a theme is one plain area. */
const flat = (color: string): ThemeRule['declarations'] => [
  ...baseTokenPaths
    .filter((path) => path.startsWith('color.'))
    .map((path) => [`--m-${path.replaceAll('.', '-')}`, color] as const),
  ['--m-shadow-raised', `0 0 0 0 ${color}`],
  ['--m-shadow-overlay', `0 0 0 0 ${color}`],
  ['--m-duration-fast', '0ms'],
  ['--m-duration-normal', '0ms'],
]

const always = (color: string): ThemeRule[] => [{ when: {}, declarations: flat(color) }]

/** A theme that says by its color which contexts hold. */
const axes = (blue: number): ThemeRule[] => [
  { when: {}, declarations: flat(`rgb(0, 0, ${blue})`) },
  { when: { mode: 'dark' }, declarations: flat(`rgb(1, 0, ${blue})`) },
  { when: { contrast: 'more' }, declarations: flat(`rgb(2, 0, ${blue})`) },
  { when: { motion: 'reduced' }, declarations: flat(`rgb(3, 0, ${blue})`) },
  { when: { direction: 'rtl' }, declarations: flat(`rgb(4, 0, ${blue})`) },
  { when: { mode: 'dark', contrast: 'more' }, declarations: flat(`rgb(5, 0, ${blue})`) },
]

const scopes: Record<string, readonly ThemeRule[]> = {
  moss: axes(100),
  'moss dark': axes(150).filter(({ when }) => !when.mode),
  clay: axes(200),
}

const page: ThemeRecord = {
  theme: null,
  mode: 'system',
  contrast: 'system',
  density: 'system',
  motion: 'system',
  brand: '',
  repaired: false,
  brands: [],
  branding: { navigation: 'side' },
  fonts: [],
  rules: axes(0),
  builtIn: always('rgb(9, 9, 9)'),
  forced: flat('CanvasText'),
}

const query = new URLSearchParams(location.search)
const frame = (id: string, entry: string) =>
  livePlugin({ id, entry, surface: 'frame', slot: 'test.frames', height: 40 })
const plugins = [
  livePlugin({ id: 'live', entry: 'parts-plugin.js' }),
  ...Array.from({ length: Number(query.get('frames') ?? 1) }, (_, i) => frame(`frame${i}`, 'fill-plugin.js')),
  // Frames that do not as they are told.
  ...query.getAll('odd').map((name) => frame(name, `${name}-plugin.js`)),
]

const backend: Backend = {
  plugins: async () => plugins,
  plugin: async (id) => plugins.find((plugin) => plugin.id === id),
  call: async (_plugin, calls) => calls.map(() => ({ ok: true, value: undefined })),
  grant: async () => plugins[0]!,
  theme: async () => page,
  async themeScope({ theme, mode }): Promise<ThemeSheet> {
    const rules = scopes[`${theme?.id}${mode ? ` ${mode}` : ''}`]
    if (!rules) throw new Error(`no theme ${theme?.id}`)
    return { rules, fonts: [] }
  },
  follow: () => () => {},
}

const moss = { theme: { plugin: 'theme-moss', id: 'moss' } }
const clay = { theme: { plugin: 'theme-clay', id: 'clay' } }

/** Scopes in scopes, with a worker widget and frames of real sandboxes in them. */
export function Themes() {
  const [host] = useState(() => createHost({ domains: [], backend, confinesFrames: async () => true }))
  useEffect(() => {
    void host.start()
    return () => void host.stop()
  }, [host])
  const [outer, setOuter] = useState<'moss' | 'clay'>('moss')
  const [slot, setSlot] = useState<'clay' | 'none'>('none')
  const [direction, setDirection] = useState('ltr')
  window.fixture.step = (name) => {
    const [what, value] = name.split(': ') as [string, string]
    if (what === 'outer') setOuter(value as typeof outer)
    if (what === 'slot') setSlot(value as typeof slot)
    if (what === 'direction') setDirection(value)
  }
  const parts = (
    <>
      <p data-probe="inside">inside</p>
      <Menu
        label="Menu"
        trigger={<Button>Open a menu</Button>}
        items={[{ id: 'one', label: 'One', onAction: () => {} }]}
      />
      <Slot id="test.main" label="Main" maxHeight={60} />
      <Slot id="test.frames" label="Frames" layout="grid" theme={slot === 'clay' ? clay : undefined} />
      <ThemeScope {...moss} mode="dark">
        <p data-probe="nested">nested</p>
      </ThemeScope>
    </>
  )
  return (
    <HostProvider host={host}>
      <p data-probe="page">page</p>
      <div dir={direction}>
        <ThemeScope {...(outer === 'clay' ? clay : moss)}>{parts}</ThemeScope>
      </div>
    </HostProvider>
  )
}

/** On its own, the page would fade from one theme to the next. */
const fades = new CSSStyleSheet()
fades.replaceSync('* { transition: background-color 3s, border-color 3s, color 3s !important }')

/** The whole page in one theme: a worker widget and many frames. */
export function Switches() {
  // However busy the machine is: what is looked at here is whether all come together, not how soon.
  const timing = { paint: Number(query.get('patience') ?? 20_000) }
  const [host] = useState(() =>
    createHost({ domains: [], backend, timing, confinesFrames: async () => true }),
  )
  useEffect(() => {
    document.adoptedStyleSheets.push(fades)
    void host.start()
    return () => void host.stop()
  }, [host])
  window.fixture.paint = async (color) => {
    await host.applyTheme({ ...page, rules: always(color), builtIn: always(color) })
  }
  return (
    <HostProvider host={host}>
      <Slot id="test.main" label="Main" maxHeight={200} />
      <Slot id="test.frames" label="Frames" layout="grid" />
    </HostProvider>
  )
}
