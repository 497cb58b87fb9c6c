import { randomUUID } from 'node:crypto'
import type { NodeErrorCode } from '@mortise/contract'
import type ivm from 'isolated-vm'
import { resolvePath, sourceName } from '../guest/commonjs.ts'

export interface EcmaModulesOptions {
  readonly plugin: string
  readonly files: Readonly<Record<string, string>>
  /** What `import` is called in files that call it, by path. */
  readonly importers: Readonly<Record<string, string>>
  /** Specifiers of the dialect's modules. */
  readonly virtual: ReadonlySet<string>
  readonly isolate: ivm.Isolate
  readonly context: ivm.Context
  readonly timeoutMs: number
  isEcmaModule(path: string, source: string): Promise<boolean>
  /** Runs a task on the isolate under its limits. */
  watched<T>(task: () => T): Promise<Awaited<T>>
  /** Calls the guest runtime. */
  ask(kind: string, payload: string): Promise<string | undefined>
}

/** A specifier that means nothing in this package, with the code that Node gives it. */
export class ModuleNotFound extends Error {
  readonly code = 'ERR_MODULE_NOT_FOUND' satisfies NodeErrorCode
}

/**
 * ECMAScript modules of one package, each compiled once. Other files and the
 * modules of the dialect take part as generated modules.
 */
export class EcmaModules {
  readonly #options: EcmaModulesOptions
  readonly #modules = new Map<string, Promise<ivm.Module>>()
  readonly #paths = new WeakMap<ivm.Module, string>()
  /** Generated modules reach the guest runtime through a global that exists only while some of them load. */
  readonly #hook = `mortise:${randomUUID()}`
  #loading = 0
  #linking: Promise<unknown> = Promise.resolve()

  constructor(options: EcmaModulesOptions) {
    this.#options = options
  }

  /**
   * Runs the module that `specifier` means in `from`. Its namespace is handed to the
   * guest runtime under `id`, once it and what it awaits at its top level are done.
   *
   * @throws ModuleNotFound, and what compiling and running throws.
   */
  async load(specifier: string, from: string, id: number): Promise<void> {
    const { isolate, context, timeoutMs, watched, ask } = this.#options
    const hook = JSON.stringify(this.#hook)
    if (this.#loading++ === 0) await ask('expose', this.#hook)
    try {
      const last = await isolate.compileModule(
        `import * as found from ${JSON.stringify(specifier)}\nglobalThis[${hook}].deliver(${id}, found)`,
        { filename: 'mortise/module.js' },
      )
      this.#paths.set(last, from)
      // One after the other: modules that two of them share must not be linked twice at a time.
      const linked = this.#linking.then(() =>
        last.instantiate(context, (wanted, referrer) => this.#resolve(wanted, referrer)),
      )
      this.#linking = linked.catch(() => {})
      await linked
      await watched(() => last.evaluate({ timeout: timeoutMs }))
      await ask('arrived', String(id))
    } finally {
      if (--this.#loading === 0) await ask('conceal', this.#hook)
    }
  }

  async #resolve(specifier: string, referrer: ivm.Module): Promise<ivm.Module> {
    const { virtual, files } = this.#options
    const from = this.#paths.get(referrer) ?? ''
    if (specifier === this.#hook) return this.#importer(from)
    if (virtual.has(specifier)) return this.#generated(specifier)
    if (!/^\.\.?\//.test(specifier)) {
      const available = virtual.size === 0 ? 'none' : [...virtual].join(', ')
      throw new ModuleNotFound(
        `Cannot import '${specifier}' in ${from}: plugins run without Node modules. Available are files of the package by relative path and these modules: ${available}. Bundle other dependencies into the package.`,
      )
    }
    const path = resolvePath(files, from, specifier)
    if (path === undefined) {
      throw new ModuleNotFound(`Cannot find ${specifier}, imported by ${from}: the package has no such file`)
    }
    let module = this.#modules.get(path)
    if (!module) {
      module = this.#makeFileModule(path)
      this.#modules.set(path, module)
    }
    return module
  }

  async #makeFileModule(path: string): Promise<ivm.Module> {
    const { files, importers, plugin, isolate, isEcmaModule } = this.#options
    const source = files[path] ?? ''
    if (!(await isEcmaModule(path, source))) return this.#generated(`file:${path}`)
    const importer = importers[path]
    // At the end, where it moves no line: imports come first wherever they stand.
    const end = importer === undefined ? '' : `\nimport ${importer} from ${JSON.stringify(this.#hook)}`
    const module = await isolate.compileModule(source.replace(/^#!/, '//') + end, {
      filename: sourceName(plugin, path),
    })
    this.#paths.set(module, path)
    return module
  }

  /** What stands for `import` in a file. */
  #importer(path: string): Promise<ivm.Module> {
    const source = `export default globalThis[${JSON.stringify(this.#hook)}].importer(${JSON.stringify(path)})`
    return this.#options.isolate.compileModule(source, { filename: 'mortise/module.js' })
  }

  async #generated(specifier: string): Promise<ivm.Module> {
    const { ask, isolate } = this.#options
    const names = JSON.parse((await ask('describe', specifier)) ?? '[]') as string[]
    const taken = `globalThis[${JSON.stringify(this.#hook)}](${JSON.stringify(specifier)})`
    const lines = names
      .filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default')
      .map((name, index) => `const v${index} = taken.${name}; export { v${index} as ${name} }`)
    const fallback = names.includes('default') ? 'taken.default' : 'taken'
    return isolate.compileModule(`const taken = ${taken}\nexport default ${fallback}\n${lines.join('\n')}`, {
      filename: 'mortise/module.js',
    })
  }
}
