import type { RJSFSchema } from '@rjsf/utils'

type Schema = RJSFSchema | boolean

/**
 * Whether a value fits the parts of a schema that decide which fields are drawn:
 * types, constants, required names and their combinations. Everything else is
 * left to the server, which has the full validator.
 */
export function fits(schema: Schema, value: unknown, root: RJSFSchema, depth = 0): boolean {
  if (typeof schema === 'boolean') return schema
  if (depth > 32) return true
  const inner = (each: Schema, of: unknown = value) => fits(each, of, root, depth + 1)
  const { const: constant, allOf, anyOf, oneOf, not, required, properties } = schema
  if (typeof schema.$ref === 'string') {
    const target = resolve(root, schema.$ref)
    if (target !== undefined && !inner(target)) return false
  }
  if (schema.type !== undefined && value !== undefined && !hasType(schema.type, value)) return false
  if (constant !== undefined && !isSame(constant, value)) return false
  if (Array.isArray(schema.enum) && value !== undefined && !schema.enum.some((each) => isSame(each, value))) {
    return false
  }
  if (isObject(value)) {
    if (Array.isArray(required) && required.some((name) => value[name] === undefined)) return false
    for (const [name, property] of Object.entries(properties ?? {})) {
      if (value[name] !== undefined && !inner(property as Schema, value[name])) return false
    }
  }
  if (allOf && !allOf.every((each) => inner(each as Schema))) return false
  if (anyOf && !anyOf.some((each) => inner(each as Schema))) return false
  if (oneOf && oneOf.filter((each) => inner(each as Schema)).length !== 1) return false
  return !(not && inner(not as Schema))
}

/** Whether a value has one of JSON Schema's types. */
export function hasType(type: RJSFSchema['type'], value: unknown): boolean {
  const types = Array.isArray(type) ? type : [type]
  return types.some((each) => {
    if (each === 'null') return value === null
    if (each === 'array') return Array.isArray(value)
    if (each === 'object') return isObject(value)
    if (each === 'integer') return Number.isInteger(value)
    if (each === 'number') return typeof value === 'number' && Number.isFinite(value)
    return typeof value === each
  })
}

function resolve(root: RJSFSchema, ref: string): Schema | undefined {
  if (!ref.startsWith('#/')) return undefined
  let at: unknown = root
  for (const token of ref.slice(2).split('/')) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~')
    if (!isObject(at) || !Object.hasOwn(at, key)) return undefined
    at = at[key]
  }
  return at as Schema
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
