import { contrast, luminance } from '../contrast.ts'
import { aliasGraph } from '../diagnose/alias-graph.ts'
import { readLocated } from '../diagnose/read-located.ts'
import { isObject, own } from '../parse-file.ts'
import { patchSource, type Written } from '../repair/patch-source.ts'
import { resolveTokens } from '../resolve.ts'
import { isResolver, modifierContexts } from '../resolver.ts'
import { composeTheme, type Mode } from '../theme.ts'
import type { Color, Diagnostic, Token, TokenSource } from '../types.ts'
import { complete, type Imported, type Mapping } from './imported.ts'
import { type Suggestion, suggestRoles } from './suggest-roles.ts'
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
  const suggestions: (Suggestion & { readonly mode: Mode })[] = []
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
    const shown = mode ?? modeOf(tokens, found)
    patches.set(shown, filled)
    if (shown === 'light' || shown === 'dark') {
      const foreign = new Map([...tokens].filter(([path]) => !roles.has(path)))
      const taken = new Set(found.map(({ to }) => to))
      const page = colorsOf(tokens, found).get('color.surface.page')
      for (const suggestion of suggestRoles(foreign, taken, shown, page)) {
        suggestions.push({ ...suggestion, mode: shown })
      }
    }
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
    suggestions,
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
  return withoutMisread(tokens, namedRoles(tokens, roles))
}

function namedRoles(tokens: ReadonlyMap<string, Token>, roles: Roles) {
  const byName = new Map<string, string[]>()
  for (const [path, token] of tokens) {
    if (token.deprecated !== false) continue
    const name = canonical(path)
    const paths = byName.get(name)
    if (paths) paths.push(path)
    else byName.set(name, [path])
  }
  const found: { readonly from: string; readonly to: string }[] = []
  const written = new Map<string, Written | Color>()
  for (const [role, type] of roles) {
    const names = [role, ...(studioTable[role] ?? [])].map(canonical)
    const candidates = tokens.has(role) ? [role] : names.flatMap((name) => byName.get(name) ?? [])
    const from = candidates.find((path) => path === role || fits(tokens.get(path)!, type))
    if (from === undefined) continue
    const token = tokens.get(from)!
    if (token.type === type) {
      if (from !== role) written.set(role, { $type: type, $value: `{${from.replace(/\.\$root$/, '')}}` })
    } else if (token.type === 'number' && type === 'dimension') {
      written.set(role, { $type: 'dimension', $value: { value: token.value, unit: 'px' } })
    } else if (token.type === 'number' && type === 'fontWeight') {
      written.set(role, { $type: 'fontWeight', $value: token.value })
    }
    found.push({ from, to: role })
  }
  return { found, written }
}

/** Whether a token can be the value of a role: Figma has plain numbers for lengths and weights. */
function fits(token: Token, type: Token['type']): boolean {
  return token.type === type || (token.type === 'number' && (type === 'dimension' || type === 'fontWeight'))
}

const leading = /^(?:color|colors|colour|theme|semantic|semantics|alias|tokens?|sys|mode|light|dark)$/
/** Words that say nothing about what a color is for. */
const filler = new Set(
  'color colors colour default root token tokens semantic status system visual rest enabled'.split(' '),
)
const synonyms: Readonly<Record<string, string>> = {
  bg: 'background',
  fg: 'text',
  foreground: 'text',
  content: 'text',
  label: 'text',
  stroke: 'border',
  outline: 'border',
  divider: 'border',
  separator: 'border',
  error: 'danger',
  destructive: 'danger',
  negative: 'danger',
  critical: 'danger',
  positive: 'success',
  caution: 'warning',
  notice: 'warning',
  attention: 'warning',
  informative: 'info',
  information: 'info',
  brand: 'accent',
  subdued: 'muted',
  grey: 'gray',
}

/**
 * The words of a name that say what it is for, in no order: without what tools and taste add to it, such as case,
 * dashes, prefixes and other words for the same.
 */
function canonical(path: string): string {
  const parts = path.replace(/\.\$root$/, '').split('.')
  const start = parts.findIndex((part) => !leading.test(part.toLowerCase()))
  const words = parts.slice(start < 0 ? parts.length - 1 : start).flatMap(wordsOf)
  const telling = new Set(words.map((word) => synonyms[word] ?? word).filter((word) => !filler.has(word)))
  return [...(telling.size > 0 ? telling : words)].toSorted().join(' ')
}

function wordsOf(part: string): readonly string[] {
  const spaced = part.replace(/(\p{Ll}|\p{N})(?=\p{Lu})/gu, '$1 ').toLowerCase()
  return spaced.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
}

/** What lies on what, and the contrasts of two that can be meant for that: words are seen, grounds are not. */
const together = [
  ['color.text.default', 'color.surface.page', 3, 21],
  ['color.text.muted', 'color.surface.page', 2, 21],
  ['color.text.link', 'color.surface.page', 2, 21],
  ['color.text.onAccent', 'color.accent.solid', 2, 21],
  ['color.accent.soft', 'color.surface.page', 1, 2.5],
] as const

/** Takes back what a name promised and its color cannot mean, such as a text as light as the page. */
function withoutMisread(
  tokens: ReadonlyMap<string, Token>,
  { found, written }: ReturnType<typeof namedRoles>,
): ReturnType<typeof namedRoles> {
  const colors = colorsOf(tokens, found)
  const misread = new Set<string>(
    together.flatMap(([front, back, least, most]) => {
      const [one, other] = [colors.get(front), colors.get(back)]
      if (!one || !other) return []
      const ratio = contrast(one, other)
      return ratio < least || ratio > most ? [front] : []
    }),
  )
  const kept = found.filter(({ from, to }) => from === to || !misread.has(to))
  const left = new Set(kept.map(({ to }) => to))
  return { found: kept, written: new Map([...written].filter(([role]) => left.has(role))) }
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
