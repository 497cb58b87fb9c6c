import { describe, expect, it } from 'vitest'
import { baseSource } from '../base.ts'
import { composeTheme } from '../theme.ts'
import { parseText, readLocated } from './index.ts'

const theme = `{
  // comments and trailing commas are fine
  "color": {
    "$type": "color",
    "surface": { "page": { "$value": "rgb(1, 2, 3)" } },
    "text": {
      "default": { "$value": "{color.text.mutd}" },
      "mutde": { "$value": "#444" },
    },
    "accent": { "solid": { "$value": "{color.accent.solidHover}" }, "solidHover": { "$value": "{color.accent.solid}" } },
  },
  "space": { "2": { "$type": "dimension", "$value": "9pt" } },
  "radius": { "sm": { "$type": "dimention", "$value": { "value": 4, "unit": "px" } } },
}
`

async function read(text: string) {
  const located = await readLocated('theme.tokens.json', (path) =>
    path === 'theme.tokens.json' ? text : undefined,
  )
  const { diagnostics } = composeTheme(baseSource, located.source)
  return [...located.diagnostics, ...located.locate(diagnostics)]
}

describe('a located source', () => {
  it('names file, pointer, line, column and a hint of each fault', async () => {
    const found = (await read(theme)).map(({ code, file, pointer, line, column, hint }) => ({
      code,
      at: `${file}:${line}:${column} ${pointer}`,
      hint,
    }))
    expect(found).toEqual(
      expect.arrayContaining([
        {
          code: 'TOKEN_INVALID',
          at: 'theme.tokens.json:5:38 /color/surface/page/$value',
          hint: expect.stringContaining('colorSpace'),
        },
        {
          code: 'TOKEN_ALIAS_UNKNOWN',
          at: 'theme.tokens.json:7:30 /color/text/default/$value',
          hint: expect.stringMatching(/Did you mean \{color\.text\.mut/),
        },
        {
          code: 'TOKEN_UNKNOWN',
          at: 'theme.tokens.json:8:7 /color/text/mutde',
          hint: 'Did you mean color.text.muted?',
        },
        {
          code: 'TOKEN_ALIAS_CYCLE',
          at: expect.stringMatching(/^theme\.tokens\.json:10:/),
          hint: 'Give one of the tokens in the circle a value of its own.',
        },
        {
          code: 'TOKEN_INVALID',
          at: 'theme.tokens.json:12:53 /space/2/$value',
          hint: 'Lengths are in px or rem.',
        },
        {
          code: 'TOKEN_INVALID',
          at: 'theme.tokens.json:13:32 /radius/sm/$type',
          hint: 'Did you mean "dimension"?',
        },
      ]),
    )
  })

  it('loads what stands around a fault of the text', async () => {
    const broken =
      '{ "color": { "$type": "color"\n "surface": { "page": { "$value": "#101010" } },\n "text": { "default": { "$value": } } }'
    const located = await readLocated('t.json', () => broken)
    expect(located.diagnostics.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '2 A comma is missing before this.',
      '3 A value is missing.',
      '3 A closing brace } is missing.',
    ])
    expect(composeTheme(baseSource, located.source).modes).toEqual(['dark'])
  })

  it('names aliases that point at deprecated tokens, with the reason', async () => {
    const text = `{
      "old": { "$deprecated": "Use fresh.", "a": { "$type": "color", "$value": "#111" }, "b": { "$value": "{old.a}" } },
      "fresh": { "$type": "color", "$value": "#222" },
      "color": { "text": { "default": { "$value": "{old.a}" }, "muted": { "$value": "{fresh}" } } },
      "shadow": { "raised": { "$type": "shadow", "$value": { "color": { "$ref": "#/old/a" } } } }
    }`
    const { diagnostics } = await readLocated('t.json', () => text)
    expect(diagnostics.map(({ code, pointer, line, message }) => [code, pointer, line, message])).toEqual([
      ['TOKEN_DEPRECATED', '/color/text/default/$value', 4, '{old.a} is deprecated. Use fresh.'],
      ['TOKEN_DEPRECATED', '/shadow/raised/$value/color', 5, '{old.a} is deprecated. Use fresh.'],
    ])
  })

  it('points into the files of a resolver document', async () => {
    const texts: Record<string, string> = {
      'a/theme.resolver.json':
        '{"sets":{"s":{"sources":[{"$ref":"./x.tokens.json"},\n{"$ref":"./y.tokens.json"}]}},"resolutionOrder":[{"$ref":"#/sets/s"}]}',
      'a/x.tokens.json': '{"radius":{"$type":"dimension",\n"sm":{"$value":{"value":"4","unit":"px"}}}}',
    }
    const located = await readLocated('a/theme.resolver.json', async (path) => texts[path])
    expect(located.diagnostics[0]).toMatchObject({
      file: 'y.tokens.json',
      hint: expect.stringContaining('Add the file'),
    })
    const composed = located.locate(composeTheme(baseSource, located.source).diagnostics)
    expect(composed).toContainEqual(
      expect.objectContaining({
        file: 'x.tokens.json',
        line: 2,
        column: 25,
        hint: 'Write numbers without quotes.',
      }),
    )
    expect(composed).toContainEqual(expect.objectContaining({ file: 'a/theme.resolver.json', line: 2 }))
  })
})

describe('a text', () => {
  it('reports a name that is there twice, and reads the last one', () => {
    const { value, diagnostics, positionOf } = parseText('{"a":1,\n"a":2}')
    expect(positionOf('/a')).toEqual({ line: 2, column: 5 })
    expect(value).toEqual({ a: 2 })
    expect(diagnostics).toMatchObject([{ pointer: '/a', line: 2, column: 1 }])
  })

  it('counts lines of every kind and skips a byte order mark', () => {
    const { value, positionOf } = parseText('\uFEFF{\r\n"a":\r{\n"b": true}}')
    expect(value).toEqual({ a: { b: true } })
    expect(positionOf('/a/b')).toEqual({ line: 4, column: 6 })
    expect(positionOf('/a/missing/deep')).toEqual({ line: 2, column: 1 })
  })

  it('refuses nesting that would exhaust the stack, and survives garbage', () => {
    expect(parseText('['.repeat(100_000)).diagnostics[0]?.message).toContain('Nested deeper')
    const hidden = `${'/* " */ ['.repeat(50_000)}`
    expect(parseText(hidden).diagnostics[0]?.message).toContain('Nested deeper')
    for (const text of ['', 'x', '{', '}', '"', '{"a"', '[,]', '\u0000', '{"a":1}{"b":2}', '/*', 'null'])
      expect(() => parseText(text)).not.toThrow()
    expect(parseText(`{${'"a":,'.repeat(1_000)}}`).diagnostics.length).toBe(50)
  })

  it('keeps __proto__ a plain name', () => {
    const { value } = parseText('{"__proto__":{"polluted":true}}')
    expect(Object.hasOwn(value as object, '__proto__')).toBe(true)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})
