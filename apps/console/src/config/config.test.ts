import { describe, expect, it } from 'vitest'
import { fits } from './fits.ts'
import { coveredSecret, hasFields, keepSecrets, normalizeSchema, uiSchemaOf } from './schema.ts'
import { check, toErrorTree, validator } from './validator.ts'

describe('a configSchema of a plugin', () => {
  it('means a choice by type "enum"', () => {
    const schema = normalizeSchema({ properties: { level: { type: 'enum', enum: ['low', 'high'] } } })
    expect(schema).toEqual({
      type: 'object',
      properties: { level: { type: 'string', enum: ['low', 'high'] } },
    })
  })
  it('keeps data that looks like a schema', () => {
    const schema = normalizeSchema({ properties: { a: { default: { type: 'enum', required: true } } } })
    expect(schema.properties?.a).toEqual({ default: { type: 'enum', required: true } })
  })
  it('drops a required mark on a single field', () => {
    expect(normalizeSchema({ properties: { a: { type: 'string', required: true } } }).properties?.a).toEqual({
      type: 'string',
    })
  })
  it('has no fields where it is missing or empty', () => {
    expect(hasFields(undefined)).toBe(false)
    expect(hasFields({ type: 'object', properties: {} })).toBe(false)
    expect(hasFields({ properties: { a: {} } })).toBe(true)
  })
  it('masks passwords and fields named like secrets, at every depth', () => {
    const ui = uiSchemaOf({
      properties: {
        pin: { type: 'string', format: 'password' },
        code: { type: 'string', writeOnly: true },
        smtp: { type: 'object', properties: { apiKey: { type: 'string' }, host: { type: 'string' } } },
      },
    })
    expect(ui).toEqual({
      pin: { 'ui:widget': 'password' },
      code: { 'ui:widget': 'password' },
      smtp: { apiKey: { 'ui:widget': 'password' }, host: {} },
    })
  })
})

describe('a saved secret', () => {
  const before = { key: coveredSecret, smtp: { host: 'a', password: coveredSecret } }
  it('stays where its field was left empty, at every depth', () => {
    expect(keepSecrets({ smtp: { host: 'b' } }, before)).toEqual({
      key: coveredSecret,
      smtp: { host: 'b', password: coveredSecret },
    })
  })
  it('gives way to a new one', () => {
    expect(keepSecrets({ key: 'new', smtp: {} }, before).key).toBe('new')
  })
})

describe('the check before the server is asked', () => {
  const schema = {
    type: 'object' as const,
    required: ['url'],
    properties: {
      url: { type: 'string' as const },
      size: { type: 'integer' as const },
      list: { type: 'array' as const, items: { type: 'number' as const } },
    },
  }
  it('finds missing fields and wrong types, each with its place', () => {
    expect(check(schema, { url: '', size: 1.5, list: [1, 'x'] }, '')).toEqual([
      { pointer: '/url', message: 'is required.' },
      { pointer: '/size', message: 'must be a whole number.' },
      { pointer: '/list/1', message: 'must be a number.' },
    ])
  })
  it('accepts what fits', () => {
    expect(validator.validateFormData({ url: 'x', size: 2 }, schema).errors).toEqual([])
  })
  it('puts the issues of the server at their fields', () => {
    expect(
      toErrorTree([
        { pointer: '/a~1b/0', message: 'is wrong.' },
        { pointer: '', message: 'is odd.' },
      ]),
    ).toEqual({ __errors: ['This is odd.'], 'a/b': { 0: { __errors: ['This is wrong.'] } } })
  })
  it('is not fooled by names of built-in properties', () => {
    const tree = toErrorTree([{ pointer: '/__proto__/polluted', message: 'x' }])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(Object.keys(tree)).toEqual(['__proto__'])
  })
})

describe('which branch of a schema fits', () => {
  it('is decided by constants and required names', () => {
    const schema = {
      oneOf: [{ properties: { kind: { const: 'a' } }, required: ['kind'] }, { required: ['other'] }],
    }
    expect(fits(schema, { kind: 'a' }, schema)).toBe(true)
    expect(fits(schema, { kind: 'b' }, schema)).toBe(false)
  })
  it('follows references inside the schema and survives circles', () => {
    const root = { $ref: '#/definitions/a', definitions: { a: { $ref: '#/definitions/a' } } }
    expect(fits(root, 1, root)).toBe(true)
  })
})
