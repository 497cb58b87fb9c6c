/** Contrast by WCAG 2.2, for colors of the spaces whose way to sRGB is short. */
import type { Color } from './types.ts'

type Triple = readonly [number, number, number]

/**
 * The contrast ratio of two colors, 1 to 21.
 *
 * @remarks
 * A translucent foreground is laid over the background first. A translucent
 * background counts as the worse of what it gives over black and over white.
 * Colors outside sRGB are clipped to it. A space that cannot be converted
 * (a98-rgb, prophoto-rgb, rec2020) gives `NaN`, which no limit accepts.
 */
export function contrast(foreground: Color, background: Color): number {
  const front = toSrgb(foreground)
  const back = toSrgb(background)
  if (!front || !back) return Number.NaN
  const over = (backing: Triple) => {
    const ground = mix(back, backing, background.alpha)
    return ratio(luminanceOf(mix(front, ground, foreground.alpha)), luminanceOf(ground))
  }
  return background.alpha === 1 ? over(back) : Math.min(over([0, 0, 0]), over([1, 1, 1]))
}

/** Relative luminance by WCAG, 0 black to 1 white; alpha is ignored. `NaN` as for {@link contrast}. */
export function luminance(color: Color): number {
  const rgb = toSrgb(color)
  return rgb ? luminanceOf(rgb) : Number.NaN
}

/** Gamma-encoded sRGB channels clipped to 0–1, or undefined for a space that cannot be converted. */
export function toSrgb({ space, components }: Color): Triple | undefined {
  const values = components.map((channel) => (channel === 'none' ? 0 : channel))
  const [a = 0, b = 0, c = 0] = values
  switch (space) {
    case 'srgb':
      return clip([a, b, c])
    case 'srgb-linear':
      return encode([a, b, c])
    case 'hsl':
      return clip(fromHsl(a, b / 100, c / 100))
    case 'hwb':
      return clip(fromHwb(a, b / 100, c / 100))
    case 'oklab':
      return encode(fromOklab(a, b, c))
    case 'oklch':
      return encode(fromOklab(a, ...polar(b, c)))
    case 'lab':
      return encode(fromXyz(adapt(fromLab(a, b, c))))
    case 'lch':
      return encode(fromXyz(adapt(fromLab(a, ...polar(b, c)))))
    case 'xyz-d65':
      return encode(fromXyz([a, b, c]))
    case 'xyz-d50':
      return encode(fromXyz(adapt([a, b, c])))
    case 'display-p3':
      return encode(fromP3([decode(a), decode(b), decode(c)]))
    default:
      return undefined
  }
}

function ratio(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

function luminanceOf([r, g, b]: Triple): number {
  return 0.2126 * decode(r) + 0.7152 * decode(g) + 0.0722 * decode(b)
}

function mix(front: Triple, back: Triple, alpha: number): Triple {
  return front.map((channel, i) => channel * alpha + back[i]! * (1 - alpha)) as unknown as Triple
}

function clip(values: Triple): Triple {
  return values.map((value) => Math.min(1, Math.max(0, value))) as unknown as Triple
}

function encode(values: Triple): Triple {
  return clip(
    values.map((value) =>
      value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055,
    ) as unknown as Triple,
  )
}

function decode(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

function polar(chroma: number, hue: number): [number, number] {
  const angle = (hue * Math.PI) / 180
  return [chroma * Math.cos(angle), chroma * Math.sin(angle)]
}

function times(rows: readonly [Triple, Triple, Triple], [x, y, z]: Triple): Triple {
  return rows.map((row) => row[0] * x + row[1] * y + row[2] * z) as unknown as Triple
}

function fromOklab(l: number, a: number, b: number): Triple {
  const cone = times(
    [
      [1, 0.3963377774, 0.2158037573],
      [1, -0.1055613458, -0.0638541728],
      [1, -0.0894841775, -1.291485548],
    ],
    [l, a, b],
  ).map((value) => value ** 3) as unknown as Triple
  return times(
    [
      [4.0767416621, -3.3077115913, 0.2309699292],
      [-1.2684380046, 2.6097574011, -0.3413193965],
      [-0.0041960863, -0.7034186147, 1.707614701],
    ],
    cone,
  )
}

function fromXyz(xyz: Triple): Triple {
  return times(
    [
      [3.2409699419, -1.5373831776, -0.4986107603],
      [-0.9692436363, 1.8759675015, 0.0415550574],
      [0.0556300797, -0.2039769589, 1.0569715142],
    ],
    xyz,
  )
}

/** From the D50 white point of Lab to the D65 of sRGB (Bradford). */
function adapt(xyz: Triple): Triple {
  return times(
    [
      [0.9554734528, -0.0230985369, 0.0632593087],
      [-0.028369707, 1.0099954581, 0.0210413989],
      [0.0123140016, -0.0205076964, 1.3303659366],
    ],
    xyz,
  )
}

function fromLab(l: number, a: number, b: number): Triple {
  const y = (l + 16) / 116
  const expand = (t: number) => (t ** 3 > 216 / 24389 ? t ** 3 : (116 * t - 16) / (24389 / 27))
  return [0.9642956764 * expand(y + a / 500), expand(y), 0.8251046025 * expand(y - b / 200)]
}

function fromP3(linear: Triple): Triple {
  return times(
    [
      [1.2249401763, -0.2249401763, 0],
      [-0.0420569547, 1.0420569547, 0],
      [-0.0196375546, -0.0786360456, 1.0982736001],
    ],
    linear,
  )
}

function fromHsl(hue: number, saturation: number, lightness: number): Triple {
  const channel = (n: number) => {
    const k = (((n + hue / 30) % 12) + 12) % 12
    return (
      lightness - saturation * Math.min(lightness, 1 - lightness) * Math.max(-1, Math.min(k - 3, 9 - k, 1))
    )
  }
  return [channel(0), channel(8), channel(4)]
}

function fromHwb(hue: number, white: number, black: number): Triple {
  if (white + black >= 1) {
    const grey = white / (white + black)
    return [grey, grey, grey]
  }
  return fromHsl(hue, 1, 0.5).map((value) => value * (1 - white - black) + white) as unknown as Triple
}
