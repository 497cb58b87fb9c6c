import type { ThemeRule } from '@mortise/contract'
import { printToken } from './print-value.ts'
import { defaultContext, type Theme, type ThemeContext } from './theme.ts'
import type { Token } from './types.ts'

/** A custom property and its value, as `style.setProperty` takes them. */
export type Declaration = readonly [name: string, value: string]

/**
 * The custom property of a token: `--m-` and the path with dashes for dots,
 * letter case kept. A `$root` token has the name of its group.
 */
export function customProperty(path: string): string {
  const name = path.replace(/\.\$root$/, '').replaceAll('.', '-')
  return `--m-${name.replace(/[^\w-]/gu, (char) => `_${char.codePointAt(0)!.toString(16)}_`)}`
}

/** Custom properties of tokens, in token order. */
export function toDeclarations(tokens: ReadonlyMap<string, Token>): Declaration[] {
  return [...tokens.values()].flatMap((token) => {
    const name = customProperty(token.path)
    return printToken(token).map(([suffix, value]): Declaration => [`${name}${suffix}`, value])
  })
}

/**
 * One rule that sets the custom properties.
 *
 * @param selector - Written as is: comes from the caller's own code, never from a file.
 */
export function toCss(tokens: ReadonlyMap<string, Token>, selector = ':root'): string {
  return rule(selector, toDeclarations(tokens))
}

/** What one context of a theme sets, with `color-scheme` first: for a frame that is told its context. */
export function themeDeclarations(theme: Theme, context: Partial<ThemeContext> = {}): Declaration[] {
  const mode = theme.modeFor(context.mode ?? defaultContext.mode)
  return [['color-scheme', mode], ...toDeclarations(theme.resolve(context))]
}

/**
 * A theme as data for whoever knows its context: the first rule holds always,
 * and of the others those whose `when` holds, the ones with more parts last.
 * Each says only what differs.
 *
 * @param fixed - Parts of the context that are settled. No rule asks for these.
 */
export function themeRules(theme: Theme, fixed: Partial<ThemeContext> = {}): ThemeRule[] {
  return themeStates(theme, fixed)
    .map(({ on, declared }) => ({
      when: Object.assign({}, ...on.map(({ part }) => part)) as ThemeRule['when'],
      declarations: [...declared],
    }))
    .filter(({ when, declarations }) => declarations.length > 0 || Object.keys(when).length === 0)
    .toSorted((one, other) => Object.keys(one.when).length - Object.keys(other.when).length)
}

/**
 * The whole theme as one stylesheet for a page, or for a part of it.
 *
 * @remarks
 * What the person set on their system holds (`prefers-color-scheme`,
 * `prefers-contrast`, `prefers-reduced-motion`) unless the element says
 * otherwise: `data-mode="light|dark"`, `data-contrast="normal|more"`,
 * `data-motion="full|reduced"`. The rest has no system setting:
 * `data-density="compact"`, `dir="rtl"` here or further up, `data-brand="…"`
 * with a brand of the theme. Under `forced-colors` the color roles are the
 * system's colors.
 *
 * @param fixed - Parts of the context that a person chose. Neither the system
 *   nor an attribute changes these.
 * @param selector - Written as is: comes from the caller's own code, never from a file.
 */
export function themeStylesheet(theme: Theme, fixed: Partial<ThemeContext> = {}, selector = ':root'): string {
  const rules = themeStates(theme, fixed).flatMap(({ on, declared }) => switched(selector, on, [...declared]))
  const important = forcedColors(theme).map(([name, value]): Declaration => [name, `${value}!important`])
  return `${rules.join('')}@media (forced-colors: active){${rule(selector, important)}}`
}

function themeStates(theme: Theme, fixed: Partial<ThemeContext>): State[] {
  const axes = switchAxes(theme).filter(([{ part }]) => !Object.keys(part).some((name) => name in fixed))
  const states: State[] = [{ on: [], declared: new Map(themeDeclarations(theme, fixed)) }]
  for (const axis of axes) {
    for (const { on: others } of [...states]) {
      for (const item of axis) {
        const on = [...others, item]
        const parts = Object.assign({}, fixed, ...on.map(({ part }) => part))
        states.push({ on, declared: changed(themeDeclarations(theme, parts), on, states) })
      }
    }
  }
  return states
}

