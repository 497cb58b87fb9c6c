import { type Theme, type ThemeContext, themeDeclarations } from '@mortise/tokens'
import { mapTheme } from '@mortise/tokens/map-theme'
import { simulateVision } from '@mortise/tokens/repair'
import type { Vision } from './studio-store.ts'

/** A theme as a color-blind person sees it. */
export function seenAs(theme: Theme, vision: Vision): Theme {
  if (vision === 'full') return theme
  return mapTheme(theme, (token) =>
    token.type === 'color' ? { ...token, value: simulateVision(token.value, vision) } : token,
  )
}

/**
 * A theme on one part of the page and nothing else.
 *
 * The rule is written property by property: whatever a value held, it could
 * neither end the declaration nor begin another rule.
 */
export class PartPainter {
  readonly #sheet = new CSSStyleSheet()
  readonly #style: CSSStyleDeclaration
  readonly #shown = new Map<string, string>()

  /** @param selector - From our own code. */
  constructor(selector: string) {
    this.#sheet.insertRule(`${selector} {}`)
    this.#style = (this.#sheet.cssRules[0] as CSSStyleRule).style
  }

  paint(theme: Theme, context: Partial<ThemeContext>): void {
    for (const [name, value] of themeDeclarations(theme, context)) {
      if (this.#shown.get(name) === value) continue
      this.#shown.set(name, value)
      this.#style.setProperty(name, value)
    }
    if (!document.adoptedStyleSheets.includes(this.#sheet)) document.adoptedStyleSheets.push(this.#sheet)
  }

  release(): void {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet)
  }
}
