import { parseText } from '../diagnose/parse-text.ts'
import { baseTokenPaths } from '../names.ts'
import { fileLimits, isObject, own } from '../parse-file.ts'
import type { Written } from '../repair/patch-source.ts'
import { resolveTokens } from '../resolve.ts'
import type { Mode } from '../theme.ts'
import type { Color, Diagnostic, TokenSource } from '../types.ts'
import { asText, complete, type Imported, type Mapping, nest } from './imported.ts'
import { StudioError, type StudioToken, writeStudioToken } from './studio-value.ts'
import { studioTable } from './tables.ts'

/**
 * A file of Tokens Studio for Figma as a theme: one file with all sets, or the file of one set.
 *
 * @remarks
 * Themes, or sets, whose names say light and dark become the modes. All tokens
 * are kept; roles point at those whose names say what they are for. Sums in
 * values are worked out.
 */
export function importTokensStudio(text: string, file = 'tokens.json'): Imported {
  const parsed = parseText(text, file)
  const diagnostics: Diagnostic[] = [...parsed.diagnostics]
  const mapping = new Map<string, Mapping>()
  const kept = new Set<string>()
  const used = new Set<string>()
  const report = (pointer: string, message: string, hint?: string) => {
    const known = diagnostics.some((one) => one.pointer === pointer && one.message === message)
    if (known || diagnostics.length >= 200) return
    diagnostics.push({ code: 'TOKEN_INVALID', pointer, message, file, ...parsed.positionOf(pointer), hint })
  }
  if (!isObject(parsed.value)) {
    diagnostics.push({
      code: 'TOKEN_FILE_INVALID',
      pointer: '',
      message: 'The file holds one JSON object.',
      file,
    })
    return { source: { document: {}, file }, diagnostics, mapping: [], unmapped: [] }
  }
  const root = parsed.value
  const sets = setsOf(root)
  const { modes, without } = modesOf(root, sets)
  for (const name of without) {
    diagnostics.push({
      code: 'TOKEN_FILE_INVALID',
      pointer: sets.get(name)!.pointer,
      message: `The set ${name} holds the same tokens as light or dark and was left out.`,
      file,
      ...parsed.positionOf(sets.get(name)!.pointer),
      hint: 'To import it, name it in a light or dark theme of the file.',
    })
  }
  const documents = modes.map(([mode, names]) => [mode, documentOf(mode, names)] as const)
  const unmapped = [...kept].filter((name) => !used.has(name))
  return { source: sourceOf(documents, file), diagnostics, mapping: [...mapping.values()], unmapped }

  function documentOf(mode: Mode | undefined, names: readonly string[]): Record<string, unknown> {
    const tokens = new Map<string, StudioToken>()
    for (const name of names) collect(sets.get(name)!.group, [], sets.get(name)!.pointer, undefined, tokens)
    const written = new Map<string, Written | Color>()
    for (const [path, token] of tokens) {
      try {
        const value = writeStudioToken(token, tokens)
        if (value) written.set(path, value)
        kept.add(path)
      } catch (error) {
        if (!(error instanceof StudioError)) throw error
        report(`${token.pointer}/value`, error.message)
      }
    }
    for (const role of baseTokenPaths) {
      const name = written.has(role) ? role : studioTable[role]?.find((candidate) => written.has(candidate))
      if (name === undefined) continue
      used.add(name)
      mapping.set(`${mode} ${name} ${role}`, { from: name, to: role, ...(mode && { mode }) })
      if (name !== role) written.set(role, { $value: `{${name}}` } as Written)
    }
    return nest(withDerived(written, mode))
  }

  function collect(
    group: Record<string, unknown>,
    path: readonly string[],
    pointer: string,
    inherited: unknown,
    into: Map<string, StudioToken>,
  ): void {
    if (path.length > fileLimits.depth || into.size >= fileLimits.tokens) return
    const type = own(group, '$type') ?? inherited
    for (const [name, child] of Object.entries(group)) {
      if (name.startsWith('$') || !isObject(child)) continue
      const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
      const value = own(child, '$value') ?? own(child, 'value')
      if (
        value === undefined ||
        (isObject(value) && own(value, 'value') !== undefined && own(child, 'type') === undefined)
      ) {
        collect(child, [...path, name], at, type, into)
        continue
      }
      if (JSON.stringify(own(child, '$extensions') ?? '').includes('"modify"')) {
        report(at, 'The color modifier is not applied.', 'Write the modified color itself.')
      }
      const kind = own(child, '$type') ?? own(child, 'type') ?? type
      into.set([...path, name].join('.'), { type: asText(kind), value, pointer: at })
    }
  }
}

