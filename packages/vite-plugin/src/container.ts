/**
 * The container of a remote: `get` and `init` as Module Federation defines them,
 * and nothing else. A sandbox has one host, knows its shares before the plugin
 * runs and loads a plugin once, so the runtime that remotes usually bring
 * (8.6 kB in each) has nothing to do there.
 */
import { posix } from 'node:path'
import { federationManifestName, type Manifest } from '@mortise/contract'
import type { Plugin } from 'vite'
import type { Share, Shares } from './choose-shares.ts'

const containerId = '\0mortise:container.js'
/** Imported by the container and by the modules of the plugin, so both know the same shares. */
export const sharesId = 'virtual:mortise-shares'
const resolvedSharesId = '\0mortise:shares.js'

/** Stands for the shares in the code until all modules are read. */
const placeholder = '__MORTISE_SHARES__'

const exposedModule = './plugin'

export interface ContainerOptions {
  readonly manifest: Manifest
  /** Source of the plugin, absolute. */
  readonly entry: string
  readonly shares: Shares
  /** Packages of the sandbox that the plugin imports, complete once all modules are read. */
  readonly used: ReadonlySet<string>
}

export function container({ manifest, entry, shares, used }: ContainerOptions): Plugin {
  const usedOf = <T>(packages: ReadonlyMap<string, T>) =>
    [...packages].filter(([name]) => used.has(name)).sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    name: 'mortise:container',
    apply: 'build',
    enforce: 'pre',
    resolveId(source) {
      if (source === containerInput) return containerId
      if (source === sharesId) return resolvedSharesId
      return undefined
    },
    load(id) {
      if (id === containerId) return containerSource(entry)
      if (id === resolvedSharesId) return sharesSource(manifest.displayName)
      return undefined
    },
    renderChunk(code) {
      if (!code.includes(placeholder)) return
      const majors = Object.fromEntries(usedOf(shares.shared).map(([name, { majors }]) => [name, majors]))
      return { code: code.replace(placeholder, JSON.stringify(majors)), map: null }
    },
    generateBundle(_options, bundle) {
      const files = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? [file] : []))
      const main = files.find(({ isEntry }) => isEntry)?.fileName ?? ''
      const others = files
        .map(({ fileName }) => fileName)
        .filter((file) => file !== main)
        .sort()
      this.emitFile({
        type: 'asset',
        fileName: federationManifestName,
        source: `${JSON.stringify(describe(manifest, main, others, usedOf(shares.shared), usedOf(shares.own)), undefined, 2)}\n`,
      })
    },
  }
}

/** What the build takes as its input. */
export const containerInput = 'virtual:mortise-container'

function containerSource(entry: string): string {
  return `
    import { init, load, wanted as shares } from ${JSON.stringify(sharesId)}
    export { init, shares }
    export async function get(name) {
      if (name !== ${JSON.stringify(exposedModule)}) throw Error('There is no ' + name)
      await load()
      const plugin = await import(${JSON.stringify(entry)})
      return () => plugin
    }
  `
}

/** `wanted` has the majors that fit each package; none means that any does. */
function sharesSource(displayName: string): string {
  return `
    export const wanted = ${placeholder}
    const loaded = {}
    let scope
    export function init(given) { scope = given }
    export function use(name, key) {
      const module = loaded[name]
      if (key === undefined) return module
      if (key in module) return module[key]
      return key === 'default' ? module : module.default?.[key]
    }
    export const load = () => Promise.all(Object.entries(wanted).map(async ([name, majors]) => {
      const versions = Object.keys(scope?.[name] ?? {})
      const [version] = versions
        .filter((version) => !majors[0] || majors.includes(parseInt(version)))
        .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
      if (!version) throw Object.assign(
        Error(${JSON.stringify(displayName)} + ' needs ' + name + ' ' + majors.join(' or ') + ', the host has ' + (versions + '' || 'none') + '.'),
        { code: 'REMOTE_INVALID' })
      const share = scope[name][version]
      loaded[name] = (share.lib ?? await share.get())()
    }))
  `
}

/** The manifest that other hosts, bundlers and the pre-flight read, in the form all tools of federation write. */
function describe(
  manifest: Manifest,
  main: string,
  others: readonly string[],
  shares: readonly (readonly [string, Share])[],
  copies: readonly (readonly [string, Share & { readonly version: string }])[],
) {
  const name = containerName(manifest.name)
  const assets = (files: readonly string[]) => ({
    js: { sync: files, async: [] },
    css: { sync: [], async: [] },
  })
  const shared = shares.map(([item, { range }]) => ({
    id: `${name}:${item}`,
    name: item,
    version: '',
    singleton: true,
    requiredVersion: range,
    assets: assets([]),
  }))
  const own = copies.map(([item, { range, version }]) => ({
    id: `${name}:${item}`,
    name: item,
    version,
    singleton: false,
    requiredVersion: range,
    assets: assets(others),
  }))
  return {
    id: name,
    name,
    metaData: {
      name,
      type: 'app',
      buildInfo: { buildVersion: manifest.version, buildName: manifest.name },
      remoteEntry: { name: posix.basename(main), path: '', type: 'module' },
      types: { path: '', name: '' },
      globalName: name,
      pluginVersion: manifest.version,
      publicPath: 'auto',
    },
    shared: [...shared, ...own],
    remotes: [],
    exposes: [
      {
        id: `${name}:plugin`,
        name: 'plugin',
        path: exposedModule,
        assets: assets(others),
      },
    ],
  }
}

/** A legal JavaScript identifier that no other plugin id maps to: ids have no `_`. */
function containerName(id: string): string {
  return `mortise_${id.replaceAll('-', '_')}`
}
