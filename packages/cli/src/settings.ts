import { UsageError } from './describe-error.ts'

export interface Setting {
  readonly path: readonly string[]
  readonly value: unknown
}

/**
 * Reads `key=value`. The plugin's schema says what the value is: a text stays as
 * it is typed, anything else is JSON. `a.b=…` reaches into an object.
 *
 * @throws `USAGE` where it is not `key=value`, the schema has no such setting, or
 * the value does not fit its type.
 */
export function readSetting(text: string, schema: unknown): Setting {
  const at = text.indexOf('=')
  if (at < 1) throw new UsageError(`"${text}" is not a setting. Write --set key=value.`)
  const key = text.slice(0, at)
  const typed = text.slice(at + 1)
  // A key that the schema has as a whole may hold dots itself.
  const path = property(schema, key) ? [key] : key.split('.')
  requireKnown(schema, path[0] ?? key)
  const type = path.reduce<unknown>(property, schema)
  return { path, value: readValue(key, typed, (type as { type?: unknown } | undefined)?.type) }
}

/** A copy of the values with one set. Objects on the way are made. */
export function setValue(
  values: Record<string, unknown>,
  [head = '', ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const inner = Object.hasOwn(values, head) ? values[head] : undefined
  return {
    ...values,
    [head]: rest.length === 0 ? value : setValue(isRecord(inner) ? inner : {}, rest, value),
  }
}

/** A misspelled setting would be kept and never read. */
function requireKnown(schema: unknown, key: string): void {
  if (!isRecord(schema) || !isRecord(schema.properties) || schema.additionalProperties === true) return
  if (Object.hasOwn(schema.properties, key)) return
  throw new UsageError(`There is no setting ${key}. There are ${Object.keys(schema.properties).join(', ')}.`)
}

function readValue(key: string, typed: string, type: unknown): unknown {
  if (type === 'string' || type === 'enum') return typed
  try {
    const value: unknown = JSON.parse(typed)
    // Without a type, `5` and `true` are what they look like and the rest is text.
    return type !== undefined || typeof value !== 'object' ? value : typed
  } catch {
    if (type === undefined || Array.isArray(type)) return typed
    throw new UsageError(`${key} must be ${String(type)} written as JSON, not '${typed}'.`)
  }
}

function property(schema: unknown, key: string): unknown {
  const properties = isRecord(schema) ? schema.properties : undefined
  return isRecord(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
