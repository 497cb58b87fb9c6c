import { luminance } from '../contrast.ts'
import { aliasGraph } from '../diagnose/alias-graph.ts'
import { readLocated } from '../diagnose/read-located.ts'
import { isObject, own } from '../parse-file.ts'
import { patchSource, type Written } from '../repair/patch-source.ts'
import { resolveTokens } from '../resolve.ts'
import { isResolver, modifierContexts } from '../resolver.ts'
import { composeTheme } from '../theme.ts'
import type { Color, Diagnostic, Token, TokenSource } from '../types.ts'
import { complete, type Imported, type Mapping } from './imported.ts'
import { studioTable } from './tables.ts'

/**
 * Token files of the DTCG format as a theme: a resolver document with its
 * files, one file, or one file for each mode as Figma exports them.
 *
 * @remarks
 * Roles are taken where the files name them as we do. Where they use names of
 * their own, roles point at the tokens whose names say what they are for.
 * Figma's plain numbers and strings become lengths and font families where a
 * role needs them.
 *
 * @param base - Trusted: usually `baseSource` of `@mortise/tokens/base`.
 * @param texts - Texts by path.
 * @param entry - The resolver document or the one token file; left out where each file is a mode.
 */
export async function importDesignTokens(
  base: TokenSource,
  texts: ReadonlyMap<string, string>,
  entry?: string,
): Promise<Imported> {
  const all = entry === undefined ? withModes(texts) : texts
  const located = await readLocated(entry ?? modesFile, (path) => all.get(path))
  const raw = withFigmaValues(withModeModifier(located.source))
  const roles = baseRoles(base)
  const modes = modifierContexts(raw.document).get('mode') ?? [undefined]
  const mapping: Mapping[] = []
  const used = new Set<string>()
  const patches = new Map<string, Map<string, Written | Color>>()
  for (const mode of modes) {
    const input = inputOf(mode)
    const { tokens } = resolveTokens([raw], input)
    const { found, written } = mapRoles(tokens, roles)
    const graph = aliasGraph([raw], input)
    for (const { from, to } of found) {
      mapping.push({ from, to, mode: mode === 'light' || mode === 'dark' ? mode : undefined })
      for (const path of reached(from, graph.targetsOf)) used.add(path)
    }
    const filled = found.some(({ from, to }) => from !== to)
      ? withDerived(tokens, found, written, mode)
      : written
    patches.set(mode ?? modeOf(tokens, found), filled)
  }
  const source = patchSource(raw, patches)
  const problems = located
    .locate(composeTheme(base, source).diagnostics)
    .filter(
      ({ code, hint, message }) =>
        code !== 'TOKEN_UNKNOWN' || (hint?.startsWith('Did you mean') && !used.has(unknownPath(message))),
    )
  const names = new Set(modes.flatMap((mode) => [...resolveTokens([raw], inputOf(mode)).tokens.keys()]))
  return {
    source,
    diagnostics: unique([...located.diagnostics, ...problems]),
    mapping,
    unmapped: [...names].filter((name) => !used.has(name) && !roles.has(name)),
  }
}

const modesFile = 'theme.resolver.json'
const modeNames = ['light', 'dark', 'light-more', 'dark-more'] as const

/** The mode that a file is for by its name; undefined for files of all modes. */
function modeOfFile(name: string): (typeof modeNames)[number] | undefined {
  const mode = /dark|night/i.test(name) ? 'dark' : /light|day/i.test(name) ? 'light' : undefined
  return mode && /more|contrast/i.test(name) ? `${mode}-more` : mode
}

/** A resolver document for files that are one mode each, and files that are for all of them. */
function withModes(texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const names = [...texts.keys()].filter((name) => !name.endsWith('manifest.json'))
  const refs = (wanted: (name: string) => boolean) =>
    names.filter(wanted).map((name) => ({ $ref: `./${name}` }))
  const contexts = Object.fromEntries(
    modeNames.flatMap((mode) => {
      const sources = refs((name) => modeOfFile(name) === mode)
      return sources.length > 0 ? [[mode, sources] as const] : []
    }),
  )
  const shared = refs((name) => modeOfFile(name) === undefined)
  const hasModes = Object.keys(contexts).length > 0
  const document = {
    version: '2025.10',
    ...(shared.length > 0 ? { sets: { shared: { sources: shared } } } : {}),
    ...(hasModes ? { modifiers: { mode: { contexts, default: Object.keys(contexts)[0] } } } : {}),
    resolutionOrder: [
      ...(shared.length > 0 ? [{ $ref: '#/sets/shared' }] : []),
      ...(hasModes ? [{ $ref: '#/modifiers/mode' }] : []),
    ],
  }
  return new Map([[modesFile, JSON.stringify(document)], ...texts])
}

