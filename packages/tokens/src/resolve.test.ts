import { describe, expect, it } from 'vitest'
import { resolveTokens, toDeclarations } from './index.ts'

function load(...documents: unknown[]) {
  const set = resolveTokens(documents.map((document, i) => ({ document, file: `${i}.json` })))
  return { ...set, css: Object.fromEntries(toDeclarations(set.tokens)) }
}

const px = (value: number) => ({ value, unit: 'px' })
const red = { colorSpace: 'srgb', components: [1, 0, 0] }

describe('groups', () => {
  it('gives tokens the type of the nearest group', () => {
    const { css, diagnostics } = load({
      $type: 'number',
      a: { $value: 1 },
      size: { $type: 'dimension', deep: { er: { $value: px(4) } } },
    })
    expect(css).toEqual({ '--m-a': '1', '--m-size-deep-er': '4px' })
    expect(diagnostics).toEqual([])
  })

  it('names a $root token like its group and finds it by the name of the group', () => {
    const { css } = load({
      brand: { $type: 'color', $root: { $value: red }, dim: { $value: '#00f' } },
      link: { $value: '{brand}' },
    })
    expect(css).toEqual({
      '--m-brand': 'rgb(255 0 0)',
      '--m-brand-dim': 'rgb(0 0 255)',
      '--m-link': 'rgb(255 0 0)',
    })
  })

  it('lets a group extend another and override part of it', () => {
    const { css, diagnostics } = load({
      button: { $type: 'dimension', pad: { $value: px(4) }, gap: { $value: px(8) } },
      large: { $extends: '{button}', pad: { $value: px(12) } },
      same: { $extends: '#/button' },
    })
    expect(diagnostics).toEqual([])
    expect(css).toMatchObject({ '--m-large-pad': '12px', '--m-large-gap': '8px', '--m-same-gap': '8px' })
  })

  it('reports groups that extend each other or themselves', () => {
    const { diagnostics } = load({
      a: { $extends: '{b}' },
      b: { $extends: '{a}' },
      c: { $extends: '{c}' },
      d: { $extends: '{nowhere}' },
      e: { inner: { $extends: '{e}' } },
    })
    expect(
      diagnostics.filter(({ code }) => code === 'TOKEN_ALIAS_CYCLE').map(({ pointer }) => pointer),
    ).toEqual(expect.arrayContaining(['/a/$extends', '/c/$extends']))
    expect(diagnostics.find(({ pointer }) => pointer === '/d/$extends')?.code).toBe('TOKEN_ALIAS_UNKNOWN')
  })
})

describe('aliases', () => {
  it('are followed through chains, into composites and by JSON pointer', () => {
    const { css, diagnostics } = load({
      $schema: 'https://example.org/ignored',
      ink: { $type: 'color', $value: red },
      soft: { $value: '{ink}' },
      softer: { $value: { $ref: '#/soft/$value' } },
      softest: { $ref: '#/softer' },
      half: {
        $type: 'color',
        $value: {
          colorSpace: 'srgb',
          components: [{ $ref: '#/ink/$value/components/0' }, 0.5, 0],
          alpha: 0.5,
        },
      },
      lift: {
        $type: 'shadow',
        $value: [
          { color: '{softest}', offsetX: px(0), offsetY: '{one}', blur: px(2), spread: px(0) },
          '{glow}',
        ],
      },
      glow: { $type: 'shadow', $value: { color: '#0f08', offsetX: px(0), offsetY: px(0), inset: true } },
      one: { $type: 'dimension', $value: px(1) },
    })
    expect(diagnostics).toEqual([])
    expect(css['--m-softest']).toBe('rgb(255 0 0)')
    expect(css['--m-half']).toBe('rgb(255 127.5 0 / 0.5)')
    expect(css['--m-lift']).toBe('0px 1px 2px 0px rgb(255 0 0), inset 0px 0px 0px 0px rgb(0 255 0 / 0.53333)')
  })

  it('take their values from the last file that sets the target', () => {
    const base = { accent: { $type: 'color', $value: red }, link: { $value: '{accent}' } }
    expect(load(base, { accent: { $type: 'color', $value: '#00f' } }).css['--m-link']).toBe('rgb(0 0 255)')
  })

  it('that point nowhere are reported and left out', () => {
    const { css, diagnostics } = load({ a: { $value: '{b.c}' }, d: { $type: 'number', $value: 1 } })
    expect(css).toEqual({ '--m-d': '1' })
    expect(diagnostics).toEqual([
      { code: 'TOKEN_ALIAS_UNKNOWN', pointer: '/a/$value', message: '{b.c} does not exist.', file: '0.json' },
    ])
  })

  it('in a circle are reported once with the whole path', () => {
    const { css, diagnostics } = load({
      a: { $value: '{b}' },
      b: { $value: '{c.d}' },
      c: { d: { $value: '{a}' } },
      ok: { $type: 'number', $value: 2 },
    })
    expect(css).toEqual({ '--m-ok': '2' })
    const cycles = diagnostics.filter(({ code }) => code === 'TOKEN_ALIAS_CYCLE')
    expect(cycles).toHaveLength(1)
    expect(cycles[0]).toMatchObject({
      message: 'Aliases form a circle: a → b → c.d → a.',
      pointer: '/c/d/$value',
    })
  })

  it('in a circle fall back to what lower files say, also where those swap roles', () => {
    const base = { a: { $type: 'number', $value: 1 }, b: { $value: '{a}' } }
    const { css, diagnostics } = load(base, { a: { $value: '{b}' }, b: { $value: '{a}' } })
    expect(css).toEqual({ '--m-a': '1', '--m-b': '1' })
    expect(diagnostics.map(({ code }) => code)).toEqual(['TOKEN_ALIAS_CYCLE'])
  })

  it('in a circle fall back on every member, whichever comes first', () => {
    const base = { a: { $type: 'number', $value: 1 }, b: { $type: 'number', $value: 2 } }
    const { css } = load(base, { a: { $value: '{b}' }, b: { $value: '{a}' } })
    expect(css).toEqual({ '--m-a': '1', '--m-b': '2' })
  })

  it('of another type than declared are refused', () => {
    const { diagnostics } = load({
      a: { $type: 'number', $value: 1 },
      b: { $type: 'dimension', $value: '{a}' },
      c: { $type: 'border', $value: { color: '{a}', width: px(1), style: 'solid' } },
    })
    expect(diagnostics.map(({ pointer, message }) => [pointer, message])).toEqual([
      ['/b/$value', '{a} is a number, not a dimension.'],
      ['/c/$value/color', '{a} is a number, not a color.'],
    ])
  })

  it('longer than the limit end in a diagnostic, not in a stack overflow', () => {
    const document: Record<string, unknown> = { t4000: { $type: 'number', $value: 1 } }
    for (let i = 0; i < 4000; i++) document[`t${i}`] = { $value: `{t${i + 1}}` }
    const { diagnostics } = load(document)
    expect(diagnostics.some(({ message }) => message.includes('chain longer than 64'))).toBe(true)
  })

  it('cannot be multiplied into a value that fills the memory', () => {
    const document: Record<string, unknown> = { s0: { $type: 'shadow', $value: [{ $ref: '#/s1/$value/0' }] } }
    for (let i = 1; i < 6; i++) {
      document[`s${i}`] = { $type: 'shadow', $value: [Array(30).fill({ $ref: `#/s${i + 1}/$value/0` })] }
    }
    document.s6 = { $type: 'shadow', $value: [[1]] }
    const { tokens, diagnostics } = load(document)
    expect(tokens.size).toBe(0)
    expect(diagnostics.filter(({ message }) => message.includes('too large')).length).toBeGreaterThan(2)
  })
})

