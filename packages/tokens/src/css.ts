import { printToken } from './print-value.ts'
import { defaultContext, type Mode, type Theme, type ThemeContext } from './theme.ts'
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
 * The whole theme as one stylesheet for a page.
 *
 * @remarks
 * What the person set on their system holds (`prefers-color-scheme`,
 * `prefers-contrast`, `prefers-reduced-motion`) unless the root element says
 * otherwise: `data-mode="light|dark"`, `data-contrast="normal|more"`,
 * `data-motion="full|reduced"`. Density has no system setting:
 * `data-density="compact"`.
 *
 * @param fixed - Parts of the context that a person chose. Neither the system
 *   nor an attribute changes these.
 */
export function themeStylesheet(theme: Theme, fixed: Partial<ThemeContext> = {}): string {
  const all = (context: Partial<ThemeContext>) => themeDeclarations(theme, { ...fixed, ...context })
  const first = all({})
  const dark = fixed.mode ? first : all({ mode: 'dark' })
  const more = fixed.contrast ? first : all({ contrast: 'more' })
  const rules = [rule(':root', first)]
  rules.push(...switched([darkSwitch], changed(dark, [first])))
  rules.push(...switched([moreSwitch], changed(more, [first])))
  if (!fixed.mode && !fixed.contrast) {
    const both = all({ mode: 'dark', contrast: 'more' })
    rules.push(...switched([darkSwitch, moreSwitch], changed(both, [first, dark, more])))
  }
  if (!fixed.density) {
    rules.push(rule(':root[data-density=compact]', changed(all({ density: 'compact' }), [first])))
  }
  if (!fixed.motion) rules.push(...switched([reducedSwitch], changed(all({ motion: 'reduced' }), [first])))
  return rules.join('')
}

/** How a system setting and an attribute of the root element turn a context on. */
interface Switch {
  readonly media: string
  readonly unless: string
  readonly attribute: string
}

const darkSwitch: Switch = {
  media: '(prefers-color-scheme: dark)',
  unless: `:not([data-mode=${'light' satisfies Mode}])`,
  attribute: `[data-mode=${'dark' satisfies Mode}]`,
}
const moreSwitch: Switch = {
  media: '(prefers-contrast: more)',
  unless: ':not([data-contrast=normal])',
  attribute: '[data-contrast=more]',
}
const reducedSwitch: Switch = {
  media: '(prefers-reduced-motion: reduce)',
  unless: ':not([data-motion=full])',
  attribute: '[data-motion=reduced]',
}

/** The rules for every way in which all switches can be on. */
function switched(switches: readonly Switch[], declarations: readonly Declaration[]): string[] {
  const rules: string[] = []
  for (let bits = 0; bits < 1 << switches.length; bits++) {
    const forced = switches.map((_, i) => (bits & (1 << i)) !== 0)
    const selector = switches.map((item, i) => (forced[i] ? item.attribute : item.unless)).join('')
    const media = switches.filter((_, i) => !forced[i]).map((item) => item.media)
    const text = rule(`:root${selector}`, declarations)
    rules.push(media.length > 0 && text ? `@media ${media.join(' and ')}{${text}}` : text)
  }
  return rules
}

function changed(next: readonly Declaration[], than: readonly (readonly Declaration[])[]): Declaration[] {
  const others = than.map((declarations) => new Map(declarations))
  return next.filter(([name, value]) => others.some((other) => other.get(name) !== value))
}

function rule(selector: string, declarations: readonly Declaration[]): string {
  if (declarations.length === 0) return ''
  return `${selector}{${declarations.map(([name, value]) => `${name}:${value}`).join(';')}}\n`
}
