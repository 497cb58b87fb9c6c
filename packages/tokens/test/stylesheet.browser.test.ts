import { launchChromium } from '@mortise/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { baseSource } from '../src/base.ts'
import {
  type Color,
  composeTheme,
  customProperty,
  resolveTokens,
  type ThemeContext,
  type TokenSource,
  themeDeclarations,
  themeStylesheet,
  toCss,
  toSrgb,
} from '../src/index.ts'
import { printColor } from '../src/print-value.ts'
import { goodValues, hostileString, hostileStrings, poisoned } from './hostile-values.ts'
import { seeded } from './random-theme.ts'

type Browser = Awaited<ReturnType<typeof launchChromium>>
type Page = Awaited<ReturnType<Browser['newPage']>>

const seed = Number(process.env.MORTISE_SEED ?? Date.now() % 1_000_000)

let browser: Browser
let page: Page

beforeAll(async () => {
  browser = await launchChromium()
  page = await browser.newPage()
}, 60_000)
afterAll(() => browser?.close())

/** Sets attributes of the root element and reads its custom properties back. */
async function shown(
  attributes: Record<string, string>,
  names: readonly string[],
): Promise<Record<string, string>> {
  const script = `(() => {
    const root = document.documentElement
    for (const { name } of [...root.attributes]) root.removeAttribute(name)
    for (const [name, value] of Object.entries(${JSON.stringify(attributes)})) root.setAttribute(name, value)
    const style = getComputedStyle(root)
    return Object.fromEntries(${JSON.stringify(names)}.map((name) => [name, style.getPropertyValue(name)]))
  })()`
  return (await page.evaluate(script)) as Record<string, string>
}

async function apply(css: string): Promise<number> {
  const script = `(() => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(${JSON.stringify(css)})
    document.adoptedStyleSheets = [sheet]
    return sheet.cssRules.length
  })()`
  return (await page.evaluate(script)) as number
}

const theme = composeTheme(baseSource)

/** Its dark high contrast agrees with plain light and with nothing in between. */
const crossed = composeTheme(baseSource, {
  document: {
    modifiers: {
      mode: {
        contexts: Object.fromEntries(
          Object.entries({ light: '#111', dark: '#eee', 'light-more': '#000', 'dark-more': '#111' }).map(
            ([name, $value]) => [name, [{ color: { text: { muted: { $type: 'color', $value } } } }]],
          ),
        ),
      },
    },
    resolutionOrder: [{ $ref: '#/modifiers/mode' }],
  },
})
/** Every axis sets the same colors, and each pair of axes disagrees with each of the two. */
const tangled = composeTheme(baseSource, {
  document: {
    modifiers: Object.fromEntries(
      Object.entries({
        mode: ['light', 'dark', 'light-more', 'dark-more'],
        density: ['cosy', 'compact'],
        motion: ['full', 'reduced'],
        direction: ['ltr', 'rtl'],
        brand: ['oak', 'pine', 'elm'],
      }).map(([axis, names], i) => [
        axis,
        {
          contexts: Object.fromEntries(
            names.map((name, j) => [
              name,
              [
                {
                  color: {
                    $type: 'color',
                    text: { muted: { $value: j === 0 ? '{color.text.subtle}' : `#${i}${j}${i}` } },
                    border: { strong: { $value: `#${j}${i}${j}` } },
                    ...(j > 0 && i > 0 ? { chart: { [i]: { $value: '{palette.mode}' } } } : {}),
                  },
                  palette: { [axis]: { $type: 'color', $value: `#${i}${j}0` } },
                },
              ],
            ]),
          ),
        },
      ]),
    ),
    resolutionOrder: ['mode', 'density', 'motion', 'direction', 'brand'].map((axis) => ({
      $ref: `#/modifiers/${axis}`,
    })),
  },
})
const systems = [
  { name: 'plain', media: {}, context: {} },
  { name: 'dark', media: { colorScheme: 'dark' }, context: { mode: 'dark' } },
  { name: 'more contrast', media: { contrast: 'more' }, context: { contrast: 'more' } },
  {
    name: 'dark, more contrast, reduced motion',
    media: { colorScheme: 'dark', contrast: 'more', reducedMotion: 'reduce' },
    context: { mode: 'dark', contrast: 'more', motion: 'reduced' },
  },
] as const

