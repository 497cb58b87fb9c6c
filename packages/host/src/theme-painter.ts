import type { ThemeRecord, ThemeRule, ThemeState } from '@mortise/contract'
import { declarationsIn } from '@mortise/tokens'

/** Marks the root of a part of the page that has a theme of its own; the value names the scope. */
export const scopeAttribute = 'data-mortise-theme'

/** The scope of what no theme may change: the host's own questions. It is always there. */
export const builtInScope = 'built-in'

/** Attributes of the root element that settle an axis, as the stylesheet of the token engine has them. */
const attributes = ['mode', 'contrast', 'density', 'motion', 'brand'] as const

const queries = {
  dark: '(prefers-color-scheme: dark)',
  more: '(prefers-contrast: more)',
  reduced: '(prefers-reduced-motion: reduce)',
  forced: '(forced-colors: active)',
} as const

/** A rule of the sheet and what it sets now. */
interface PaintedRule {
  readonly style: CSSStyleDeclaration
  readonly shown: Map<string, string>
}

/** A part of the page, or all of it, with its two rules: for both directions, and for right to left. */
interface Target {
  rules: readonly ThemeRule[]
  readonly both: PaintedRule
  readonly rtl: PaintedRule
  states: { readonly ltr: ThemeState; readonly rtl: ThemeState } | undefined
}

/**
 * Paints the page and its scopes with themes, and says what frames need to look the same.
 *
 * Rules are resolved here, in the page's context, and only properties whose
 * value changes are set: one sheet, one restyle. What the system says is
 * followed in the frame in which it changes, since media queries report
 * before styles are computed.
 */
