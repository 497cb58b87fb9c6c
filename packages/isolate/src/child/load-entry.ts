import type ivm from 'isolated-vm'
import { sourceName } from '../guest/commonjs.ts'
import { loadCallId } from '../wire.ts'
import { EcmaModules, type EcmaModulesOptions } from './ecma-modules.ts'

export interface LoadEntryOptions extends Omit<EcmaModulesOptions, 'isEcmaModule' | 'virtual'> {
  readonly entry: string
  /** Runs the shim; answers the JSON list of its virtual modules. */
  prepare(): Promise<string | undefined>
  /** Told before anything of the package runs. */
  didPrepare(modules: EcmaModules): void
}

/** Loads the entry file in whichever module format it is written in, and lets the dialect adopt its exports. */
export async function loadEntry(options: LoadEntryOptions): Promise<void> {
  const { entry, files } = options
  const virtual = new Set(JSON.parse((await options.prepare()) ?? '[]') as string[])
  const modules = new EcmaModules({
    ...options,
    virtual,
    isEcmaModule: (path, source) => isEcmaModule(options, path, source),
  })
  options.didPrepare(modules)
  const source = files[entry]
  if (source === undefined) throw new Error(`The package has no file ${entry}`)
  if (await isEcmaModule(options, entry, source)) {
    await modules.load(`./${entry}`, '', loadCallId)
    await options.ask('adoptEntry', String(loadCallId))
  } else await runCommonJs(options)
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

type CompileOptions = Pick<LoadEntryOptions, 'plugin'> & { readonly isolate: ivm.Isolate }

/** Decides as Node does: by the ending, else by whether the text is a script at all. */
async function isEcmaModule(options: CompileOptions, path: string, source: string): Promise<boolean> {
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

async function compile({ isolate, plugin }: CompileOptions, path: string, source: string): Promise<void> {
  const script = await isolate.compileScript(`(function () { ${source.replace(/^#!/, '//')}\n})`, {
    filename: sourceName(plugin, path),
  })
  script.release()
}

function syntaxErrorPath(thrown: unknown): string | undefined {
  const payload = (thrown as { payload?: unknown }).payload
  if (typeof payload !== 'string') return undefined
  const code: unknown = (JSON.parse(payload) as { code?: unknown }).code
  return typeof code === 'string' && code.startsWith('SYNTAX:') ? code.slice(7) : undefined
}