it.each(systems)(
  'shows what the system asks for unless the page says otherwise: $name',
  async ({ media, context }) => {
    await page.emulateMedia({
      colorScheme: 'light',
      contrast: 'no-preference',
      reducedMotion: 'no-preference',
      ...media,
    })
    const overrides: Partial<ThemeContext>[] = [
      {},
      { mode: 'light' },
      { mode: 'dark' },
      { contrast: 'normal' },
      { contrast: 'more' },
      { mode: 'light', contrast: 'more' },
      { mode: 'dark', contrast: 'more' },
      { mode: 'dark', contrast: 'normal' },
      { density: 'compact' },
      { density: 'compact', mode: 'dark', motion: 'reduced' },
      { motion: 'full' },
    ]
    const further: Partial<ThemeContext>[] = [
      { brand: 'pine', mode: 'dark' },
      { brand: 'elm', direction: 'rtl', mode: 'light', contrast: 'more' },
      {
        brand: 'elm',
        density: 'compact',
        motion: 'reduced',
        direction: 'rtl',
        mode: 'dark',
        contrast: 'more',
      },
      { direction: 'rtl', density: 'compact' },
    ]
    for (const shownTheme of [theme, crossed, tangled]) {
      await apply(themeStylesheet(shownTheme))
      for (const override of shownTheme === tangled ? [...overrides, ...further] : overrides) {
        const expected = Object.fromEntries(themeDeclarations(shownTheme, { ...context, ...override }))
        const attributes = Object.fromEntries(
          Object.entries(override).map(([key, value]) => [
            key === 'direction' ? 'dir' : `data-${key}`,
            value,
          ]),
        )
        expect(await shown(attributes, Object.keys(expected)), JSON.stringify(override)).toEqual(expected)
      }
    }
  },
)

it.each<Partial<ThemeContext>>([
  { mode: 'dark' },
  { contrast: 'more' },
  { mode: 'light', contrast: 'more' },
  { mode: 'dark', contrast: 'normal', density: 'compact', motion: 'full' },
])('holds %o against the system and the page', async (fixed) => {
  const other = fixed.mode === 'dark' ? 'light' : 'dark'
  const less = fixed.contrast === 'more' ? 'normal' : 'more'
  await page.emulateMedia({
    colorScheme: other,
    contrast: less === 'more' ? 'more' : 'no-preference',
    reducedMotion: 'reduce',
  })
  await apply(themeStylesheet(theme, fixed))
  const asked: Partial<ThemeContext> = { mode: other, contrast: less, density: 'cosy', motion: 'reduced' }
  const expected = Object.fromEntries(themeDeclarations(theme, { ...asked, ...fixed }))
  const attributes = Object.fromEntries(Object.entries(asked).map(([key, value]) => [`data-${key}`, value]))
  expect(await shown(attributes, Object.keys(expected))).toEqual(expected)
})

it('measures colors as the browser paints them', async () => {
  const colors: Color[] = [
    ...[...theme.resolve().values(), ...theme.resolve({ mode: 'dark', contrast: 'more' }).values()].flatMap(
      (token) => (token.type === 'color' ? [token.value] : []),
    ),
    ...(
      [
        ['srgb', 0.2, 0.4, 0.6],
        ['srgb-linear', 0.2, 0.4, 0.6],
        ['hsl', 210, 50, 40],
        ['hsl', -150, 100, 25],
        ['hwb', 120, 20, 30],
        ['hwb', 20, 70, 60],
        ['lab', 50, 20, -30],
        ['lch', 60, 30, 200],
        ['oklab', 0.6, 0.05, -0.1],
        ['oklch', 0.7, 0.1, 150],
        ['display-p3', 0.3, 0.5, 0.4],
        ['xyz-d65', 0.3, 0.3, 0.3],
        ['xyz-d50', 0.3, 0.3, 0.3],
        ['oklch', 0.5, 'none', 'none'],
      ] as const
    ).map(([space, ...components]) => ({ space, components, alpha: 1 })),
  ]
  const painted = (await page.evaluate(`(() => {
    const context = new OffscreenCanvas(1, 1).getContext('2d')
    return ${JSON.stringify(colors.map(printColor))}.map((css) => {
      context.fillStyle = '#010203'
      context.fillStyle = css
      context.fillRect(0, 0, 1, 1)
      return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3)
    })
  })()`)) as number[][]
  for (const [i, color] of colors.entries()) {
    const measured = toSrgb(color)!.map((channel) => channel * 255)
    for (const [j, channel] of measured.entries()) {
      expect(Math.abs(channel - painted[i]![j]!), printColor(color)).toBeLessThanOrEqual(1.01)
    }
  }
})

