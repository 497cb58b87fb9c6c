/**
 * Rewrites imports of shared packages into reads from what the container was
 * given. Doing it module by module needs no list of the names a package exports,
 * and leaves names that nobody uses to the bundler.
 */
import type { Plugin } from 'vite'
import type { Shares } from './choose-shares.ts'
import { sharesId } from './container.ts'

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

type Specifier = Node & {
  readonly imported?: Name
  readonly local: Name
  readonly exported?: Name
}
type Name = { readonly name?: string; readonly value?: string }

const requiredPrefix = '\0mortise-required:'

/** @param used - Collects the packages of the sandbox that the plugin imports. */
export function shareImports({ shared, own }: Shares, used: Set<string>): Plugin {
  return {
    name: 'mortise:share-imports',
    apply: 'build',
    enforce: 'pre',
    resolveId(source, _importer, { kind }: { kind?: string }) {
      if (own.has(source)) used.add(source)
      // What CommonJS requires is not an import that could be rewritten.
      return kind === 'require-call' && shared.has(source) ? `${requiredPrefix}${source}` : undefined
    },
    load(id) {
      if (!id.startsWith(requiredPrefix)) return
      const name = id.slice(requiredPrefix.length)
      used.add(name)
      return `module.exports = require(${JSON.stringify(sharesId)}).use(${JSON.stringify(name)})`
    },
  }
}

/** The part that runs last, when every module is plain JavaScript. */
export function rewriteImports({ shared }: Shares, used: Set<string>): Plugin {
  return {
    name: 'mortise:rewrite-imports',
    apply: 'build',
    enforce: 'post',
    transform(code, id) {
      if (id.startsWith('\0') && !/\.[cm]?[jt]sx?$/.test(id)) return
      if (!/\b(?:import|from)\b/.test(code)) return
      const edits = findEdits(this.parse(code) as unknown as Node, shared, used)
      if (edits.length === 0) return
      let rewritten = code
      for (const { start, end, text } of edits.sort((a, b) => b.start - a.start)) {
        // The same number of lines, so that source maps still point to the right one.
        const lines = code.slice(start, end).split('\n').length - 1
        rewritten = rewritten.slice(0, start) + text + '\n'.repeat(lines) + rewritten.slice(end)
      }
      return { code: `import{use as __mortise_use}from${JSON.stringify(sharesId)};${rewritten}`, map: null }
    },
  }
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

function findEdits(program: Node, shared: Shares['shared'], used: Set<string>): Edit[] {
  const edits: Edit[] = []
  const sourceOf = (node: Node): string | undefined => {
    const { value } = (node.source ?? {}) as { value?: unknown }
    if (typeof value !== 'string' || !shared.has(value)) return undefined
    used.add(value)
    return value
  }
  for (const node of program.body as Node[]) {
    if (node.type === 'ImportDeclaration') {
      const source = sourceOf(node)
      if (source !== undefined)
        edits.push({ ...spanOf(node), text: importText(source, node.specifiers as Specifier[]) })
    } else if (node.type === 'ExportNamedDeclaration' && node.source) {
      const source = sourceOf(node)
      if (source !== undefined) edits.push({ ...spanOf(node), text: exportText(source, node) })
    } else if (node.type === 'ExportAllDeclaration') {
      const source = sourceOf(node)
      if (source === undefined) continue
      if (!node.exported)
        throw new Error(`'export * from "${source}"' cannot be shared: name what is exported.`)
      const exported = nameOf(node.exported as Name)
      edits.push({
        ...spanOf(node),
        text: `const __mortise_${node.start}=${read(source)};export{__mortise_${node.start} as ${exported}};`,
      })
    }
  }
  walk(program, (node) => {
    if (node.type !== 'ImportExpression') return
    const source = sourceOf(node)
    if (source !== undefined) edits.push({ ...spanOf(node), text: `Promise.resolve(${read(source)})` })
  })
  return edits
}

function importText(source: string, specifiers: readonly Specifier[]): string {
  return specifiers
    .map((specifier) => {
      const name =
        specifier.type === 'ImportNamespaceSpecifier'
          ? undefined
          : nameOf(specifier.imported ?? { name: 'default' })
      return `const ${nameOf(specifier.local)}=${read(source, name)};`
    })
    .join('')
}

function exportText(source: string, node: Node): string {
  return (node.specifiers as Specifier[])
    .map(({ local, exported }, index) => {
      const held = `__mortise_${node.start}_${index}`
      return `const ${held}=${read(source, nameOf(local))};export{${held} as ${nameOf(exported ?? local)}};`
    })
    .join('')
}

/** Marked as pure, so that what nobody uses is left out. */
function read(source: string, name?: string): string {
  const args = name === undefined ? [source] : [source, name]
  return `/*#__PURE__*/__mortise_use(${args.map((arg) => JSON.stringify(arg)).join(',')})`
}

function nameOf({ name, value }: Name): string {
  return name ?? value ?? ''
}

function spanOf({ start, end }: Node): { start: number; end: number } {
  return { start, end }
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit)
  } else if (typeof value === 'object' && value !== null) {
    if ('type' in value) visit(value as Node)
    for (const item of Object.values(value)) if (typeof item === 'object') walk(item, visit)
  }
}
