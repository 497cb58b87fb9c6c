import { expect, it } from 'vitest'
import { resolveTokens, toDeclarations } from './index.ts'

const px = (value: number) => ({ value, unit: 'px' })
const color = (colorSpace: string, ...components: unknown[]) => ({ colorSpace, components })

it.each<[type: string, value: unknown, css: string]>([
  ['color', '#abc', 'rgb(170 187 204)'],
  ['color', '#11223380', 'rgb(17 34 51 / 0.50196)'],
  ['color', { ...color('srgb', 0, 0.5, 1), hex: '#ffffff' }, 'rgb(0 127.5 255)'],
  ['color', color('srgb', 'none', 0.5, 1), 'color(srgb none 0.5 1)'],
  ['color', { ...color('oklch', 0.5, 0.1, 264), alpha: 0.25 }, 'oklch(0.5 0.1 264 / 0.25)'],
  ['color', color('hsl', 120, 50, 25), 'hsl(120 50% 25%)'],
  ['color', color('hwb', 120, 'none', 25), 'hwb(120 none 25%)'],
  ['color', color('lab', 50, -20, 30), 'lab(50 -20 30)'],
  ['color', color('display-p3', 1, 0, 0), 'color(display-p3 1 0 0)'],
  ['dimension', { value: 0.1 + 0.2, unit: 'rem' }, '0.3rem'],
  ['dimension', { value: 1e-9, unit: 'px' }, '0px'],
  ['dimension', { value: -0, unit: 'px' }, '0px'],
  ['dimension', '12.5px', '12.5px'],
  ['fontFamily', 'Inter', '"Inter"'],
  ['fontFamily', ['SF Pro', 'Ünicode Sans', 'sans-serif'], '"SF Pro", "Ünicode Sans", sans-serif'],
  ['fontWeight', 'semi-bold', '600'],
  ['fontWeight', 450, '450'],
  ['duration', { value: 0.2, unit: 's' }, '0.2s'],
  ['cubicBezier', [0.2, 0, 0, 1], 'cubic-bezier(0.2, 0, 0, 1)'],
  ['number', 1.25, '1.25'],
  ['strokeStyle', 'dotted', 'dotted'],
  ['strokeStyle', { dashArray: [px(1), px(2)], lineCap: 'round' }, 'dashed'],
  ['border', { color: '#000', width: px(1), style: 'solid' }, '1px solid rgb(0 0 0)'],
  [
    'transition',
    { duration: { value: 100, unit: 'ms' }, delay: { value: 0, unit: 'ms' }, timingFunction: [0, 0, 1, 1] },
    '100ms cubic-bezier(0, 0, 1, 1) 0ms',
  ],
  [
    'gradient',
    [
      { color: '#000', position: 0 },
      { color: '#fff', position: 2 },
    ],
    'rgb(0 0 0) 0%, rgb(255 255 255) 100%',
  ],
])('prints %s %o', (type, value, css) => {
  const { tokens, diagnostics } = resolveTokens([{ document: { t: { $type: type, $value: value } } }])
  expect(diagnostics).toEqual([])
  expect(toDeclarations(tokens)).toEqual([['--m-t', css]])
})

it('prints typography as one property per part', () => {
  const value = {
    fontFamily: 'Inter',
    fontSize: px(14),
    fontWeight: 400,
    letterSpacing: { value: 0.01, unit: 'em' },
    lineHeight: px(20),
  }
  const { tokens } = resolveTokens([{ document: { t: { $type: 'typography', $value: value } } }])
  expect(Object.fromEntries(toDeclarations(tokens))).toEqual({
    '--m-t-fontFamily': '"Inter"',
    '--m-t-fontSize': '14px',
    '--m-t-fontWeight': '400',
    '--m-t-letterSpacing': '0.01em',
    '--m-t-lineHeight': '20px',
  })
})

it.each<[type: string, value: unknown]>([
  ['color', 'red'],
  ['color', '#12'],
  ['color', color('srgb', 1.2, 0, 0)],
  ['color', color('srgb', 1, 0)],
  ['color', color('cmyk', 1, 0, 0)],
  ['color', { ...color('srgb', 0, 0, 0), alpha: 2 }],
  ['color', color('srgb', Number.NaN, 0, 0)],
  ['dimension', 4],
  ['dimension', '4vw'],
  ['dimension', { value: '4', unit: 'px' }],
  ['dimension', { value: Number.POSITIVE_INFINITY, unit: 'px' }],
  ['dimension', px(1e9)],
  ['fontFamily', []],
  ['fontFamily', Array(33).fill('a')],
  ['fontWeight', 'toString'],
  ['fontWeight', 1001],
  ['duration', { value: -1, unit: 'ms' }],
  ['cubicBezier', [2, 0, 0, 1]],
  ['cubicBezier', [0, 0, 1]],
  ['number', '1'],
  ['strokeStyle', 'wavy'],
  ['shadow', {}],
  ['border', null],
  ['typography', { fontFamily: 'Inter' }],
])('refuses %s %o', (type, value) => {
  const { tokens, diagnostics } = resolveTokens([{ document: { t: { $type: type, $value: value } } }])
  expect(tokens.size).toBe(0)
  expect(diagnostics).toMatchObject([{ code: 'TOKEN_INVALID' }])
})
