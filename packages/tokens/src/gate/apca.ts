import { toSrgb } from '../contrast.ts'
import type { Color } from '../types.ts'

type Triple = readonly [number, number, number]

/**
 * Lightness contrast of text on a background by the published APCA formula
 * (0.0.98G-4g, W3): positive for dark text on light, negative for light text
 * on dark, 0 to about ±106.
 *
 * @remarks
 * Colors are clipped to sRGB. A translucent foreground is laid over the
 * background first; the background counts as opaque. A space that cannot be
 * converted gives `NaN`.
 */
export function apcaContrast(text: Color, background: Color): number {
  const front = toSrgb(text)
  const back = toSrgb(background)
  if (!front || !back) return Number.NaN
  const mixed = front.map((channel, i) => channel * text.alpha + back[i]! * (1 - text.alpha))
  return lightnessContrast(screenLuminance(mixed as unknown as Triple), screenLuminance(back))
}

/** Luminance as APCA estimates it for a screen, with black softened. */
export function screenLuminance([r, g, b]: Triple): number {
  const y = 0.2126729 * r ** 2.4 + 0.7151522 * g ** 2.4 + 0.072175 * b ** 2.4
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: the formula has 1.414, not the root of two
  return y < 0.022 ? y + (0.022 - y) ** 1.414 : y
}

/** APCA of two luminances. */
export function lightnessContrast(text: number, background: number): number {
  if (Math.abs(background - text) < 0.0005) return 0
  const polarity = background > text
  const raw = polarity ? background ** 0.56 - text ** 0.57 : background ** 0.65 - text ** 0.62
  const scaled = raw * 1.14
  if (Math.abs(scaled) < 0.1) return 0
  return (polarity ? scaled - 0.027 : scaled + 0.027) * 100
}
