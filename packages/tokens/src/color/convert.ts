/** Between our colors and those of the color library: loaded only by the sub-paths that change colors. */
import {
  clampChroma,
  converter,
  differenceEuclidean,
  formatHex,
  type Color as LibraryColor,
  type Oklch,
  parse,
} from 'culori'
import type { Channel, Color, ColorSpace } from '../types.ts'

interface Mapping {
  readonly mode: string
  readonly channels: readonly [string, string, string]
  /** What the library's channels are multiplied by to become ours. */
  readonly scale?: readonly [number, number, number]
}

const rgb = ['r', 'g', 'b'] as const
const mappings: Readonly<Record<ColorSpace, Mapping>> = {
  srgb: { mode: 'rgb', channels: rgb },
  'srgb-linear': { mode: 'lrgb', channels: rgb },
  hsl: { mode: 'hsl', channels: ['h', 's', 'l'], scale: [1, 100, 100] },
  hwb: { mode: 'hwb', channels: ['h', 'w', 'b'], scale: [1, 100, 100] },
  lab: { mode: 'lab', channels: ['l', 'a', 'b'] },
  lch: { mode: 'lch', channels: ['l', 'c', 'h'] },
  oklab: { mode: 'oklab', channels: ['l', 'a', 'b'] },
  oklch: { mode: 'oklch', channels: ['l', 'c', 'h'] },
  'display-p3': { mode: 'p3', channels: rgb },
  'a98-rgb': { mode: 'a98', channels: rgb },
  'prophoto-rgb': { mode: 'prophoto', channels: rgb },
  rec2020: { mode: 'rec2020', channels: rgb },
  'xyz-d65': { mode: 'xyz65', channels: ['x', 'y', 'z'] },
  'xyz-d50': { mode: 'xyz50', channels: ['x', 'y', 'z'] },
}

const toLibraryOklch = converter('oklch')
const distance = differenceEuclidean('oklab')

/** A color as the library has it. */
export function toLibrary({ space, components, alpha }: Color): LibraryColor {
  const { mode, channels, scale = [1, 1, 1] } = mappings[space]
  const entries = channels.map((name, i) => {
    const value = components[i]!
    return [name, value === 'none' ? (name === 'h' ? undefined : 0) : value / scale[i]!] as const
  })
  return { mode, ...Object.fromEntries(entries), alpha } as unknown as LibraryColor
}

/** A color of the library as ours, or undefined for a space that the format does not have. */
export function fromLibrary(color: LibraryColor): Color | undefined {
  const found = Object.entries(mappings).find(([, { mode }]) => mode === color.mode)
  if (!found) return undefined
  const [space, { channels, scale = [1, 1, 1] }] = found
  const record = color as unknown as Record<string, number | undefined>
  const channel = (name: string, i: number): Channel => round((record[name] ?? 0) * scale[i]!, 5)
  const [a, b, c] = channels.map(channel) as [Channel, Channel, Channel]
  return { space: space as ColorSpace, components: [a, b, c], alpha: round(color.alpha ?? 1, 4) }
}

/** Lightness 0–1, chroma and hue in degrees. */
export interface Lch {
  readonly l: number
  readonly c: number
  readonly h: number
}

/** OKLCH channels of any color; a missing hue is 0. */
export function lchOf(color: Color): Lch {
  const { l, c, h } = toLibraryOklch(toLibrary(color)) as Oklch
  return { l, c, h: h ?? 0 }
}

/** A color of the sRGB gamut: chroma is lowered until it fits, lightness and hue stay. Rounded to what CSS prints. */
export function oklch({ l, c, h }: Lch, alpha = 1): Color {
  const wanted: Oklch = { mode: 'oklch', l: Math.min(1, Math.max(0, l)), c: Math.max(0, c), h }
  const { l: light, c: chroma, h: hue } = clampChroma(wanted, 'oklch', 'rgb') as Oklch
  const turned = (((hue ?? h) % 360) + 360) % 360
  return { space: 'oklch', components: [round(light, 4), round(chroma, 4), round(turned, 2)], alpha }
}

/** Difference of two colors as ΔE OK: 0 the same, about 0.02 just seen, 1 black and white. Alpha is ignored. */
export function deltaE(a: Color, b: Color): number {
  return distance(toLibrary({ ...a, alpha: 1 }), toLibrary({ ...b, alpha: 1 }))
}

/** Reads a color written as CSS, in any notation of CSS Color 4; undefined for anything else. */
export function parseCssColor(text: string): Color | undefined {
  if (text.length > 200) return undefined
  try {
    const parsed = parse(text.trim())
    return parsed && fromLibrary(parsed)
  } catch {
    // The library throws on some texts that are not colors, such as `calc(1px)`.
    return undefined
  }
}

/** `#rrggbb`, clipped to sRGB; alpha is left out. */
export function hexOf(color: Color): string {
  return formatHex(toLibrary({ ...color, alpha: 1 }))
}

/** Lays a translucent color over an opaque one, in sRGB as browsers do. */
export function flatten(front: Color, back: Color): Color {
  if (front.alpha >= 1) return front
  const toRgb = converter('rgb')
  const [f, b] = [toRgb(toLibrary(front)), toRgb(toLibrary(back))]
  const mix = (name: 'r' | 'g' | 'b') => round(f[name] * front.alpha + b[name] * (1 - front.alpha), 5)
  return { space: 'srgb', components: [mix('r'), mix('g'), mix('b')], alpha: 1 }
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits)) + 0
}
