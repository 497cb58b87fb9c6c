import type { RJSFSchema, UiSchema } from '@rjsf/utils'

type JsonObject = Readonly<Record<string, unknown>>

const secretName = /secret|passw(or)?d|passphrase|token|api_?key|private_?key|access_?key|credential/i

/** What the server shows instead of a secret. Sent back unchanged, it keeps the secret. */
export const coveredSecret = '***REDACTED***'

/** Whether a schema describes any field. Without one people edit JSON. */
export function hasFields(schema: JsonObject | undefined): schema is JsonObject {
  return isObject(schema?.properties) && Object.keys(schema.properties).length > 0
}

/**
 * A plugin's `configSchema` as JSON Schema. Plugins write `type: "enum"` and
 * `required: true` on single fields, neither of which means anything there.
 */
export function normalizeSchema(schema: JsonObject): RJSFSchema {
  const normal = normalize(schema) as RJSFSchema
  return isObject(normal.properties) && normal.type === undefined ? { ...normal, type: 'object' } : normal
}

/** How fields are drawn, where the schema says more than its type does. */
export function uiSchemaOf(schema: RJSFSchema): UiSchema {
  const ui: UiSchema = {}
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (!isObject(property)) continue
    const field = property as RJSFSchema
    const widget = widgetOf(name, field)
    ui[name] = {
      ...(widget ? { 'ui:widget': widget } : {}),
      ...uiSchemaOf(field),
      ...(isObject(field.items) ? { items: uiSchemaOf(field.items as RJSFSchema) } : {}),
    }
  }
  return ui
}

/** A secret field that was emptied and not filled again keeps what the server has. */
export function keepSecrets(values: JsonObject, before: JsonObject): Record<string, unknown> {
  const kept: Record<string, unknown> = { ...values }
  for (const [name, old] of Object.entries(before)) {
    const value = kept[name]
    if (old === coveredSecret && value === undefined) kept[name] = coveredSecret
    else if (isObject(old) && isObject(value)) kept[name] = keepSecrets(value, old)
  }
  return kept
}

function widgetOf(name: string, field: RJSFSchema): string | undefined {
  if (field.enum) return undefined
  if (field.type === 'number' || field.type === 'integer') return 'updown'
  if (field.type !== 'string') return undefined
  if (field.format === 'password' || field.writeOnly || secretName.test(name)) return 'password'
  return field.format === 'textarea' ? 'textarea' : undefined
}

function normalize(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalize)
  if (!isObject(value)) return value
  const copy: Record<string, unknown> = {}
  for (const [key, each] of Object.entries(value)) {
    if (key === 'type' && each === 'enum') copy.type = enumType(value.enum)
    else if (key === 'required' && typeof each === 'boolean') continue
    // Their values are data of the plugin, not schemas.
    else copy[key] = ['enum', 'default', 'const', 'examples'].includes(key) ? each : normalize(each)
  }
  return copy
}

function enumType(values: unknown): string | undefined {
  if (!Array.isArray(values) || values.length === 0) return 'string'
  const types = new Set(values.map((each) => typeof each))
  const [only] = types
  return types.size === 1 && (only === 'string' || only === 'number' || only === 'boolean') ? only : undefined
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
