import { type Expression, type Property, parse, type SpreadElement } from 'acorn'
import { maxFileLength } from '../read-source.ts'
import type { Diagnostic } from '../types.ts'

/** The data that a script hands out. */
export interface ScriptObject {
  /** Plain data; undefined where the script hands out none. */
  readonly value: unknown
  readonly diagnostics: readonly Diagnostic[]
}

type Scope = ReadonlyMap<string, Expression>

const maxDepth = 60
/** Parts of the script looked at; a constant that is used twice counts twice. */
const maxParts = 20_000
const maxLength = 2_000

/**
 * Reads the object that a module exports without running it: `export default`,
 * `module.exports =`, `exports.theme =` or the first object that a constant
 * holds. Literals, names of constants and joined texts mean something; calls
 * and everything else that would have to run are reported and left out.
 */
export function readScriptObject(text: string, file = 'theme.js'): ScriptObject {
  const diagnostics: Diagnostic[] = []
  const report = (message: string, { line, column }: { line: number; column: number }, hint?: string) => {
    if (diagnostics.length >= 100) return
    diagnostics.push({
      code: 'TOKEN_FILE_INVALID',
      pointer: '',
      message,
      file,
      line,
      column: column + 1,
      hint,
    })
  }
  if (text.length > maxFileLength) {
    report('The file is larger than 1 MiB.', { line: 1, column: 0 })
    return { value: undefined, diagnostics }
  }
  let parts = 0
  let body: ReturnType<typeof parse>['body']
  try {
    body = parse(text, { ecmaVersion: 'latest', sourceType: 'module', locations: true }).body
  } catch (error) {
    // Either a fault with its place, or nesting that exhausts the parser.
    const place = (error as { loc?: { line: number; column: number } }).loc ?? { line: 1, column: 0 }
    report(`Not a script: ${(error as Error).message}`, place)
    return { value: undefined, diagnostics }
  }
  const scope = new Map<string, Expression>()
  let exported: Expression | undefined
  for (const statement of body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    if (declared?.type === 'VariableDeclaration') {
      for (const { id, init } of declared.declarations)
        if (id.type === 'Identifier' && init) scope.set(id.name, init)
    } else if (statement.type === 'ExportDefaultDeclaration') {
      const { declaration } = statement
      if (!/Function|Class/.test(declaration.type)) exported = declaration as Expression
    } else if (statement.type === 'ExpressionStatement') {
      const { expression } = statement
      if (expression.type !== 'AssignmentExpression') continue
      const target = text.slice(expression.left.start, expression.left.end)
      if (/^(?:module\.)?exports(?:\.\w+)?$/.test(target)) exported ??= expression.right
    }
  }
  exported ??= [...scope.values()].find(({ type }) => type === 'ObjectExpression')
  if (!exported) {
    report('The script hands out no object.', { line: 1, column: 0 }, 'Write export default { … }.')
    return { value: undefined, diagnostics }
  }
  return { value: read(exported, scope, 0), diagnostics }

  function read(node: Expression, names: Scope, depth: number): unknown {
    if (depth > maxDepth || ++parts > maxParts) return skip(node, 'Nested too deep, or too much.')
    switch (node.type) {
      case 'Literal':
        return typeof node.value === 'object' && node.value !== null ? skip(node, 'Not a value.') : node.value
      case 'TemplateLiteral': {
        const values = node.expressions.map((part) => read(part, names, depth + 1))
        const joined = node.quasis.map(({ value }, i) => `${value.cooked ?? ''}${asWord(values[i])}`).join('')
        return joined.length > maxLength ? skip(node, 'Too long.') : joined
      }
      case 'UnaryExpression': {
        const value = read(node.argument, names, depth + 1)
        return node.operator === '-' && typeof value === 'number' ? -value : skip(node, 'Not a value.')
      }
      case 'Identifier': {
        const known = names.get(node.name)
        return known
          ? read(known, names, depth + 1)
          : skip(node, `${node.name} is not a constant of the file.`)
      }
      case 'MemberExpression': {
        const object = node.object.type === 'Super' ? undefined : read(node.object, names, depth + 1)
        const name =
          node.property.type === 'PrivateIdentifier'
            ? undefined
            : !node.computed && node.property.type === 'Identifier'
              ? node.property.name
              : read(node.property, names, depth + 1)
        const key = asWord(name)
        return isRecord(object) && Object.hasOwn(object, key) ? object[key] : skip(node, 'Leads to nothing.')
      }
      case 'ArrayExpression':
        return node.elements.map((item) =>
          item && item.type !== 'SpreadElement' ? read(item, names, depth + 1) : null,
        )
      case 'ObjectExpression':
        return readObject(node.properties, names, depth)
      case 'ParenthesizedExpression':
        return read(node.expression, names, depth + 1)
      default:
        return skip(node, 'This would have to run, and themes do not.')
    }
  }

  function readObject(properties: readonly (Property | SpreadElement)[], names: Scope, depth: number) {
    const object: Record<string, unknown> = Object.create(null)
    for (const property of properties) {
      if (property.type === 'SpreadElement') {
        const spread = read(property.argument, names, depth + 1)
        if (isRecord(spread)) Object.assign(object, spread)
        continue
      }
      const { key, value, computed, kind, method } = property
      if (kind !== 'init' || method) {
        skip(property, 'This would have to run, and themes do not.')
        continue
      }
      const name = key.type === 'Identifier' && !computed ? key.name : asWord(read(key, names, depth + 1))
      const found = read(value as Expression, names, depth + 1)
      if (found !== undefined) object[name] = found
    }
    return object
  }

  function skip(
    node: { loc?: { start: { line: number; column: number } } | null | undefined },
    message: string,
  ) {
    report(message, node.loc?.start ?? { line: 1, column: 0 }, 'Write the value itself.')
    return undefined
  }
}

function asWord(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