describe('broken files', () => {
  it.each([null, 1, 'text', [], undefined])('of %o give one diagnostic and no tokens', (document) => {
    const { tokens, diagnostics } = load(document)
    expect(tokens.size).toBe(0)
    expect(diagnostics).toEqual([expect.objectContaining({ code: 'TOKEN_FILE_INVALID', pointer: '' })])
  })

  it('load as far as they mean something', () => {
    const { css, diagnostics } = load({
      good: { $type: 'dimension', $value: px(1) },
      noType: { $value: px(2) },
      noMeaning: { $value: 'x' },
      oddType: { $type: 'string', $value: '{good}' },
      wrongUnit: { $type: 'dimension', $value: { value: 1, unit: 'dp' } },
      notANode: 3,
      empty: { $type: 'color' },
      both: { $type: 'number', $value: 1, child: { $value: 2 } },
      'a/b~c': { $type: 'number', $value: 'x' },
    })
    expect(css).toEqual({ '--m-good': '1px', '--m-noType': '2px', '--m-oddType': '1px', '--m-both': '1' })
    expect(diagnostics.map(({ pointer }) => pointer)).toEqual([
      '/notANode',
      '/both/child',
      '/noType/$type',
      '/noMeaning/$type',
      '/wrongUnit/$value/unit',
      '/a~1b~0c/$value',
    ])
  })

  it('keep the lower value where a higher one is broken', () => {
    const { css, diagnostics } = load(
      { a: { $type: 'number', $value: 1 } },
      { a: { $type: 'number', $value: 'x' } },
    )
    expect(css).toEqual({ '--m-a': '1' })
    expect(diagnostics[0]).toMatchObject({ file: '1.json', pointer: '/a/$value' })
  })

  it('stop at the limits of depth and number', () => {
    const deep: Record<string, unknown> = {}
    let at = deep
    for (let i = 0; i < 5_000; i++) at = at.g = {} as Record<string, unknown>
    at.t = { $type: 'number', $value: 1 }
    expect(load(deep)).toMatchObject({ diagnostics: [{ code: 'TOKEN_FILE_INVALID' }] })

    const many = Object.fromEntries(
      Array.from({ length: 6_000 }, (_, i) => [`t${i}`, { $type: 'number', $value: i }]),
    )
    const { tokens, diagnostics } = load(many)
    expect(tokens.size).toBe(5_000)
    expect(diagnostics).toMatchObject([{ code: 'TOKEN_FILE_INVALID' }])
  })

  it.each([{}, { t: { $type: 'number', $value: 1 } }])(
    'cannot grow without end through $extends of %o',
    (g0) => {
      const document: Record<string, unknown> = { g0 }
      for (let i = 1; i < 40; i++) {
        document[`g${i}`] = { a: { $extends: `{g${i - 1}}` }, b: { $extends: `{g${i - 1}}` } }
      }
      const { tokens, diagnostics } = load(document)
      expect(tokens.size).toBeLessThanOrEqual(5_000)
      expect(diagnostics.some(({ code }) => code === 'TOKEN_FILE_INVALID')).toBe(true)
    },
  )
})
