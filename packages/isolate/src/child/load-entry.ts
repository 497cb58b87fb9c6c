import { randomUUID } from 'node:crypto'
import type ivm from 'isolated-vm'
import { resolvePath, sourceName } from '../guest/commonjs.ts'

export interface LoadEntryOptions {
  readonly plugin: string
  readonly entry: string
  readonly files: Readonly<Record<string, string>>
  readonly isolate: ivm.Isolate
  readonly context: ivm.Context
  readonly timeoutMs: number
  /** Runs the shim; answers the JSON list of its virtual modules. */
  prepare(): Promise<string | undefined>
  /** Runs a task on the isolate under its limits. */
  watched<T>(task: () => T): Promise<Awaited<T>>
  /** Calls the guest runtime. */
  ask(kind: string, payload: string): Promise<string | undefined>
}

/** Loads the entry file in whichever module format it is written in, and lets the dialect adopt its exports. */
export async function loadEntry(options: LoadEntryOptions): Promise<void> {
  const { entry, files } = options
  const virtual = new Set(JSON.parse((await options.prepare()) ?? '[]') as string[])
  const source = files[entry]
  if (source === undefined) throw new Error(`The package has no file ${entry}`)
  if (await isEcmaModule(options, entry, source)) await loadEcmaModules(options, virtual)
  else await runCommonJs(options)
}

async function runCommonJs(options: LoadEntryOptions): Promise<void> {
  try {
    await options.ask('run', options.entry)
  } catch (thrown) {
    const path = syntaxErrorPath(thrown)
    const source = path === undefined ? undefined : options.files[path]
    // Compiled again only to learn the line and column, which evaluated code does not tell.
    if (path !== undefined && source !== undefined) await compile(options, path, source)
    throw thrown
  }
}

/** Decides as Node does: by the ending, else by whether the text is a script at all. */
async function isEcmaModule(options: LoadEntryOptions, path: string, source: string): Promise<boolean> {
  if (path.endsWith('.mjs')) return true
  if (!path.endsWith('.js')) return false
  try {
    await compile(options, path, source)
    return false
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : ''
    if (/outside a module|Unexpected token 'export'|top level bodies of modules/.test(message)) return true
    throw thrown
  }
}

async function compile({ isolate, plugin }: LoadEntryOptions, path: string, source: string): Promise<void> {
  const script = await isolate.compileScript(`(function () { ${source.replace(/^#!/, '//')}\n})`, {
    filename: sourceName(plugin, path),
  })
  script.release()
}

async function loadEcmaModules(options: LoadEntryOptions, virtual: ReadonlySet<string>): Promise<void> {
  const { isolate, context, plugin, files, ask } = options
  const modules = new Map<string, Promise<ivm.Module>>()
  const paths = new WeakMap<ivm.Module, string>()
  // Generated modules fetch what they stand for through a global that exists only while loading.
  const hook = `mortise:${randomUUID()}`

  function moduleFor(path: string): Promise<ivm.Module> {
    let module = modules.get(path)
    if (!module) {
      module = makeFileModule(path)
      modules.set(path, module)
    }
    return module
  }

  async function makeFileModule(path: string): Promise<ivm.Module> {
    const source = files[path] ?? ''
    if (!(await isEcmaModule(options, path, source))) return generatedModule(`file:${path}`)
    const module = await isolate.compileModule(source.replace(/^#!/, '//'), {
      filename: sourceName(plugin, path),
    })
    paths.set(module, path)
    return module
  }

  async function generatedModule(specifier: string): Promise<ivm.Module> {
    const names = JSON.parse((await ask('describe', specifier)) ?? '[]') as string[]
    const taken = `globalThis[${JSON.stringify(hook)}](${JSON.stringify(specifier)})`
    const lines = names
      .filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default')
      .map((name, index) => `const v${index} = taken.${name}; export { v${index} as ${name} }`)
    const fallback = names.includes('default') ? 'taken.default' : 'taken'
    return isolate.compileModule(`const taken = ${taken}\nexport default ${fallback}\n${lines.join('\n')}`, {
      filename: 'mortise/module.js',
    })
  }

  async function resolve(specifier: string, referrer: ivm.Module): Promise<ivm.Module> {
    const from = paths.get(referrer) ?? ''
    if (virtual.has(specifier)) return generatedModule(specifier)
    if (!/^\.\.?\//.test(specifier)) {
      const available = virtual.size === 0 ? 'none' : [...virtual].join(', ')
      throw new Error(
        `Cannot import '${specifier}' in ${from}: plugins run without Node modules. Available are files of the package by relative path and these modules: ${available}. Bundle other dependencies into the package.`,
      )
    }
    const path = resolvePath(files, from, specifier)
    if (path === undefined) {
      throw new Error(`Cannot find ${specifier}, imported by ${from}: the package has no such file`)
    }
    return moduleFor(path)
  }

  await ask('expose', hook)
  // Modules may await at their top level; one that imports the entry runs when the entry is done.
  const last = await isolate.compileModule(
    `import * as entry from ${JSON.stringify(`./${options.entry}`)}\nglobalThis[${JSON.stringify(hook)}].finish(entry)`,
  )
  await last.instantiate(context, resolve)
  await options.watched(() => last.evaluate({ timeout: options.timeoutMs }))
  await ask('adoptEntry', '')
  await ask('conceal', hook)
}

function syntaxErrorPath(thrown: unknown): string | undefined {
  const payload = (thrown as { payload?: unknown }).payload
  if (typeof payload !== 'string') return undefined
  const code: unknown = (JSON.parse(payload) as { code?: unknown }).code
  return typeof code === 'string' && code.startsWith('SYNTAX:') ? code.slice(7) : undefined
}
