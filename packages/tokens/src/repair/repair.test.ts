import { describe, expect, it } from 'vitest'
import { baseSource } from '../base.ts'
import { apcaContrast, checkTheme, checkTokens } from '../gate/index.ts'
import { composeTheme } from '../theme.ts'
import type { Color, TokenSource } from '../types.ts'
import { deltaE, hexOf, lookAlikes, repairTheme, simulateVision } from './index.ts'

function hex(text: string): Color {
  const [r = 0, g = 0, b = 0] = text.match(/\w\w/g)!.map((pair) => Number.parseInt(pair, 16) / 255)
  return { space: 'srgb', components: [r, g, b], alpha: 1 }
}

function nested(path: string, token: unknown): unknown {
  return path.split('.').reduceRight((inner, name) => ({ [name]: inner }), token)
}

const faint: TokenSource = {
  file: 'theme.tokens.json',
  document: {
    $description: 'kept',
    palette: { grey: { $type: 'color', $value: '#9aa0a6' } },
    color: {
      $type: 'color',
      surface: { page: { $value: '#fafafa' } },
      text: { muted: { $value: '{palette.grey}', $description: 'kept too' } },
    },
  },
}

describe('the gate', () => {
  it('agrees with the published numbers of APCA', () => {
    const cases = [
      ['888888', 'ffffff', 63.056469930209424],
      ['ffffff', '888888', -68.54146436644962],
      ['000000', 'aaaaaa', 58.146262578561334],
      ['aaaaaa', '000000', -56.24113336839742],
      ['112233', 'ddeeff', 91.66830811481631],
      ['ddeeff', '112233', -93.06770049484275],
      ['112233', '112233', 0],
    ] as const
    for (const [text, ground, expected] of cases) {
      expect(apcaContrast(hex(text), hex(ground)), `${text} on ${ground}`).toBeCloseTo(expected, 8)
    }
  })

  it('names the role, the component and the measure of a failing pair', () => {
    const { failures, passes } = checkTheme(composeTheme(baseSource, faint))
    expect(passes).toBe(false)
    expect(failures.every(({ foreground }) => foreground === 'color.text.muted')).toBe(true)
    expect(failures).toContainEqual(
      expect.objectContaining({
        background: 'color.surface.page',
        use: 'secondary text, labels',
        leastRatio: 4.5,
        standards: ['wcag'],
        ratio: expect.closeTo(2.52, 1),
      }),
    )
    expect(failures[0]?.contexts).toContainEqual({
      mode: 'light',
      contrast: 'normal',
      density: 'compact',
      motion: 'reduced',
      direction: 'ltr',
      brand: '',
    })
  })

  it('fails a pair that only APCA finds too weak', () => {
    const dark = composeTheme(baseSource, {
      document: {
        color: {
          $type: 'color',
          surface: { page: { $value: '#343434' } },
          text: { default: { $value: '#9a9a9a' } },
        },
      },
    })
    const found = checkTokens(dark.resolve(), 'normal')
    expect(
      found.map(({ foreground, background, standards }) => [foreground, background, ...standards]),
    ).toContainEqual(['color.text.default', 'color.surface.raised', 'apca'])
  })
})