/** A way to turn a context on: an attribute of the root element, and perhaps a system setting. */
interface Switch {
  readonly part: Partial<ThemeContext>
  readonly attribute: string
  readonly system?: { readonly media: string; readonly unless: string }
}

/** Switches that are on together, and what their rule says. */
interface State {
  readonly on: readonly Switch[]
  readonly declared: ReadonlyMap<string, string>
}

/** Switches by axis; those of one axis exclude each other. */
function switchAxes({ brands, directions }: Theme): [Switch, ...Switch[]][] {
  const axes: [Switch, ...Switch[]][] = [
    [
      {
        part: { mode: 'dark' },
        attribute: '[data-mode=dark]',
        system: { media: '(prefers-color-scheme: dark)', unless: ':not([data-mode=light])' },
      },
    ],
    [
      {
        part: { contrast: 'more' },
        attribute: '[data-contrast=more]',
        system: { media: '(prefers-contrast: more)', unless: ':not([data-contrast=normal])' },
      },
    ],
    [{ part: { density: 'compact' }, attribute: '[data-density=compact]' }],
    [
      {
        part: { motion: 'reduced' },
        attribute: '[data-motion=reduced]',
        system: { media: '(prefers-reduced-motion: reduce)', unless: ':not([data-motion=full])' },
      },
    ],
  ]
  if (directions.length > 1) axes.push([{ part: { direction: 'rtl' }, attribute: ':dir(rtl)' }])
  const [first, ...rest] = brands
    .slice(1)
    .map((brand) => ({ part: { brand }, attribute: `[data-brand=${brand}]` }))
  if (first) axes.push([first, ...rest])
  return axes
}

/** The rules for every way in which all switches can be on. */
function switched(
  target: string,
  switches: readonly Switch[],
  declarations: readonly Declaration[],
): string[] {
  let ways: { selector: string; media: string[] }[] = [{ selector: target, media: [] }]
  for (const { attribute, system } of switches) {
    ways = ways.flatMap(({ selector, media }) => [
      ...(system ? [{ selector: selector + system.unless, media: [...media, system.media] }] : []),
      { selector: selector + attribute, media },
    ])
  }
  return ways.map(({ selector, media }) => {
    const text = rule(selector, declarations)
    return media.length > 0 && text ? `@media ${media.join(' and ')}{${text}}` : text
  })
}

/**
 * What the rule of several switches must say beyond the rules of some of them.
 * Each switch adds one condition to a selector, so of those rules the ones with
 * the most switches hold, and only where they agree is nothing left to say.
 */
function changed(
  next: readonly Declaration[],
  on: readonly Switch[],
  states: readonly State[],
): State['declared'] {
  const parts = states.filter((other) => other.on.every((item) => on.includes(item)))
  return new Map(
    next.filter(([name, value]) => {
      const saying = parts.filter(({ declared }) => declared.has(name))
      const most = Math.max(...saying.map((part) => part.on.length))
      return saying.some((part) => part.on.length === most && part.declared.get(name) !== value)
    }),
  )
}

/** System colors by the start of a path, the first that fits. */
const systemColors = [
  ['color.surface.', 'Canvas'],
  ['color.text.onAccent', 'HighlightText'],
  ['color.text.link', 'LinkText'],
  ['color.accent.solid', 'Highlight'],
  ['color.border.focus', 'Highlight'],
] as const

/** The color roles where the system forces its own colors. */
export function forcedColors(theme: Theme): Declaration[] {
  return [...theme.resolve().values()].flatMap(({ path, type }): Declaration[] =>
    type === 'color' ? [[customProperty(path), systemColor(path)]] : [],
  )
}

/** The color of the system that stands in for a role where colors are forced. */
function systemColor(path: string): string {
  const found = systemColors.find(([prefix]) => path.startsWith(prefix))
  return found?.[1] ?? (path.endsWith('.soft') ? 'Canvas' : 'CanvasText')
}

function rule(selector: string, declarations: readonly Declaration[]): string {
  if (declarations.length === 0) return ''
  return `${selector}{${declarations.map(([name, value]) => `${name}:${value}`).join(';')}}\n`
}
