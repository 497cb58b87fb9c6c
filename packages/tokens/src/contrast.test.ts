import { expect, it } from 'vitest'
import { type Color, contrast, luminance } from './index.ts'

const rgb = (hex: string, alpha = 1): Color => ({
  space: 'srgb',
  components: [0, 2, 4].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255) as [
    number,
    number,
    number,
  ],
  alpha,
})

it('agrees with known ratios', () => {
  expect(contrast(rgb('000000'), rgb('ffffff'))).toBeCloseTo(21, 5)
  expect(contrast(rgb('767676'), rgb('ffffff'))).toBeCloseTo(4.54, 2)
  expect(contrast(rgb('ff0000'), rgb('ffffff'))).toBeCloseTo(4.0, 2)
})

it('lays translucent text over its background', () => {
  expect(contrast(rgb('000000', 0), rgb('ffffff'))).toBe(1)
  expect(contrast(rgb('000000', 0.5), rgb('ffffff'))).toBeCloseTo(contrast(rgb('808080'), rgb('ffffff')), 1)
})

it('counts a translucent background as its worse case', () => {
  expect(contrast(rgb('ffffff'), rgb('000000', 0.5))).toBeLessThan(6)
})

it('does not measure what it cannot convert', () => {
  expect(luminance({ space: 'rec2020', components: [1, 1, 1], alpha: 1 })).toBeNaN()
})
