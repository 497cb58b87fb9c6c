import { isObject, own } from '../parse-file.ts'
import { isResolver } from '../resolver.ts'
import type { Color, TokenSource } from '../types.ts'

/** A token as the format has it, without its path. */
export interface Written {
  readonly $type: string
  readonly $value: unknown
}

/**
 * New values by role, by context: `light`, `dark-more`, … of the `mode` modifier, and
 * with the modifier before it where it is another, as in `brand:acme`.
 */
export type Patches = ReadonlyMap<string, ReadonlyMap<string, Color | Written>>

/**
 * A theme with some values replaced.
 *
 * @remarks
 * A token file whose patches are all for one context stays a token file.
 * Otherwise the result is a resolver document whose contexts end with the new
 * values.
 */
export function patchSource(source: TokenSource, patches: Patches): TokenSource {
  const filled = [...patches].filter(([, colors]) => colors.size > 0)
  if (filled.length === 0) return source
  if (!isResolver(source.document) && patches.size === 1) {
    return { ...source, document: withValues(source.document, filled[0]![1]) }
  }
  const wrapped = isResolver(source.document) ? source : wrap(source)
  const document = copyOf(wrapped.document) as Record<string, unknown>
  const modes = [...patches.keys()].filter((key) => !key.includes(':'))
  for (const [key, colors] of filled) {
    const [name = '', modifier = 'mode'] = key.split(':').reverse()
    const contexts = contextsOf(document, modifier, modes)
    const sources = own(contexts, name)
    contexts[name] = [...(Array.isArray(sources) ? sources : []), withValues({}, colors)]
  }
  return { ...wrapped, document }
}

/** A copy of a token document in which the roles have these values. */
export function withValues(
  document: unknown,
  values: ReadonlyMap<string, Color | Written>,
): Record<string, unknown> {
  const copy = isObject(document) ? (copyOf(document) as Record<string, unknown>) : {}
  for (const [path, value] of values) {
    let at = copy
    for (const name of path.split('.')) {
      const child = own(at, name)
      const next: Record<string, unknown> = isObject(child) ? child : {}
      at[name] = next
      at = next
    }
    delete at.$ref
    Object.assign(at, 'space' in value ? { $type: 'color', $value: colorValue(value) } : value)
  }
  return copy
}

function copyOf(document: unknown): unknown {
  return JSON.parse(JSON.stringify(document))
}

/** A color as the format has it. */
export function colorValue({ space, components, alpha }: Color): Record<string, unknown> {
  return { colorSpace: space, components: [...components], ...(alpha < 1 ? { alpha } : {}) }
}

function wrap({ document, file }: TokenSource): TokenSource {
  const name = file && /^[\w@-][\w@.+-]*$/.test(file) ? file : 'theme.tokens.json'
  return {
    file: 'theme.resolver.json',
    files: { [name]: document },
    document: {
      version: '2025.10',
      sets: { theme: { sources: [{ $ref: `./${name}` }] } },
      resolutionOrder: [{ $ref: '#/sets/theme' }],
    },
  }
}

/** The contexts of a modifier; `mode` is made where the document has none. */
function contextsOf(
  document: Record<string, unknown>,
  name: string,
  modes: readonly string[],
): Record<string, unknown> {
  const order = own(document, 'resolutionOrder') as unknown[]
  const inline = order.find((item) => isObject(item) && own(item, 'name') === name)
  const modifiers = own(document, 'modifiers')
  const known = isObject(modifiers) ? own(modifiers, name) : undefined
  const modifier = isObject(known) ? known : isObject(inline) ? inline : undefined
  const contexts = modifier && own(modifier, 'contexts')
  if (isObject(contexts)) return contexts
  const made: Record<string, unknown> = Object.fromEntries(modes.map((mode) => [mode, []]))
  document.modifiers = {
    ...(isObject(modifiers) ? modifiers : {}),
    mode: { contexts: made, default: modes[0] },
  }
  order.push({ $ref: '#/modifiers/mode' })
  return made
}
