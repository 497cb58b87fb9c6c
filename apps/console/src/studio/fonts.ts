import type { ThemeFont } from '@mortise/contract'
import type { Theme } from '@mortise/tokens'
import { withFamilies } from '@mortise/tokens/map-theme'
import { useEffect } from 'react'
import { type KnownTheme, pluginFile } from '../appearance/theme-source.ts'
import { bytesOf, type DraftFont, fontLimits } from './draft.ts'
import { useStudio } from './studio-store.ts'

/**
 * Fonts of an installed theme as a draft has them.
 *
 * @throws Where one cannot be read, or they are more than a theme may bring.
 */
export async function readThemeFonts({ plugin, contribution }: KnownTheme): Promise<readonly DraftFont[]> {
  let total = 0
  return Promise.all(
    (contribution.fonts ?? []).map(async ({ family, path, weight, style }) => {
      const response = await fetch(pluginFile(plugin, path))
      if (!response.ok) throw new Error(`${path} could not be read.`)
      const bytes = new Uint8Array(await response.arrayBuffer())
      total += bytes.length
      if (bytes.length > fontLimits.bytes || total > fontLimits.allBytes) {
        throw new Error(`${path} is larger than fonts of themes may be.`)
      }
      return { family, weight, style, data: toBase64(bytes) }
    }),
  )
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

/** A theme that calls its fonts by the names the page knows them by: under one of the host's, a font could redraw its words. */
export function withDraftFonts(theme: Theme, fonts: readonly DraftFont[] | undefined): Theme {
  if (!fonts?.length) return theme
  return withFamilies(theme, new Map(fonts.map(({ family }) => [family, nameOf(family)])))
}

const lists = new WeakMap<readonly DraftFont[], readonly ThemeFont[]>()
let count = 0

/** The same fonts for the host to show on the whole page and in frames. */
export function themeFontsOf(fonts: readonly DraftFont[] | undefined): readonly ThemeFont[] {
  if (!fonts) return []
  const list =
    lists.get(fonts) ??
    fonts.map((font) => ({
      family: nameOf(font.family),
      url: `draft:${++count}`,
      weight: weightOf(font),
      style: font.style,
      data: bytesOf(font).buffer,
    }))
  lists.set(fonts, list)
  return list
}

/** Shows the fonts of the draft on this page while it is open. One that the browser does not take is left out. */
export function useDraftFonts(): void {
  const fonts = useStudio((state) => state.draft.fonts)
  useEffect(() => {
    if (!fonts) return
    const faces: FontFace[] = []
    let gone = false
    for (const font of fonts) {
      const { style } = font
      void new FontFace(`"${nameOf(font.family)}"`, bytesOf(font), { style, weight: weightOf(font) })
        .load()
        .then(
          (face) => {
            if (gone) return
            document.fonts.add(face)
            faces.push(face)
          },
          (error) => console.warn(`The font ${font.family} of the draft cannot be shown.`, error),
        )
    }
    return () => {
      gone = true
      for (const face of faces) document.fonts.delete(face)
    }
  }, [fonts])
}

function nameOf(family: string): string {
  return `draft/${family}`
}

function weightOf({ weight }: DraftFont): string {
  return [weight].flat().join(' ')
}