export class ThemePainter {
  readonly #sheet = new CSSStyleSheet()
  readonly #media = Object.fromEntries(
    Object.entries(queries).map(([name, query]) => [name, matchMedia(query)]),
  ) as Record<keyof typeof queries, MediaQueryList>
  readonly #observer = new MutationObserver(() => this.#repaint())
  /** Frames are told their theme, so they must be told that they lie in another scope or direction. */
  readonly #places = new MutationObserver(() => this.#onDidChange())
  readonly #onDidChange: () => void
  readonly #page: Target
  readonly #scopes = new Map<string, Target>()
  #forced: ThemeRule['declarations'] = []
  #started = false

  /** @param onDidChange - Frames look different from what they were told last. */
  constructor(onDidChange: () => void) {
    this.#onDidChange = onDidChange
    this.#page = this.#addTarget(':root')
    for (const media of Object.values(this.#media)) media.addEventListener('change', this.#repaint)
    this.#observer.observe(document.documentElement, {
      attributeFilter: attributes.map((name) => `data-${name}`),
    })
    this.#places.observe(document.documentElement, {
      subtree: true,
      attributeFilter: [scopeAttribute, 'dir'],
    })
  }

  /** The theme around an element, the page's without one. The same object until something changes. */
  stateFor(element?: Element): ThemeState {
    const scope = element?.closest(`[${scopeAttribute}]`)
    const target = this.#scopes.get(scope?.getAttribute(scopeAttribute) ?? '') ?? this.#page
    const { direction } = getComputedStyle(element ?? document.documentElement)
    return (
      target.states?.[direction === 'rtl' ? 'rtl' : 'ltr'] ?? {
        colorScheme: this.#media.dark.matches ? 'dark' : 'light',
        declarations: [],
      }
    )
  }

  /** Paints everything anew, in one task: page, scopes, and through `onDidChange` the frames. */
  apply(record: ThemeRecord, scopes: ReadonlyMap<string, readonly ThemeRule[]>): void {
    this.#started = true
    this.#page.rules = record.rules
    this.#forced = record.forced
    for (const name of [...this.#scopes.keys()]) if (!scopes.has(name)) this.#drop(name)
    for (const [name, rules] of [...scopes, [builtInScope, record.builtIn] as const]) this.#set(name, rules)
    if (!document.adoptedStyleSheets.includes(this.#sheet)) document.adoptedStyleSheets.push(this.#sheet)
    this.#repaint()
  }

  /** Paints one scope; without rules it looks like what is around it. */
  setScope(name: string, rules: readonly ThemeRule[] | undefined): void {
    if (rules) this.#set(name, rules)
    else this.#drop(name)
    this.#repaint()
  }

  release(): void {
    this.#observer.disconnect()
    this.#places.disconnect()
    for (const media of Object.values(this.#media)) media.removeEventListener('change', this.#repaint)
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet)
  }

  readonly #repaint = (): void => {
    if (!this.#started) return
    const context = this.#context()
    const forced = this.#media.forced.matches ? this.#forced : []
    let changed = 0
    for (const target of [this.#page, ...this.#scopes.values()]) changed += paint(target, context, forced)
    if (changed > 0) this.#onDidChange()
  }

  /** Attributes of the root element come first, then the system. Who chose otherwise has rules without these axes. */
  #context(): Record<string, string> {
    const { dark, more, reduced } = this.#media
    const said = Object.fromEntries(
      attributes.flatMap((name) => {
        const value = document.documentElement.getAttribute(`data-${name}`)
        return value === null ? [] : [[name, value]]
      }),
    )
    return {
      mode: dark.matches ? 'dark' : 'light',
      contrast: more.matches ? 'more' : 'normal',
      motion: reduced.matches ? 'reduced' : 'full',
      ...said,
    }
  }

  #set(name: string, rules: readonly ThemeRule[]): void {
    const known = this.#scopes.get(name)
    if (known) known.rules = rules
    else {
      const target = this.#addTarget(`[${scopeAttribute}="${CSS.escape(name)}"]`)
      target.rules = rules
      this.#scopes.set(name, target)
    }
  }

  #drop(name: string): void {
    const target = this.#scopes.get(name)
    if (!target || name === builtInScope) return
    this.#scopes.delete(name)
    for (let index = this.#sheet.cssRules.length - 1; index >= 0; index--) {
      const { style } = this.#sheet.cssRules[index] as CSSStyleRule
      if (style === target.both.style || style === target.rtl.style) this.#sheet.deleteRule(index)
    }
    this.#onDidChange()
  }

  #addTarget(selector: string): Target {
    const styles = [selector, `${selector}:dir(rtl)`].map((text) => {
      const index = this.#sheet.insertRule(`${text}{}`, this.#sheet.cssRules.length)
      return { style: (this.#sheet.cssRules[index] as CSSStyleRule).style, shown: new Map<string, string>() }
    }) as [PaintedRule, PaintedRule]
    return { rules: [], both: styles[0], rtl: styles[1], states: undefined }
  }
}

/** Sets what differs from before and answers how many properties that were. */
function paint(
  target: Target,
  context: Readonly<Record<string, string>>,
  forced: ThemeRule['declarations'],
): number {
  const resolve = (direction: string) => {
    const declared = declarationsIn(target.rules, { ...context, direction })
    for (const [name, value] of forced) declared.set(name, value)
    return declared
  }
  const ltr = resolve('ltr')
  const rtl = resolve('rtl')
  const turned = new Map([...rtl].filter(([name, value]) => ltr.get(name) !== value))
  const changed = update(target.both, ltr) + update(target.rtl, turned)
  if (changed > 0 || !target.states) target.states = { ltr: stateOf(ltr), rtl: stateOf(rtl) }
  return changed
}

function update({ style, shown }: PaintedRule, next: ReadonlyMap<string, string>): number {
  let changed = 0
  for (const name of [...shown.keys()]) {
    if (next.has(name)) continue
    style.removeProperty(name)
    shown.delete(name)
    changed++
  }
  for (const [name, value] of next) {
    if (shown.get(name) === value) continue
    style.setProperty(name, value)
    shown.set(name, value)
    changed++
  }
  return changed
}

function stateOf(declared: ReadonlyMap<string, string>): ThemeState {
  return {
    colorScheme: declared.get('color-scheme') === 'dark' ? 'dark' : 'light',
    declarations: [...declared].filter(([name]) => name !== 'color-scheme'),
  }
}