/** Calls a modifier `mode` whose contexts are light and dark under another name. */
function withModeModifier(source: TokenSource): TokenSource {
  if (!isResolver(source.document)) return source
  const modifiers = own(source.document, 'modifiers')
  if (!isObject(modifiers) || own(modifiers, 'mode') !== undefined) return source
  const name = Object.keys(modifiers).find((candidate) => {
    const modifier = own(modifiers, candidate)
    const contexts = isObject(modifier) ? own(modifier, 'contexts') : undefined
    return isObject(contexts) && own(contexts, 'light') !== undefined && own(contexts, 'dark') !== undefined
  })
  if (name === undefined) return source
  const { [name]: modifier, ...rest } = modifiers
  const order = own(source.document, 'resolutionOrder') as unknown[]
  const pointer = `#/modifiers/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
  return {
    ...source,
    document: {
      ...source.document,
      modifiers: { ...rest, mode: modifier },
      resolutionOrder: order.map((item) =>
        isObject(item) && own(item, '$ref') === pointer ? { $ref: '#/modifiers/mode' } : item,
      ),
    },
  }
}

/** Figma has strings and booleans as well: strings are read as font names, both otherwise left out. */
function withFigmaValues(source: TokenSource): TokenSource {
  const files = Object.entries(source.files ?? {}).map(([name, document]) => [name, adapted(document, 0)])
  return { ...source, document: adapted(source.document, 0), files: Object.fromEntries(files) }
}

function adapted(value: unknown, depth: number): unknown {
  if (depth > 40) return value
  if (Array.isArray(value)) return value.map((item) => adapted(item, depth + 1))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, child]) => {
      const type = isObject(child) ? own(child, '$type') : undefined
      if (!isObject(child) || !Object.hasOwn(child, '$value')) return [[name, adapted(child, depth + 1)]]
      if (type === 'boolean') return []
      const text = own(child, '$value')
      if (type !== 'string') return [[name, child]]
      if (typeof text !== 'string') return []
      const isAlias = /^\{.*\}$/.test(text)
      return [[name, { ...child, $type: 'fontFamily', $value: isAlias ? text : [text] }]]
    }),
  )
}

type Roles = ReadonlyMap<string, Token['type']>

function baseRoles(base: TokenSource): Roles {
  return new Map([...composeTheme(base).resolve()].map(([path, { type }]) => [path, type]))
}

/** Which token each role takes, and the values of roles that do not have it already. */
function mapRoles(tokens: ReadonlyMap<string, Token>, roles: Roles) {
  const byName = new Map<string, string>()
  for (const [path, token] of tokens) {
    const name = canonical(path)
    if (token.deprecated === false && !byName.has(name)) byName.set(name, path)
  }
  const found: { readonly from: string; readonly to: string }[] = []
  const written = new Map<string, Written | Color>()
  for (const [role, type] of roles) {
    const candidates = [role, ...(studioTable[role] ?? [])].map(canonical)
    const from = tokens.has(role)
      ? role
      : candidates.map((name) => byName.get(name)).find((path) => path !== undefined)
    const token = from === undefined ? undefined : tokens.get(from)
    if (from === undefined || !token) continue
    if (token.type === type) {
      if (from !== role) written.set(role, { $type: type, $value: `{${from.replace(/\.\$root$/, '')}}` })
    } else if (type === 'dimension' && token.type === 'number') {
      written.set(role, { $type: 'dimension', $value: { value: token.value, unit: 'px' } })
    } else if (type === 'fontWeight' && token.type === 'number') {
      written.set(role, { $type: 'fontWeight', $value: token.value })
    } else if (from !== role) continue
    found.push({ from, to: role })
  }
  return { found, written }
}

const leading = /^(?:color|colors|colour|theme|semantic|semantics|alias|tokens?|sys|mode|light|dark)$/
const synonyms: Readonly<Record<string, string>> = {
  bg: 'background',
  fg: 'text',
  foreground: 'text',
  content: 'text',
  stroke: 'border',
  outline: 'border',
  error: 'danger',
  destructive: 'danger',
  negative: 'danger',
  positive: 'success',
  brand: 'accent',
}

/** A name without what tools and taste add to it: case, spaces, prefixes, other words for the same. */
function canonical(path: string): string {
  const parts = path
    .replace(/\.\$root$/, '')
    .split('.')
    .map((part) => part.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''))
  const start = parts.findIndex((part) => !leading.test(part))
  return parts
    .slice(start < 0 ? parts.length - 1 : start)
    .map((part) => synonyms[part] ?? part)
    .join('.')
}

/** Fills the roles that follow from those that were found, as one who names their own tokens expects. */
function withDerived(
  tokens: ReadonlyMap<string, Token>,
  found: readonly { readonly from: string; readonly to: string }[],
  written: ReadonlyMap<string, Written | Color>,
  mode: string | undefined,
): Map<string, Written | Color> {
  const colors = colorsOf(tokens, found)
  const page = colors.get('color.surface.page')
  const dark = mode === undefined ? page !== undefined && luminance(page) < 0.18 : mode.startsWith('dark')
  const result = new Map(written)
  for (const [role, color] of complete(colors, dark)) {
    if ('space' in color && colors.get(role) !== color) result.set(role, color)
  }
  return result
}

function colorsOf(
  tokens: ReadonlyMap<string, Token>,
  found: readonly { readonly from: string; readonly to: string }[],
): Map<string, Color> {
  return new Map(
    found.flatMap(({ from, to }) => {
      const token = tokens.get(from)
      return token?.type === 'color' ? [[to, token.value] as const] : []
    }),
  )
}

function modeOf(
  tokens: ReadonlyMap<string, Token>,
  found: readonly { readonly from: string; readonly to: string }[],
) {
  const page = colorsOf(tokens, found).get('color.surface.page')
  return page && luminance(page) < 0.18 ? 'dark' : 'light'
}

function inputOf(mode: string | undefined): Readonly<Record<string, string>> {
  return mode === undefined ? {} : { mode }
}

/** The path in the message of `TOKEN_UNKNOWN`. */
function unknownPath(message: string): string {
  return /has no (.+)\.$/.exec(message)?.[1] ?? ''
}

/** A path and all that it follows. */
function reached(path: string, targetsOf: (path: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set([path])
  for (const at of seen) for (const target of targetsOf(at)) seen.add(target)
  return seen
}

function unique(list: readonly Diagnostic[]): Diagnostic[] {
  return [
    ...new Map(
      list.map((item) => [`${item.code} ${item.file}#${item.pointer} ${item.line} ${item.message}`, item]),
    ).values(),
  ]
}
