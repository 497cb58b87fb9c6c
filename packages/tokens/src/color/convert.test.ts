import { displayable } from 'culori'
import { describe, expect, it } from 'vitest'
import { printColor } from '../print-value.ts'
import { type Color, colorSpaces } from '../types.ts'
import { deltaE, flatten, fromLibrary, hexOf, lchOf, oklch, parseCssColor, toLibrary } from './convert.ts'

const grey: Record<string, Color['components']> = {
  srgb: [0.2, 0.5, 0.7],
  'srgb-linear': [0.2, 0.5, 0.7],
  hsl: [210, 40, 50],
  hwb: [210, 20, 30],
  lab: [50, 10, -20],
  lch: [50, 20, 300],
  oklab: [0.5, 0.05, -0.05],
  oklch: [0.5, 0.1, 300],
  'display-p3': [0.2, 0.5, 0.7],
  'a98-rgb': [0.2, 0.5, 0.7],
  'prophoto-rgb': [0.2, 0.5, 0.7],
  rec2020: [0.2, 0.5, 0.7],
  'xyz-d65': [0.2, 0.3, 0.4],
  'xyz-d50': [0.2, 0.3, 0.4],
}

describe('colors', () => {
  it.each(colorSpaces)('of %s go to the library and back', (space) => {
    const color: Color = { space, components: grey[space]!, alpha: 0.5 }
    expect(fromLibrary(toLibrary(color))).toEqual(color)
    expect(deltaE(parseCssColor(printColor(color))!, color)).toBeLessThan(0.002)
  })

  it('made in OKLCH lie in the sRGB gamut, with lightness and hue kept', () => {
    for (let h = 0; h < 360; h += 30) {
      for (const l of [0.05, 0.3, 0.6, 0.95]) {
        const color = oklch({ l, c: 0.4, h })
        expect(
          displayable(
            toLibrary({
              ...color,
              components: [color.components[0], Number(color.components[1]) * 0.99, color.components[2]],
            }),
          ),
        ).toBe(true)
        expect(lchOf(color).l).toBeCloseTo(l, 3)
        if (Number(color.components[1]) > 0.01) expect(lchOf(color).h).toBeCloseTo(h, 0)
      }
    }
  })

  it('are read from CSS and from nothing else', () => {
    for (const text of [
      'url(x)',
      'var(--x)',
      'calc(1px)',
      'currentColor',
      'inherit',
      '',
      'rgb(',
      '#12',
      'x'.repeat(1e6),
    ]) {
      expect(parseCssColor(text), text.slice(0, 20)).toBeUndefined()
    }
  })

  it('that are translucent are laid over their background', () => {
    const black: Color = { space: 'srgb', components: [0, 0, 0], alpha: 0.5 }
    const white: Color = { space: 'srgb', components: [1, 1, 1], alpha: 1 }
    expect(hexOf(flatten(black, white))).toBe('#808080')
  })
})
