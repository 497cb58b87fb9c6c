import { escapePointer, type Issue } from '@mortise/contract'
import {
  type ErrorSchema,
  type RJSFSchema,
  toErrorList,
  type ValidationData,
  type ValidatorType,
} from '@rjsf/utils'
import { fits, hasType } from './fits.ts'

type Config = Record<string, unknown>

/**
 * Checks what can be said before asking the server: required fields and types.
 *
 * The usual validator compiles schemas into functions, which the page's CSP
 * forbids; the server has the full one and answers with a pointer per issue.
 */
export const validator: ValidatorType<Config> = {
  validateFormData(formData, schema): ValidationData<Config> {
    const errorSchema = toErrorTree(check(schema, formData ?? {}, ''))
    return { errorSchema, errors: toErrorList(errorSchema) }
  },
  isValid: (schema, formData, root) => fits(schema, formData, root),
  rawValidation: () => ({ errors: [] }),
}

/** Issues as the tree in which a form looks for its fields' errors. */
export function toErrorTree(issues: readonly Issue[]): ErrorSchema<Config> {
  const root: Node = {}
  for (const { pointer, message } of issues) {
    let node = root
    for (const token of pointer.split('/').slice(1)) {
      const key = token.replaceAll('~1', '/').replaceAll('~0', '~')
      const child = node.children?.get(key) ?? {}
      node.children ??= new Map()
      node.children.set(key, child)
      node = child
    }
    node.errors = [...(node.errors ?? []), `This ${message}`]
  }
  return toSchema(root) as ErrorSchema<Config>
}

/** Required fields that are missing and values of the wrong type. */
export function check(schema: RJSFSchema, value: unknown, pointer: string): Issue[] {
  if (value === undefined || value === '') return []
  if (schema.type !== undefined && !hasType(schema.type, value)) {
    return [{ pointer, message: `must be ${typeWords(schema.type)}.` }]
  }
  const issues: Issue[] = []
  if (Array.isArray(value)) {
    const { items } = schema
    if (items && typeof items === 'object' && !Array.isArray(items)) {
      for (const [index, item] of value.entries()) {
        issues.push(...check(items as RJSFSchema, item, `${pointer}/${index}`))
      }
    }
  } else if (typeof value === 'object' && value !== null) {
    const fields = value as Config
    for (const name of schema.required ?? []) {
      if (fields[name] === undefined || fields[name] === '') {
        issues.push({ pointer: `${pointer}/${escapePointer(name)}`, message: 'is required.' })
      }
    }
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      if (typeof property === 'object' && property !== null) {
        issues.push(...check(property as RJSFSchema, fields[name], `${pointer}/${escapePointer(name)}`))
      }
    }
  }
  return issues
}

interface Node {
  errors?: string[]
  children?: Map<string, Node>
}

function toSchema(node: Node): object {
  const entries = [...(node.children ?? [])].map(([key, child]) => [key, toSchema(child)] as const)
  return { ...Object.fromEntries(entries), ...(node.errors ? { __errors: node.errors } : {}) }
}

const words: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'yes or no',
  array: 'a list',
  object: 'a group of fields',
  null: 'empty',
}

function typeWords(type: RJSFSchema['type']): string {
  return (Array.isArray(type) ? type : [type]).map((each) => words[String(each)] ?? String(each)).join(' or ')
}
