import type { FontFile, ThemeRecord, ThemeSheet, ThemeText } from '@mortise/contract'
import type { Act, Actor, Curtain } from './curtain.ts'
import { ThemeFonts } from './theme-fonts.ts'
import { skipTransitions, ThemePainter } from './theme-painter.ts'
import { ThemeScopes } from './theme-scopes.ts'
import type { ThemeScope, ThemeScopeRequest } from './types.ts'

/** How long a paint waits for the fonts of a theme; after that they come when they come. */
const fontMs = 1000

export interface WardrobeServices {
  readScope(request: ThemeScopeRequest): Promise<ThemeSheet>
  /** Frames that run. */
  actors(): readonly Actor[]
  /** How long a change waits for them, in milliseconds. */
  readonly patience: number
  /** Frames look different, or know fewer fonts, than they were told last. */
  onDidChange(): void
}

/** Every theme in use: the page's, those of its scopes, and their fonts. */
export class Wardrobe {
  readonly #services: WardrobeServices
  readonly #painter: ThemePainter
  readonly #fonts: ThemeFonts
  readonly #scopes: ThemeScopes
  readonly #sheets = new Map<string, ThemeSheet>()
  #curtain: Promise<Curtain | undefined> | undefined
  #turn = 0
  #worn: ThemeRecord['theme'] = null

  constructor(services: WardrobeServices) {
    const { readScope, onDidChange } = services
    this.#services = services
    this.#painter = new ThemePainter({ change: (act) => this.#change(act), onDidChange })
    this.#fonts = new ThemeFonts(onDidChange)
    this.#scopes = new ThemeScopes({ read: readScope, show: (name, sheet) => this.#show(name, sheet) })
  }

  textFor(element?: Element): ThemeText {
    return this.#painter.textFor(element)
  }

  /** Does something that changes what parts of the page wear, seen in page and frames at once. */
  change(act: () => void): Promise<void> {
    return this.#change(() => {
      act()
      skipTransitions()
      return undefined
    })
  }

  async #change(act: Act): Promise<void> {
    const { actors, patience } = this.#services
    if (actors().length === 0) return act()?.()
    // Only pages with frames need it.
    this.#curtain ??= import('./curtain.ts').then(
      ({ Curtain }) => new Curtain(actors, patience),
      (error) => {
        this.#curtain = undefined
        console.error(error)
        return undefined
      },
    )
    const curtain = await this.#curtain
    await (curtain ? curtain.change(act) : act()?.())
  }

  get fonts(): readonly FontFile[] {
    return this.#fonts.files
  }

  openScope(request: ThemeScopeRequest): ThemeScope {
    return this.#scopes.open(request)
  }

  /** Whether the page wears a theme of a plugin. */
  wears(plugin: string): boolean {
    return this.#worn?.plugin === plugin
  }

  /** Paints page, scopes and frames, seen all at once. A later paint overtakes an earlier one. */
  async apply(record: ThemeRecord): Promise<void> {
    const turn = ++this.#turn
    this.#worn = record.theme
    const scopes = await this.#scopes.refresh()
    if (turn !== this.#turn) return
    this.#sheets.clear()
    for (const [name, sheet] of [['', record] as const, ...scopes]) this.#sheets.set(name, sheet)
    await this.#loadFonts()
    if (turn !== this.#turn) return
    await this.#painter.apply(record, new Map([...scopes].map(([name, { rules }]) => [name, rules])))
  }

  release(): void {
    this.#turn++
    void this.#fonts.use([])
    this.#painter.release()
    void this.#curtain?.then((curtain) => curtain?.release())
  }

  async #show(name: string, sheet: ThemeSheet | undefined): Promise<void> {
    if (sheet) {
      this.#sheets.set(name, sheet)
      await this.#loadFonts()
      if (!this.#scopes.has(name)) return
    } else {
      this.#sheets.delete(name)
      void this.#loadFonts()
    }
    await this.#painter.setScope(name, sheet?.rules)
  }

  #loadFonts(): Promise<void> {
    const fonts = [...this.#sheets.values()].flatMap((sheet) => sheet.fonts)
    const loaded = this.#fonts.use(fonts)
    return fonts.length === 0
      ? Promise.resolve()
      : Promise.race([loaded, new Promise<void>((resolve) => setTimeout(resolve, fontMs))])
  }
}
