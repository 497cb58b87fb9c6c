import { type ThemeIcons, themeIconNames } from '@mortise/contract'
import { cleanSvgElement, svgAddress } from './clean-svg.ts'

/** Pixels of the picture that is looked at before an icon is drawn. */
const side = 24
/** Part of the picture that an icon covers: less is nothing to see, more is a block. */
const covered = { least: 0.01, most: 0.9 } as const
/** Longest text of an icon, as the server takes it. */
const mostText = 4000

/** Icons as addresses of images, by name. Whatever cannot be drawn is left out, so that the built-in icon stays. */
export async function readIcons(texts: ThemeIcons['icons']): Promise<ReadonlyMap<string, string>> {
  const read = themeIconNames.map(async (name) => {
    const address = Object.hasOwn(texts, name) ? await readIcon(texts[name]!) : undefined
    return [name, address] as const
  })
  return new Map((await Promise.all(read)).flatMap(([name, address]) => (address ? [[name, address]] : [])))
}

async function readIcon(text: string): Promise<string | undefined> {
  if (text.length > mostText) return undefined
  const svg = cleanSvgElement(text)
  if (!svg) return undefined
  svg.setAttribute('width', String(side))
  svg.setAttribute('height', String(side))
  const address = svgAddress(svg)
  const part = await coverageOf(address)
  return part >= covered.least && part <= covered.most ? address : undefined
}

async function coverageOf(address: string): Promise<number> {
  const image = new Image()
  image.src = address
  try {
    await image.decode()
  } catch {
    return 0
  }
  const canvas = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true })!
  canvas.drawImage(image, 0, 0, side, side)
  const { data } = canvas.getImageData(0, 0, side, side)
  let sum = 0
  for (let at = 3; at < data.length; at += 4) sum += data[at]!
  return sum / (255 * side * side)
}

/**
 * Draws the icons of a part of the page with the pictures of a theme.
 *
 * Icons stay the elements they are: a picture is only the mask through which the
 * color of the text is seen, so it can show no color, no text of its own and
 * nothing outside the icon's box. Where the system forces its colors it is not used.
 */
export class IconPainter {
  readonly #sheet = new CSSStyleSheet()
  readonly #within: string
  #turn = 0

  /** @param within - Selector with a `&` for the icon, from our own code. */
  constructor(within: string) {
    this.#within = within
  }

  /** Takes other pictures; none gives the built-in icons back. The last call wins. */
  async paint(texts: Promise<ThemeIcons['icons']> | undefined): Promise<void> {
    const turn = ++this.#turn
    const icons = texts ? await readIcons(await texts) : new Map<string, string>()
    if (turn !== this.#turn) return
    this.#sheet.replaceSync('@media not (forced-colors: active) {}')
    const [media] = this.#sheet.cssRules
    if (!(media instanceof CSSMediaRule)) return
    for (const [name, address] of icons) {
      const icon = this.#within.replace('&', `svg.lucide-${name}`)
      media.insertRule(`${icon} { background-color: currentColor }`)
      ;(media.cssRules[0] as CSSStyleRule).style.setProperty(
        'mask',
        `url("${address}") center / contain no-repeat`,
      )
      media.insertRule(`${icon} > * { display: none }`)
    }
    const { adoptedStyleSheets } = document
    if (!adoptedStyleSheets.includes(this.#sheet)) adoptedStyleSheets.push(this.#sheet)
  }

  release(): void {
    this.#turn++
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet)
  }
}
