import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import { type Manifest, MortiseError } from '@mortise/contract'
import type { Plugin, UserConfig } from 'vite'
import { chooseShares, type Shares } from './choose-shares.ts'
import { container, containerInput } from './container.ts'
import { readManifest } from './read-manifest.ts'
import { rewriteImports, shareImports } from './share-imports.ts'
import { stylesheets } from './stylesheets.ts'

export interface MortiseOptions {
  /** Folder that holds `manifest.json`. The working directory by default, as `vite build` is run there. */
  readonly root?: string
  /** UI source, relative to `root`. `src/plugin.tsx`, `.ts`, `.jsx` or `.js` by default. */
  readonly entry?: string
}

/**
 * Builds the UI of a plugin as a Module Federation remote that loads in a
 * sandbox: no inline script, no `eval`, no absolute address, no page needed.
 *
 * @remarks
 * The build fails with `MANIFEST_*` where the manifest cannot be used, with
 * `ENTRYPOINT_NOT_FOUND` where there is no source to build. In a dev server or a
 * test run the plugin does nothing.
 *
 * @example
 * ```ts
 * // vite.config.ts
 * import { mortise } from '@mortise/vite-plugin'
 * import { defineConfig } from 'vite'
 *
 * export default defineConfig({ plugins: [mortise()] })
 * ```
 */
export async function mortise(options: MortiseOptions = {}): Promise<Plugin[]> {
  try {
    return await createPlugins(options.root ?? process.cwd(), options.entry)
  } catch (error) {
    // A test run loads the same vite.config, perhaps from another folder: only a build needs all of this.
    const refuse = () => {
      throw error
    }
    return [{ name: 'mortise', apply: 'build', config: refuse }]
  }
}

async function createPlugins(root: string, source: string | undefined): Promise<Plugin[]> {
  const manifest = await readManifest(root)
  const output = outputOf(manifest)
  const entry = join(root, findSource(root, source))
  const shares = await chooseShares(root)
  const used = new Set<string>()
  return [
    {
      name: 'mortise',
      apply: 'build',
      config: () => sandboxConfig(root, output, shares),
    },
    stylesheets(manifest.surface),
    plainImports(),
    container({ manifest, entry, shares, used }),
    shareImports(shares, used),
    rewriteImports(shares, used),
  ]
}

function sandboxConfig(root: string, output: string, { own, jsx }: Shares): UserConfig {
  const outDir = posix.dirname(output)
  return {
    root,
    base: './',
    publicDir: false,
    // The sandbox shares the production JSX runtime only, whatever NODE_ENV says.
    oxc: { jsx: { runtime: 'automatic', importSource: jsx, development: false } },
    // One copy of what is bundled, for the components as for the plugin: theirs would be another React.
    resolve: { dedupe: ['react', 'react-dom'].filter((name) => own.has(name)) },
    build: {
      outDir,
      emptyOutDir: outDir !== '.',
      assetsDir: '.',
      target: 'esnext',
      modulePreload: false,
      rolldownOptions: {
        input: containerInput,
        preserveEntrySignatures: 'strict',
        output: {
          entryFileNames: posix.basename(output),
          // A file of its own: a module that imported the entry would run it twice where a host added a query.
          codeSplitting: { groups: [{ name: 'shares', test: /mortise:shares/ }] },
        },
      },
    },
  }
}

/** Replaces the bundler's preload helper: it writes `<link>` elements, which a sandbox has no use for. */
function plainImports(): Plugin {
  return {
    name: 'mortise:plain-imports',
    apply: 'build',
    enforce: 'pre',
    load: (id) =>
      id.includes('vite/preload-helper') ? 'export const __vitePreload = (load) => load()' : undefined,
  }
}

/** The path `entrypoints.ui` names, which is where the build must put the remote. */
function outputOf(manifest: Manifest): string {
  const output = manifest.entrypoints?.ui
  if (output === undefined) {
    throw new MortiseError(
      'MANIFEST_INVALID',
      'manifest.json#/entrypoints/ui is missing, so there is nothing to build. Name the file to build, such as "dist/remoteEntry.js".',
    )
  }
  return posix.normalize(output)
}

function findSource(root: string, entry: string | undefined): string {
  const candidates = entry
    ? [entry.replace(/^\.\//, '')]
    : ['tsx', 'ts', 'jsx', 'js'].map((extension) => `src/plugin.${extension}`)
  const found = candidates.find((path) => existsSync(join(root, path)))
  if (found === undefined) {
    throw new MortiseError(
      'ENTRYPOINT_NOT_FOUND',
      `${root} has no ${candidates.join(', ')}. Write the source there, or name it: mortise({ entry: 'src/main.ts' }).`,
    )
  }
  return found
}
