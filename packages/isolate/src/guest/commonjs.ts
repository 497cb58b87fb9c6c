import type { NodeErrorCode } from '@mortise/contract'
import { evaluate } from './evaluate.ts'

/** What a file of the package exports, by package-relative path. */
export interface ModuleLoader {
  /** Runs a file (once) and answers its exports. */
  requireFile(path: string): unknown
  /** Resolves and runs what `specifier` names for code in `fromPath`. */
  requireFrom(fromPath: string, specifier: string): unknown
}

export interface ModuleLoaderOptions {
  /** Shown before the path in stack traces. */
  readonly plugin: string
  readonly files: Readonly<Record<string, string>>
  /** What `import` is called in files that call it, by path. */
  readonly importers: Readonly<Record<string, string>>
  /** Makes what stands for `import` in a file. */
  readonly importer: (path: string) => (specifier: unknown) => Promise<unknown>
  /** Virtual modules of the dialect, by specifier. */
  readonly modules: ReadonlyMap<string, unknown>
}

interface LoadedModule {
  exports: unknown
}

/** A `require` over the files of one package and the virtual modules, and nothing else. */
export function createModuleLoader({
  plugin,
  files,
  importers,
  importer,
  modules,
}: ModuleLoaderOptions): ModuleLoader {
  const loaded = new Map<string, LoadedModule>()

  function requireFile(path: string): unknown {
    const known = loaded.get(path)
    if (known) return known.exports
    const source = files[path]
    if (source === undefined) throw new Error(`The package has no file ${path}`)
    const module: LoadedModule = { exports: {} }
    loaded.set(path, module)
    try {
      if (path.endsWith('.json')) module.exports = JSON.parse(source)
      else run(path, source, module)
    } catch (thrown) {
      loaded.delete(path)
      throw thrown
    }
    return module.exports
  }

  function run(path: string, source: string, module: LoadedModule): void {
    let wrapped: (...args: unknown[]) => void
    try {
      wrapped = evaluate(
        `${wrapperStart(importers[path])}${source.replace(/^#!/, '//')}\n})\n//# sourceURL=${sourceName(plugin, path)}`,
      ) as typeof wrapped
    } catch (thrown) {
      if (thrown instanceof SyntaxError) Object.defineProperty(thrown, 'code', { value: `SYNTAX:${path}` })
      throw thrown
    }
    const require = (specifier: unknown) => requireFrom(path, String(specifier))
    wrapped.call(module.exports, module.exports, require, module, path, dirname(path), importer(path))
  }

  function requireFrom(fromPath: string, specifier: string): unknown {
    if (modules.has(specifier)) return modules.get(specifier)
    if (specifier.startsWith('./') || specifier.startsWith('../')) {
      const path = resolvePath(files, fromPath, specifier)
      if (path !== undefined) return requireFile(path)
      throw notFound(`Cannot find ${specifier}, required by ${fromPath}: the package has no such file`)
    }
    const virtual = modules.size === 0 ? 'none' : [...modules.keys()].join(', ')
    throw notFound(
      `Cannot require '${specifier}' in ${fromPath}: plugins run without Node modules. Available are files of the package by relative path ('./lib/x.js', './data.json') and these modules: ${virtual}. Bundle other dependencies into the package.`,
    )
  }

  return { requireFile, requireFrom }
}

/** With the code by which Node's `require` says so: plugins look at it before they do without a module. */
function notFound(message: string): Error {
  const error = new Error(message) as Error & { code: NodeErrorCode }
  error.code = 'MODULE_NOT_FOUND'
  return error
}

/** What stands before the first line of a file; as long for every name. */
export function wrapperStart(importer = '$im000'): string {
  return `(function (exports, require, module, __filename, __dirname, ${importer}) { `
}

/** The package-relative path that a relative specifier means, with Node's endings tried in order. */
export function resolvePath(
  files: Readonly<Record<string, string>>,
  fromPath: string,
  specifier: string,
): string | undefined {
  const parts = dirname(fromPath) === '.' ? [] : dirname(fromPath).split('/')
  for (const part of specifier.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined
    } else if (part !== '.' && part !== '') parts.push(part)
  }
  const base = parts.join('/')
  const candidates = [
    base,
    `${base}.js`,
    `${base}.cjs`,
    `${base}.json`,
    base ? `${base}/index.js` : 'index.js',
  ]
  return candidates.find((path) => Object.hasOwn(files, path))
}

/** The name of a file in stack traces. */
export function sourceName(plugin: string, path: string): string {
  return `${plugin}/${path}`.replace(/[^\w./@-]/g, '_')
}

function dirname(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '.' : path.slice(0, slash)
}
