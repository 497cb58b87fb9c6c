import type { ThemeRecord, ThemeRule, ThemeText } from '@mortise/contract'
import { declarationsIn } from '@mortise/tokens'
import type { Act } from './curtain.ts'

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

interface Texts {
  readonly ltr: ThemeText
  readonly rtl: ThemeText
}

/** A part of the page, or all of it, with its two rules: for both directions, and for right to left. */
interface Target {
  readonly selector: string
  /** Nothing for a scope that is about to go. */
  rules: readonly ThemeRule[] | undefined
  readonly both: PaintedRule
  readonly rtl: PaintedRule
  /** What frames in it are told. */
  texts: Texts | undefined
  /** What it is to look like, where nobody was told yet. */
  next: Draft | undefined
  /** What frames were told and the page does not show yet. */
  told: Draft | undefined
}

export interface PainterServices {
  /** Does what changes the look of the frames, through `onDidChange`, and answers what changes that of the page. */
  change(act: Act): Promise<void>
  /** Frames look different from what they were told last. */
  onDidChange(): void
}

/**
 * Paints the page and its scopes with themes, and says what frames need to look the same.
 *
 * Rules are resolved here, in the page's context, and only properties whose
 * value changes are set: one sheet, one restyle.
 */
export class ThemePainter {
  readonly #sheet = new CSSStyleSheet()
  readonly #media = Object.fromEntries(
    Object.entries(queries).map(([name, query]) => [name, matchMedia(query)]),
  ) as Record<keyof typeof queries, MediaQueryList>
  readonly #observer = new MutationObserver(() => void this.#repaint())
  /** Frames are told their theme, so they must be told that they lie in another scope or direction. */
  readonly #places = new MutationObserver(() => this.#services.onDidChange())
  readonly #services: PainterServices
  readonly #page: Target
  readonly #scopes = new Map<string, Target>()
  /** Scopes that nothing is told of any more and whose rules still stand. */
  readonly #gone: Target[] = []
  #forced: ThemeRule['declarations'] = []
  #started = false

  constructor(services: PainterServices) {
    this.#services = services
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

  /** The theme around an element, the page's without one. */
  textFor(element: Element = document.documentElement): ThemeText {
    const scope = element.closest(`[${scopeAttribute}]`)?.getAttribute(scopeAttribute) ?? ''
    const texts = this.#scopes.get(scope)?.texts ?? this.#page.texts
    return (
      texts?.[element.matches(':dir(rtl)') ? 'rtl' : 'ltr'] ??
      `color-scheme: ${this.#media.dark.matches ? 'dark' : 'light'};\n`
    )
  }

  /** Paints everything anew: page, scopes, and through `onDidChange` the frames. */
  apply(record: ThemeRecord, scopes: ReadonlyMap<string, readonly ThemeRule[]>): Promise<void> {
    this.#started = true
    this.#page.rules = record.rules
    this.#forced = record.forced
    const wanted = new Map([...scopes, [builtInScope, record.builtIn]])
    for (const name of new Set([...this.#scopes.keys(), ...wanted.keys()])) {
      this.#set(name, wanted.get(name))
    }
    if (!document.adoptedStyleSheets.includes(this.#sheet)) document.adoptedStyleSheets.push(this.#sheet)
    return this.#repaint()
  }

  /** Paints one scope; without rules it looks like what is around it. */
  setScope(name: string, rules: readonly ThemeRule[] | undefined): Promise<void> {
    this.#set(name, rules)
    return this.#repaint()
  }

  release(): void {
    this.#observer.disconnect()
    this.#places.disconnect()
    for (const media of Object.values(this.#media)) media.removeEventListener('change', this.#repaint)
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet)
  }

  readonly #repaint = async (): Promise<void> => {
    if (!this.#started) return
    const look = this.#look()
    for (const target of this.#targets()) target.next = draft(target, look)
    const stale = this.#targets().filter(({ rules, next }) => next || !rules)
    // What nothing wears yet is not seen.
    if (stale.some(({ selector }) => document.querySelector(selector))) {
      await this.#services.change(this.#tell)
    } else if (stale.length > 0) this.#tell()()
  }

  /** Tells the frames what is to be seen by now, which may be more than at the time it was asked for. */
  readonly #tell = (): (() => void) => {
    for (const target of this.#targets()) {
      if (target.next) target.texts = target.next.texts
      target.told = target.next ?? target.told
      target.next = undefined
    }
    for (const [name, target] of this.#scopes) {
      if (target.rules) continue
      this.#scopes.delete(name)
      this.#gone.push(target)
    }
    this.#services.onDidChange()
    return this.#paint
  }

  readonly #paint = (): void => {
    for (const target of this.#gone.splice(0)) this.#drop(target)
    for (const target of this.#targets()) {
      if (!target.told) continue
      update(target.both, target.told.both)
      update(target.rtl, target.told.turned)
      target.told = undefined
    }
    skipTransitions()
  }

  #targets(): readonly Target[] {
    return [this.#page, ...this.#scopes.values()]
  }

  /** Attributes of the root element come first, then the system. Who chose otherwise has rules without these axes. */
  #look(): Look {
    const { dark, more, reduced, forced } = this.#media
    const said = Object.fromEntries(
      attributes.flatMap((name) => {
        const value = document.documentElement.getAttribute(`data-${name}`)
        return value === null ? [] : [[name, value]]
      }),
    )
    return {
      context: {
        mode: dark.matches ? 'dark' : 'light',
        contrast: more.matches ? 'more' : 'normal',
        motion: reduced.matches ? 'reduced' : 'full',
        ...said,
      },
      forced: forced.matches ? this.#forced : [],
    }
  }

  #set(name: string, rules: readonly ThemeRule[] | undefined): void {
    const known = this.#scopes.get(name)
    if (known) known.rules = rules
    else if (rules) {
      this.#scopes.set(name, this.#addTarget(`[${scopeAttribute}="${CSS.escape(name)}"]`, rules))
    }
  }

  #drop(target: Target): void {
    for (let index = this.#sheet.cssRules.length - 1; index >= 0; index--) {
      const { style } = this.#sheet.cssRules[index] as CSSStyleRule
      if (style === target.both.style || style === target.rtl.style) this.#sheet.deleteRule(index)
    }
  }

  #addTarget(selector: string, rules: readonly ThemeRule[] = []): Target {
    const [both, rtl] = [selector, `${selector}:dir(rtl)`].map((text) => {
      const index = this.#sheet.insertRule(`${text}{}`, this.#sheet.cssRules.length)
      return { style: (this.#sheet.cssRules[index] as CSSStyleRule).style, shown: new Map<string, string>() }
    }) as [PaintedRule, PaintedRule]
    return { selector, rules, both, rtl, texts: undefined, next: undefined, told: undefined }
  }
}

/** What settles which rules hold. */
interface Look {
  readonly context: Readonly<Record<string, string>>
  /** What the system forces. */
  readonly forced: ThemeRule['declarations']
}

type Declared = ReadonlyMap<string, string>

const none: Declared = new Map()

interface Draft {
  readonly both: Declared
  /** What is different right to left. */
  readonly turned: Declared
  readonly texts: Texts
}

/** What a target has to show, where that is not what it shows. */
function draft({ rules = [], texts }: Target, { context, forced }: Look): Draft | undefined {
  const inDirection = (direction: string) => {
    const declared = declarationsIn(rules, { ...context, direction })
    for (const [name, value] of forced) declared.set(name, value)
    return declared
  }
  const both = inDirection('ltr')
  const ltr = textOf(both)
  const turned = rules.some(({ when }) => when.direction)
    ? new Map([...inDirection('rtl')].filter(([name, value]) => both.get(name) !== value))
    : none
  const rtl = turned.size > 0 ? textOf(new Map([...both, ...turned])) : ltr
  if (texts?.ltr === ltr && texts.rtl === rtl) return undefined
  return { both, turned, texts: { ltr, rtl } }
}

function textOf(declared: Declared): ThemeText {
  let text = `color-scheme: ${declared.get('color-scheme') ?? 'light'};\n`
  for (const [name, value] of declared) if (name !== 'color-scheme') text += `${name}: ${value};\n`
  return text
}

/** Shows the new look at once: what fades into it would show both for a while, and frames none of it. */
export function skipTransitions(): void {
  for (const animation of document.getAnimations()) {
    if (animation instanceof CSSTransition && animation.pending) animation.finish()
  }
}

/** Sets only what differs. */
function update({ style, shown }: PaintedRule, next: Declared): void {
  for (const name of [...shown.keys()]) {
    if (next.has(name)) continue
    style.removeProperty(name)
    shown.delete(name)
  }
  for (const [name, value] of next) {
    if (shown.get(name) === value) continue
    style.setProperty(name, value)
    shown.set(name, value)
  }
}
