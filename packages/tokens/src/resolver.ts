/** Resolver documents: which token files make up a context, in which order. */
import { find, isObject, own, pointerNames } from './parse-file.ts'
import type { Diagnostic, TokenSource } from './types.ts'

/** Most sources one resolver document may expand to. */
const maxSources = 200

/** Whether a document is a resolver document and not a token file. */
export function isResolver(document: unknown): document is Record<string, unknown> {
  return isObject(document) && Array.isArray(own(document, 'resolutionOrder'))
}

/** Contexts by modifier name, the default first. */
export function modifierContexts(document: unknown): ReadonlyMap<string, readonly string[]> {
  if (!isResolver(document)) return new Map()
  const named = own(document, 'modifiers')
  const inline = own(document, 'resolutionOrder')
  const modifiers = [
    ...(isObject(named) ? Object.entries(named) : []),
    ...(Array.isArray(inline) ? inline : []).map((item) => [
      isObject(item) ? own(item, 'name') : undefined,
      item,
    ]),
  ]
  const found = new Map<string, readonly string[]>()
  for (const [name, modifier] of modifiers) {
    const contexts = isObject(modifier) ? own(modifier, 'contexts') : undefined
    if (typeof name !== 'string' || !isObject(modifier) || !isObject(contexts)) continue
    const preset = own(modifier, 'default')
    found.set(
      name,
      Object.keys(contexts).toSorted((a, b) => Number(b === preset) - Number(a === preset)),
    )
  }
  return found
}

/**
 * Paths of the token files a resolver document names, relative to itself:
 * what a caller reads before resolving. Paths that leave the folder are not given.
 */
export function referencedFiles(document: unknown): readonly string[] {
  const paths = new Set<string>()
  const visit = (value: unknown, depth: number): void => {
    if (depth > 8) return
    if (Array.isArray(value)) for (const item of value) visit(item, depth + 1)
    else if (isObject(value)) {
      const path = filePath(own(value, '$ref'))
      if (path !== undefined) paths.add(path)
      for (const item of Object.values(value)) visit(item, depth + 1)
    }
  }
  if (isResolver(document)) visit(document, 0)
  return [...paths]
}

/** Replaces each resolver document by the token files it selects. Token files stay as they are. */
export function expandSources(
  sources: readonly TokenSource[],
  input: Readonly<Record<string, string>>,
): { readonly sources: readonly TokenSource[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  return {
    sources: sources.flatMap((source) =>
      isResolver(source.document) ? expandResolver(source, input, diagnostics) : [source],
    ),
    diagnostics,
  }
}

function expandResolver(
  { document, file, files = {} }: TokenSource,
  input: Readonly<Record<string, string>>,
  diagnostics: Diagnostic[],
): TokenSource[] {
  const expanded: TokenSource[] = []
  const open = new Set<unknown>()
  const report = (
    pointer: string,
    message: string,
    code: Diagnostic['code'] = 'TOKEN_FILE_INVALID',
  ): undefined => {
    diagnostics.push({ code, pointer, message, file })
  }

  const order = isObject(document) ? own(document, 'resolutionOrder') : undefined
  for (const [i, item] of Array.isArray(order) ? order.entries() : []) addItem(item, `/resolutionOrder/${i}`)
  return expanded

  function addItem(item: unknown, pointer: string): undefined {
    const names = isObject(item) ? pointerNames(own(item, '$ref')) : undefined
    const target = names ? find(document, names) : item
    if (!isObject(target)) return report(pointer, 'No set or modifier of this name.')
    const at = names ? `/${names.join('/')}` : pointer
    const contexts = own(target, 'contexts')
    if (!isObject(contexts)) return addSources(own(target, 'sources'), `${at}/sources`)
    const modifier = names?.at(-1) ?? own(target, 'name')
    const context = pick(
      contexts,
      typeof modifier === 'string' ? own(input, modifier) : undefined,
      own(target, 'default'),
    )
    if (context === undefined) return report(at, 'A modifier needs a context.')
    addSources(own(contexts, context), `${at}/contexts/${context}`)
  }

  function addSources(list: unknown, pointer: string): undefined {
    if (!Array.isArray(list)) return report(pointer, 'Expected a list of sources.')
    if (open.has(list)) return report(pointer, 'The set contains itself.', 'TOKEN_ALIAS_CYCLE')
    open.add(list)
    for (const [i, source] of list.entries()) addSource(source, `${pointer}/${i}`)
    open.delete(list)
  }

  function addSource(source: unknown, pointer: string): undefined {
    if (expanded.length >= maxSources) return
    if (!isObject(source)) return report(pointer, 'A source is a reference or an object of tokens.')
    const ref = own(source, '$ref')
    if (ref === undefined) {
      expanded.push({ document: source, file })
      return
    }
    const names = pointerNames(ref)
    if (names) {
      const set = names[0] === 'sets' ? find(document, names) : undefined
      return isObject(set)
        ? addSources(own(set, 'sources'), `/${names.join('/')}/sources`)
        : report(pointer, 'A source can refer to a set or to a file.')
    }
    const path = filePath(ref)
    if (path === undefined || !Object.hasOwn(files, path)) {
      return report(pointer, 'The file it refers to is not part of the package.')
    }
    expanded.push({ document: files[path], file: path })
  }
}

function pick(contexts: Record<string, unknown>, wanted: unknown, preset: unknown): string | undefined {
  const names = Object.keys(contexts)
  return names.find((name) => name === wanted) ?? names.find((name) => name === preset) ?? names[0]
}

function filePath(ref: unknown): string | undefined {
  if (typeof ref !== 'string' || ref.startsWith('#') || ref.length > 500) return undefined
  const path = ref.replace(/^\.\//, '')
  return /^[\w@-][\w @.+-]*(\/[\w@-][\w @.+-]*)*$/.test(path) ? path : undefined
}
