import type { ThemeRecord, ThemeState } from '@mortise/contract'

/** Paints the page with the active theme and says what frames need to look the same. */
export class ThemePainter {
  readonly #sheet = new CSSStyleSheet()
  readonly #dark = matchMedia('(prefers-color-scheme: dark)')
  readonly #more = matchMedia('(prefers-contrast: more)')
  readonly #onDidChange: (theme: ThemeState) => void
  #record: ThemeRecord | undefined

  constructor(onDidChange: (theme: ThemeState) => void) {
    this.#onDidChange = onDidChange
    this.#dark.addEventListener('change', this.#followSystem)
    this.#more.addEventListener('change', this.#followSystem)
  }

  get state(): ThemeState {
    const { mode = 'system', contrast = 'system', contexts } = this.#record ?? {}
    const system = this.#dark.matches ? 'dark' : 'light'
    const colorScheme: ThemeState['colorScheme'] = mode === 'system' ? system : mode
    const more = contrast === 'system' ? this.#more.matches : contrast === 'more'
    return {
      colorScheme,
      declarations: contexts?.[more ? (`${colorScheme}-more` as const) : colorScheme] ?? [],
    }
  }

  /** One replacement of one sheet: the page restyles once, and frames are told in the same task. */
  apply(record: ThemeRecord): void {
    this.#record = record
    this.#sheet.replaceSync(record.css)
    if (!document.adoptedStyleSheets.includes(this.#sheet)) document.adoptedStyleSheets.push(this.#sheet)
    this.#onDidChange(this.state)
  }

  release(): void {
    this.#dark.removeEventListener('change', this.#followSystem)
    this.#more.removeEventListener('change', this.#followSystem)
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet)
  }

  readonly #followSystem = (): void => {
    if (this.#record) this.#onDidChange(this.state)
  }
}
