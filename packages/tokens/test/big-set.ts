import type { TokenSource } from '../src/index.ts'
import { seeded } from './random-theme.ts'

/**
 * A made-up design system of a few thousand tokens: ramps, roles that point at
 * them through chains of aliases, sizes, shadows and type, with a light and a dark context.
 */
export function bigSet(): TokenSource {
  const random = seeded(7)
  const part = () => Number(random().toFixed(4))
  const color = () => ({ colorSpace: 'srgb', components: [part(), part(), part()] })
  const ramps = Object.fromEntries(
    range(40).map((i) => [
      `hue${i}`,
      Object.fromEntries(range(20).map((j) => [`s${j}`, { $value: color() }])),
    ]),
  )
  const sizes = Object.fromEntries(range(200).map((i) => [`n${i}`, { $value: { value: i, unit: 'px' } }]))
  const shadows = Object.fromEntries(
    range(60).map((i) => [
      `e${i}`,
      {
        $value: {
          color: `{ramp.hue${i % 40}.s3}`,
          offsetX: `{size.n${i % 4}}`,
          offsetY: `{size.n${i % 8}}`,
          blur: `{size.n${i}}`,
          spread: { value: 0, unit: 'px' },
        },
      },
    ]),
  )
  const roles = (turn: number) =>
    Object.fromEntries(
      range(100).map((i) => [
        `component${i}`,
        Object.fromEntries(
          range(15).map((j) => [
            `part${j}`,
            {
              $value:
                j % 3 === 2
                  ? `{role.component${i}.part${j - 1}}`
                  : `{ramp.hue${(i + turn) % 40}.s${(j * 7 + turn) % 20}}`,
            },
          ]),
        ),
      ]),
    )
  const type = Object.fromEntries(
    range(60).map((i) => [
      `t${i}`,
      {
        $value: {
          fontFamily: ['Inter', 'sans-serif'],
          fontSize: `{size.n${10 + i}}`,
          fontWeight: 400 + (i % 5) * 100,
          letterSpacing: { value: 0, unit: 'px' },
          lineHeight: 1.5,
        },
      },
    ]),
  )
  return {
    file: 'big.resolver.json',
    document: {
      version: '2025.10',
      sets: {
        core: {
          sources: [
            {
              ramp: { $type: 'color', ...ramps },
              size: { $type: 'dimension', ...sizes },
              shadow: { $type: 'shadow', ...shadows },
              type: { $type: 'typography', ...type },
            },
          ],
        },
      },
      modifiers: {
        mode: {
          contexts: {
            light: [{ role: { $type: 'color', ...roles(0) } }],
            dark: [{ role: { $type: 'color', ...roles(13) } }],
          },
          default: 'light',
        },
      },
      resolutionOrder: [{ $ref: '#/sets/core' }, { $ref: '#/modifiers/mode' }],
    },
  }
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i)
}
