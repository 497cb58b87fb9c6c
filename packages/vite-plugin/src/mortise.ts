import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import { federation, type ModuleFederationOptions } from '@module-federation/vite'
import { type Manifest, MortiseError } from '@mortise/contract'
import type { Plugin, PluginOption, UserConfig } from 'vite'
import { readManifest } from './read-manifest.ts'
import { scanModules } from './scan-modules.ts'
import { stylesheets } from './stylesheets.ts'

export interface MortiseOptions {
  /** Folder that holds `manifest.json`. The working directory by default, as `vite build` is run there. */
  readonly root?: string
  /** UI source, relative to `root`. `src/plugin.tsx`, `.ts`, `.jsx` or `.js` by default. */
  readonly entry?: string
}

/** Packages that the sandbox brings. A plugin never bundles them, so all share one copy in a realm. */
const provided = {
  react: '>=18.0.0',
  'react/jsx-runtime': '>=18.0.0',
  'react-dom': '>=18.0.0',
  'react-dom/client': '>=18.0.0',
  '@mortise/react': '*',
  '@mortise/sdk': '*',
} as const

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
  const entry = findSource(root, source)
  let files: readonly string[] = []
  const ours: Plugin[] = [
    {
      name: 'mortise',
      apply: 'build',
      async config({ plugins = [] }) {
        const others = ((await flatten(plugins)) as Plugin[]).filter((plugin) => !ours.includes(plugin))
        files = await scanModules(root, entry, Object.keys(provided), others)
        return sandboxConfig(root, entry, posix.dirname(output))
      },
    },
    stylesheets(manifest.surface),
    plainImports(),
    ...remote({
      name: containerName(manifest.name),
      filename: posix.basename(output),
      exposes: { './plugin': `./${entry}` },
      shared: Object.fromEntries(
        Object.entries(provided).map(([name, requiredVersion]) => [
          name,
          { singleton: true, requiredVersion, import: false, suppressMissingImportWarning: true },
        ]),
      ),
      manifest: false,
      dts: false,
      dev: false,
      // A module with a syntax error is never reported as parsed: give up on it soon.
      moduleParseIdleTimeout: 3,
      disableSnapshot: true,
      disableRemote: true,
      experiments: { externalRuntime: true },
    }).map((plugin) => waitFor(plugin, () => files)),
  ]
  return ours
}

/**
 * Tells the part of the federation plugin that decides when all files are parsed
 * which files there are: it takes them from the inputs it is configured with.
 */
function waitFor(plugin: Plugin, files: () => readonly string[]): Plugin {
  const { configResolved } = plugin
  if (plugin.name !== 'parseStart' || typeof configResolved !== 'function') return plugin
  return {
    ...plugin,
    configResolved(config) {
      const rollupOptions = { ...config.build.rollupOptions, input: [...files()] }
      return configResolved.call(this, { ...config, build: { ...config.build, rollupOptions } })
    },
  }
}

async function flatten(plugins: readonly PluginOption[]): Promise<unknown[]> {
  const known = await Promise.all(plugins)
  const flat = await Promise.all(known.map((each) => (Array.isArray(each) ? flatten(each) : [each])))
  return flat.flat().filter(Boolean)
}

/** Federation switches itself off in test runs, where building plugins is exactly what is tested. */
function remote(options: ModuleFederationOptions): Plugin[] {
  const name = 'MFE_VITE_NO_TEST_ENV_CHECK'
  const before = process.env[name]
  process.env[name] = 'true'
  try {
    const plugins: Plugin[] = federation(options)
    return plugins
      .filter(({ apply }) => apply !== 'serve')
      .map((plugin) => Object.assign(plugin, { apply: 'build' }))
  } finally {
    if (before === undefined) delete process.env[name]
    else process.env[name] = before
  }
}

function sandboxConfig(root: string, entry: string, outDir: string): UserConfig {
  return {
    root,
    base: './',
    publicDir: false,
    // The sandbox shares the production JSX runtime only, whatever NODE_ENV says.
    oxc: { jsx: { runtime: 'automatic', development: false } },
    build: {
      outDir,
      emptyOutDir: outDir !== '.',
      assetsDir: '.',
      target: 'esnext',
      modulePreload: false,
      rolldownOptions: {
        input: join(root, entry),
        output: { codeSplitting: { groups: [{ name: 'federation', test: isFederationCode }] } },
      },
    },
  }
}

/**
 * Code that is the same in every remote goes into one file instead of eight. The
 * share shims stay with the plugin: they may only run once the container is initialized.
 */
function isFederationCode(id: string): boolean {
  return /__mfe_internal__|[\\/]@module-federation[\\/]|preload-helper/.test(id) && !id.includes('loadShare')
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

/** A legal JavaScript identifier that no other plugin id maps to: ids have no `_`. */
function containerName(id: string): string {
  return `mortise_${id.replaceAll('-', '_')}`
}