/** Derived roles stand in where the file says nothing; colors that must be opaque are made so. */
function withDerived(
  written: ReadonlyMap<string, Written | Color>,
  mode: Mode | undefined,
): Map<string, Written | Color> {
  const { tokens } = resolveTokens([{ document: nest(written) }])
  const colors = new Map<string, Color>()
  for (const role of baseTokenPaths) {
    const token = tokens.get(role)
    if (token?.type === 'color') colors.set(role, token.value)
  }
  const page = colors.get('color.surface.page')
  const dark = mode ? mode === 'dark' : Number(page?.components[0] ?? 1) < 0.4
  const result = new Map(written)
  for (const [role, color] of complete(colors, dark)) {
    if (!written.has(role) || colors.get(role) !== color) result.set(role, color)
  }
  return result
}

function sourceOf(
  documents: readonly (readonly [Mode | undefined, Record<string, unknown>])[],
  file: string,
): TokenSource {
  const name = file.replace(/^.*\//, '').replace(/\.json$/, '')
  if (documents.length === 1 && documents[0]![0] === undefined) {
    return { file: `${name}.tokens.json`, document: documents[0]![1] }
  }
  const contexts = Object.fromEntries(documents.map(([mode]) => [mode, [{ $ref: `./${mode}.tokens.json` }]]))
  return {
    file: `${name}.resolver.json`,
    document: {
      version: '2025.10',
      modifiers: { mode: { contexts, default: documents[0]![0] } },
      resolutionOrder: [{ $ref: '#/modifiers/mode' }],
    },
    files: Object.fromEntries(documents.map(([mode, document]) => [`${mode}.tokens.json`, document])),
  }
}

interface StudioSet {
  readonly group: Record<string, unknown>
  readonly pointer: string
}

/** Sets in their order. A file without the marks of several sets is one set. */
function setsOf(root: Record<string, unknown>): Map<string, StudioSet> {
  const metadata = own(root, '$metadata')
  const order = isObject(metadata) ? own(metadata, 'tokenSetOrder') : undefined
  const groups = Object.entries(root).filter(([name, value]) => !name.startsWith('$') && isObject(value))
  const several =
    Array.isArray(order) ||
    Array.isArray(own(root, '$themes')) ||
    groups.some(([name]) => /^(global|core|light|dark)$/i.test(name))
  if (!several) return new Map([['', { group: root, pointer: '' }]])
  const listed = Array.isArray(order) ? order : []
  const rank = (name: string) => (listed.includes(name) ? listed.indexOf(name) : listed.length)
  return new Map(
    groups
      .toSorted(([a], [b]) => rank(a) - rank(b))
      .map(([name, group]) => [
        name,
        {
          group: group as Record<string, unknown>,
          pointer: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        },
      ]),
  )
}

interface Modes {
  readonly modes: readonly (readonly [Mode | undefined, readonly string[]])[]
  /** Sets that are looks of their own beside light and dark. */
  readonly without: readonly string[]
}

const isMode = { light: /\blight\b|\bday\b/i, dark: /\bdark\b|\bnight\b/i } as const

/** Which sets make up a mode; one nameless mode where nothing says light or dark. */
function modesOf(root: Record<string, unknown>, sets: ReadonlyMap<string, StudioSet>): Modes {
  const names = [...sets.keys()]
  const themes = own(root, '$themes')
  const says = (mode: Mode, name: unknown) => isMode[mode].test(asText(name).replace(/[-_/]/g, ' '))
  const chosen = (['light', 'dark'] as const).flatMap((mode): [Mode, string[]][] => {
    const theme = (Array.isArray(themes) ? themes : []).find(
      (one) => isObject(one) && says(mode, own(one, 'name')),
    )
    const selected = isObject(theme) ? own(theme, 'selectedTokenSets') : undefined
    if (!isObject(selected)) return []
    return [[mode, names.filter((name) => ['enabled', 'source'].includes(asText(own(selected, name))))]]
  })
  if (chosen.length > 0) return { modes: chosen, without: [] }

  const named = names.filter((name) => says('light', name) || says('dark', name))
  if (named.length === 0) return { modes: [[undefined, names]], without: [] }
  const paths = new Set(named.flatMap((name) => pathsOf(sets.get(name)!.group)))
  const without = names.filter((name) => {
    if (named.includes(name)) return false
    const mine = pathsOf(sets.get(name)!.group)
    return mine.length > 0 && mine.filter((path) => paths.has(path)).length > mine.length / 2
  })
  const shared = names.filter((name) => !without.includes(name))
  return {
    modes: (['light', 'dark'] as const)
      .filter((mode) => named.some((name) => says(mode, name)))
      .map((mode) => [mode, shared.filter((name) => !named.includes(name) || says(mode, name))]),
    without,
  }
}

function pathsOf(group: Record<string, unknown>, path = '', depth = 0): string[] {
  if (depth > fileLimits.depth) return []
  return Object.entries(group).flatMap(([name, child]) => {
    if (name.startsWith('$') || !isObject(child)) return []
    const leaf = Object.hasOwn(child, '$value') || Object.hasOwn(child, 'value')
    return leaf ? [`${path}.${name}`] : pathsOf(child, `${path}.${name}`, depth + 1)
  })
}
