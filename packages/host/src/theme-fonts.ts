import type { FontFile, ThemeFont } from '@mortise/contract'

interface Loaded {
  readonly face: FontFace
  readonly file: FontFile
}

/** Fonts that themes in use bring: loaded from the server once, shown by the page, handed to frames as bytes. */
export class ThemeFonts {
  readonly #fonts = new Map<string, { readonly loaded: Promise<void>; done?: Loaded }>()
  readonly #onDidLoad: () => void

  constructor(onDidLoad: () => void) {
    this.#onDidLoad = onDidLoad
  }

  /** Fonts that are there. A frame cannot load any itself: its policy knows its own plugin's files only. */
  get files(): readonly FontFile[] {
    return [...this.#fonts.values()].flatMap(({ done }) => (done ? [done.file] : []))
  }

  /** Loads what is missing and forgets what is not listed. Settles when all are there or cannot be had. */
  async use(fonts: readonly ThemeFont[]): Promise<void> {
    const wanted = new Map(fonts.map((font) => [Object.values(font).join(' '), font]))
    for (const [key, { done }] of this.#fonts) {
      if (wanted.has(key)) continue
      this.#fonts.delete(key)
      if (done) document.fonts.delete(done.face)
    }
    for (const [key, font] of wanted) {
      if (!this.#fonts.has(key)) this.#fonts.set(key, { loaded: this.#load(key, font) })
    }
    await Promise.all([...this.#fonts.values()].map(({ loaded }) => loaded))
  }

  async #load(key: string, { family, url, weight, style, data: given }: ThemeFont): Promise<void> {
    try {
      const data = given ?? (await read(url))
      const face = await new FontFace(quoted(family), data, { weight, style }).load()
      const entry = this.#fonts.get(key)
      if (!entry) return
      document.fonts.add(face)
      entry.done = { face, file: { family: quoted(family), weight, style, data } }
      this.#onDidLoad()
    } catch (error) {
      // The next family of the list is shown instead.
      console.warn(`The font ${family} of a theme cannot be shown.`, error)
    }
  }
}

async function read(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} answered with status ${response.status}.`)
  return response.arrayBuffer()
}

function quoted(family: string): string {
  return `"${CSS.escape(family)}"`
}
