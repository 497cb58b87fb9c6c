import { basename, extname } from 'node:path'
import { build, type InlineConfig, type Plugin } from 'vite'

export interface SandboxEntries {
  /** Where entries and their imports are resolved from. */
  readonly root: string
  /** Entries of documents: module scripts, whose chunks lie beside them. */
  readonly documents: Readonly<Record<string, string>>
  /** Entries of workers: each becomes one classic script, which the page hands to the sandbox. */
  readonly scripts: Readonly<Record<string, string>>
  /** `true` by default. */
  readonly minify?: boolean
}

/** Without styles and preload links there is nothing for the bundler's preload helper to do. */
const plainImports: Plugin = {
  name: 'plain-imports',
  enforce: 'pre',
  load: {
    filter: { id: /vite\/preload-helper/ },
    handler: () => 'export const __vitePreload = (load) => load()',
  },
}

/**
 * Builds what sandboxes run before any plugin. Answers the files by the names under which a server sends
 * them below `/sandbox-assets/`.
 */
export async function buildSandbox(entries: SandboxEntries): Promise<ReadonlyMap<string, string>> {
  const { documents, scripts } = entries
  const files = new Map<string, string>()
  if (Object.keys(documents).length > 0) {
    const output = {
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
    }
    await addFiles(files, entries, { input: { ...documents }, preserveEntrySignatures: false, output })
  }
  for (const [name, entry] of Object.entries(scripts)) {
    const output = { format: 'iife' as const, codeSplitting: false, entryFileNames: `${name}.js` }
    await addFiles(files, entries, { input: { [name]: entry }, output })
  }
  return files
}

type RolldownOptions = NonNullable<NonNullable<InlineConfig['build']>['rolldownOptions']>

async function addFiles(
  files: Map<string, string>,
  { root, minify = true }: SandboxEntries,
  rolldownOptions: RolldownOptions,
): Promise<void> {
  const built = await build({
    configFile: false,
    root,
    // Relative, because a document with an opaque origin has no address of its own to start from.
    base: './',
    publicDir: false,
    logLevel: 'error',
    plugins: [plainImports],
    build: {
      write: false,
      minify,
      target: 'es2022',
      assetsInlineLimit: 0,
      // A worker has no document to put preload links into.
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions,
    },
  })
  for (const result of Array.isArray(built) ? built : [built]) {
    if (!('output' in result)) throw new Error('The sandbox was not built.')
    for (const file of result.output) {
      if (file.type === 'chunk') files.set(file.fileName, file.code)
      else
        throw new Error(
          `${basename(file.fileName)}: a sandbox has no files of the kind ${extname(file.fileName)}.`,
        )
    }
  }
}