describe('repair', () => {
  it('changes only what fails, as little as it takes, in the file itself', () => {
    const { repairs, source, after } = repairTheme(baseSource, faint)
    expect(after.passes).toBe(true)
    expect(repairs.map(({ path, context }) => `${path} ${context}`)).toEqual(['color.text.muted light'])
    const [repair] = repairs
    expect(hexOf(repair!.before)).toBe('#9aa0a6')
    expect(repair!.deltaE).toBeCloseTo(deltaE(repair!.before, repair!.after), 6)
    expect(repair!.deltaE).toBeLessThan(0.2)
    expect(repair!.pairs.map(({ background }) => background)).toContain('color.surface.sunken')
    expect(source.document).toMatchObject({
      $description: 'kept',
      color: {
        text: { muted: { $description: 'kept too', $value: { colorSpace: 'oklch' } } },
        surface: { page: { $value: '#fafafa' } },
      },
    })
    // One step lighter fails again: there is no smaller change along lightness.
    const [l = 0, c = 0, h = 0] = repair!.after.components.map(Number)
    const lighter = composeTheme(baseSource, {
      document: {
        color: {
          $type: 'color',
          surface: { page: { $value: '#fafafa' } },
          text: { muted: { $value: { colorSpace: 'oklch', components: [l + 0.004, c, h] } } },
        },
      },
    })
    expect(checkTheme(lighter).passes).toBe(false)
  })

  it('leaves a theme that passes as it is', () => {
    const source = { document: { radius: { sm: { $type: 'dimension', $value: '2px' } } } }
    const result = repairTheme(baseSource, source)
    expect(result.repairs).toEqual([])
    expect(result.source).toBe(source)
  })

  it('repairs each mode of a resolver document on its own', () => {
    const mode = (page: string, text: string) => [
      { color: { $type: 'color', surface: { page: { $value: page } }, text: { muted: { $value: text } } } },
    ]
    const source: TokenSource = {
      file: 'r.json',
      document: {
        modifiers: {
          mode: { contexts: { light: mode('#ffffff', '#aaaaaa'), dark: mode('#111111', '#444444') } },
        },
        resolutionOrder: [{ $ref: '#/modifiers/mode' }],
      },
    }
    const { repairs, after, source: repaired, theme } = repairTheme(baseSource, source)
    expect(repairs.map(({ path, context }) => `${path} ${context}`).sort()).toEqual([
      'color.text.muted dark',
      'color.text.muted light',
    ])
    expect(after.failures).toEqual([])
    expect(theme.modes).toEqual(['light', 'dark'])
    expect(source.document).not.toEqual(repaired.document)
  })

  it('gives a file for both modes a resolver document with a color for each', () => {
    const source = {
      file: 'both.tokens.json',
      document: { color: { text: { muted: { $type: 'color', $value: '#777777' } } } },
    }
    const { after, source: repaired, theme } = repairTheme(baseSource, source)
    expect(after.passes).toBe(true)
    expect(theme.modes).toEqual(['light', 'dark'])
    expect(repaired.files).toEqual({ 'both.tokens.json': source.document })
  })

  it('follows aliases: a changed role carries on to the roles that point at it', () => {
    const source = {
      document: {
        color: {
          $type: 'color',
          surface: { page: { $value: '#ffffff' } },
          accent: { text: { $value: '#ffe680' }, solid: { $value: '{color.accent.text}' } },
          text: { link: { $value: '{color.accent.text}' } },
          chart: { 1: { $value: '{color.accent.solid}' } },
        },
      },
    }
    expect(repairTheme(baseSource, source).after.failures).toEqual([])
  })

  it('goes on where a change carries over an alias and breaks what passed before', () => {
    const source = {
      document: {
        color: {
          $type: 'color',
          surface: { page: { $value: '#ffffff' } },
          accent: {
            text: { $value: '#b9c7ff' },
            solid: { $value: '#1f2a6b' },
            solidHover: { $value: '#151d4d' },
          },
          text: { onAccent: { $value: '{color.accent.text}' } },
          status: Object.fromEntries(
            ['success', 'warning', 'danger', 'info'].map((name) => [name, { solid: { $value: '#1f2a6b' } }]),
          ),
        },
      },
    }
    const { after, repairs, before } = repairTheme(baseSource, source)
    expect(before.failures.map(({ foreground }) => foreground)).not.toContain('color.text.onAccent')
    expect(after.failures).toEqual([])
    expect(repairs.map(({ path }) => path)).toContain('color.text.onAccent')
  })

  it.each([
    ['density', ['cosy', 'compact'], 'color.text.muted'],
    ['motion', ['full', 'reduced'], 'color.text.subtle'],
    ['direction', ['ltr', 'rtl'], 'color.text.link'],
    ['brand', ['oak', 'ash'], 'color.text.default'],
  ] as const)(
    'repairs a color that only a context of %s sets, in that context',
    (axis, [first, second], path) => {
      const source: TokenSource = {
        file: 'theme.resolver.json',
        files: {
          'all.json': { color: { $type: 'color', surface: { page: { $value: '#fafafa' } } } },
          'other.json': nested(path, { $type: 'color', $value: '#c9ccd1' }),
        },
        document: {
          version: '2025.10',
          sets: { all: { sources: [{ $ref: './all.json' }] } },
          modifiers: {
            [axis]: { contexts: { [first]: [], [second]: [{ $ref: './other.json' }] }, default: first },
          },
          resolutionOrder: [{ $ref: '#/sets/all' }, { $ref: `#/modifiers/${axis}` }],
        },
      }
      const { before, after, repairs, theme } = repairTheme(baseSource, source)
      expect(before.failures.filter(({ foreground }) => foreground === path).length).toBeGreaterThan(0)
      expect(after.failures).toEqual([])
      expect(repairs.find((one) => one.context === `${axis}:${second}`)).toMatchObject({ path })
      // The other context keeps the color it has.
      const original = composeTheme(baseSource, source)
      expect(theme.resolve({ [axis]: first }).get(path)?.value).toEqual(
        original.resolve({ [axis]: first }).get(path)?.value,
      )
    },
  )

  it('finds one color of a brand for light and dark', () => {
    const source: TokenSource = {
      file: 'theme.resolver.json',
      files: { 'ash.json': nested('color.accent.solid', { $type: 'color', $value: '#e8e2f8' }) },
      document: {
        version: '2025.10',
        modifiers: { brand: { contexts: { oak: [], ash: [{ $ref: './ash.json' }] }, default: 'oak' } },
        resolutionOrder: [{ $ref: '#/modifiers/brand' }],
      },
    }
    const { before, after } = repairTheme(baseSource, source)
    expect(before.failures.length).toBeGreaterThan(4)
    expect(after.failures).toEqual([])
  })

  it('repairs colors of spaces that the gate cannot measure', () => {
    const wide = { colorSpace: 'rec2020', components: [0.1, 0.3, 0.1] }
    const source = { document: { color: { text: { link: { $type: 'color', $value: wide } } } } }
    expect(checkTheme(composeTheme(baseSource, source)).passes).toBe(false)
    const { after, repairs } = repairTheme(baseSource, source)
    expect(after.passes).toBe(true)
    expect(
      Math.max(...repairs.filter(({ context }) => context === 'light').map((one) => one.deltaE)),
    ).toBeLessThan(0.2)
  })
})

describe('color vision', () => {
  it('shows red and green alike to who cannot see green, and blue apart', () => {
    const [red, green, blue] = [hex('c83232'), hex('5a8a14'), hex('2850c8')].map((c) =>
      simulateVision(c, 'deutan'),
    )
    expect(deltaE(red!, green!)).toBeLessThan(deltaE(hex('c83232'), hex('5a8a14')) / 2)
    expect(deltaE(red!, blue!)).toBeGreaterThan(0.2)
    expect(deltaE(simulateVision(hex('c83232'), 'protan', 0), hex('c83232'))).toBeLessThan(0.01)
  })

  it('finds chart colors that look alike', () => {
    const theme = composeTheme(baseSource, {
      document: { color: { chart: { $type: 'color', 1: { $value: '#c83232' }, 2: { $value: '#7a7014' } } } },
    })
    const found = lookAlikes(theme.resolve(), 0.09)
    expect(found).toContainEqual(expect.objectContaining({ roles: ['color.chart.1', 'color.chart.2'] }))
  })
})