it(`loads, runs and styles nothing out of 10,000 hostile values (seed ${seed})`, async () => {
  console.info(`hostile values: seed ${seed}, set MORTISE_SEED to repeat another`)
  const random = seeded(seed)
  const types = Object.entries(goodValues)
  const requests: string[] = []
  const said: string[] = []
  page.on('request', (request) => void requests.push(request.url()))
  page.on('console', (message) => void said.push(message.text()))
  page.on('dialog', (dialog) => void dialog.dismiss().then(() => said.push('dialog')))
  const files: TokenSource[] = []
  for (let i = 0; i < 10_000; i++) {
    const hostile = i < hostileStrings.length ? hostileStrings[i]! : hostileString(random)
    const [type, good] = types[i % types.length]!
    const places = [...poisoned(good, hostile)]
    const $value = places[Math.floor(random() * places.length)]
    const name = random() < 0.3 ? hostile : `v${i}`
    files.push({ document: { [name]: { $type: type, $value, $description: hostile } }, file: hostile })
    files.push({ document: { alias: { [`a${i}`]: { $type: type, $value: `{${hostile}}` } } } })
  }
  const { tokens } = resolveTokens(files)
  expect(tokens.size).toBeGreaterThan(50)

  const names = [...tokens.keys()].map(customProperty)
  const uses = names.map(
    (name, i) =>
      `#u${i}{background:var(${name});font-family:var(${name});color:var(${name});content:var(${name})}`,
  )
  await page.evaluate('document.body.innerHTML = "<p id=secret>secret</p>"')
  const rules = await apply(`${toCss(tokens)}${uses.join('')}`)
  await page.evaluate(
    `document.body.insertAdjacentHTML('beforeend', ${JSON.stringify(names.map((_, i) => `<i id=u${i}>x</i>`).join(''))})`,
  )
  const painted =
    (await page.evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
    const { display, position, backgroundImage } = getComputedStyle(document.querySelector('#secret'))
    const images = [...document.querySelectorAll('i')].map((item) => getComputedStyle(item).backgroundImage)
    const own = document.adoptedStyleSheets.flatMap((sheet) => [...sheet.cssRules])
    const others = [...own[0].style].filter((name) => !name.startsWith('--m-'))
    done({ display, position, backgroundImage, images: [...new Set(images)], others })
  })))`)) as object
  expect(rules).toBe(1 + names.length)
  expect(painted).toEqual({
    display: 'block',
    position: 'static',
    backgroundImage: 'none',
    images: ['none'],
    others: [],
  })
  expect(requests).toEqual([])
  expect(said).toEqual([])

  // The same watch does see what a value passed through would have done.
  const seen = page.waitForEvent('request')
  await apply('#secret{background:url(https://evil.test/control)}')
  expect((await seen).url()).toBe('https://evil.test/control')
}, 60_000)

it('gives every color role a color of the system where colors are forced, over all else', async () => {
  await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark', contrast: 'more' })
  await apply(themeStylesheet(theme, { mode: 'light' }))
  const names = [...theme.resolve().values()]
    .filter(({ type }) => type === 'color')
    .map(({ path }) => customProperty(path))
  const seen = new Set(Object.values(await shown({ 'data-mode': 'dark' }, names)))
  expect([...seen].sort()).toEqual(['Canvas', 'CanvasText', 'Highlight', 'HighlightText', 'LinkText'])
  await page.emulateMedia({ forcedColors: 'none' })
  expect((await shown({}, names))[names[0]!]).toMatch(/^oklch/)
})
