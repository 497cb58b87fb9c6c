import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { planSharing, type ShareWish, sandboxPackages } from '@mortise/contract'
import intersects from 'semver/ranges/intersects.js'
import validRange from 'semver/ranges/valid.js'

/** A package that the built plugin takes from its host. */
export interface Share {
  /** Range of versions, as the plugin's own `package.json` has it. */
  readonly range: string
  /** Major versions in that range, for a container that knows no semantic versions. Empty: any. */
  readonly majors: readonly number[]
}

export interface Shares {
  /** Where JSX comes from: React, or Preact for a plugin that depends on it alone. */
  readonly jsx: 'react' | 'preact'
  readonly shared: ReadonlyMap<string, Share>
  /** Packages the sandbox has in a version that the plugin was not made for: bundled, by their version. */
  readonly own: ReadonlyMap<string, Share & { readonly version: string }>
}

/** Which packages of the sandbox a plugin shares, by the versions it depends on. */
export async function chooseShares(root: string): Promise<Shares> {
  const declared = await readDependencies(root)
  const wishes: ShareWish[] = []
  for (const name of Object.keys(sandboxPackages)) {
    const packageName = name
      .split('/')
      .slice(0, name.startsWith('@') ? 2 : 1)
      .join('/')
    const own = await installedVersion(root, packageName)
    // The parts of React go by the version of React itself.
    const range =
      rangeOf(declared[packageName]) ??
      rangeOf(declared.react && packageName === 'react-dom' ? declared.react : undefined)
    wishes.push({ name, range: range ?? fallbackRange(packageName, own), own })
  }
  const plan = planSharing(wishes)
  const shareOf = ({ range }: ShareWish): Share => ({ range, majors: majorsOf(range) })
  return {
    jsx: declared.preact !== undefined && declared.react === undefined ? 'preact' : 'react',
    shared: new Map(
      wishes.filter(({ name }) => !plan.isolated.includes(name)).map((wish) => [wish.name, shareOf(wish)]),
    ),
    own: new Map(
      wishes
        .filter(({ name }) => plan.isolated.includes(name))
        .map((wish) => [wish.name, { ...shareOf(wish), version: wish.own ?? '0.0.0' }]),
    ),
  }
}

/** A package that is installed but not declared was still what the plugin was written against. */
function fallbackRange(packageName: string, installed: string | undefined): string {
  return packageName.startsWith('react') && installed ? `^${installed}` : '*'
}

/** Majors far beyond any that exist are not worth a byte in every plugin. */
const known = Array.from({ length: 40 }, (_, major) => major)

function majorsOf(range: string): number[] {
  const majors = known.filter((major) => intersects(range, `^${major}.0.0-0`, { includePrerelease: true }))
  return majors.length > 10 ? [] : majors
}

/** Workspace and catalog protocols are no ranges: what they point to is what is installed. */
function rangeOf(declared: string | undefined): string | undefined {
  return declared !== undefined && validRange(declared) !== null ? declared : undefined
}

async function readDependencies(root: string): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(join(root, 'package.json'), 'utf8').catch(() => '{}')
  const { dependencies, devDependencies, peerDependencies } = JSON.parse(text)
  return { ...devDependencies, ...dependencies, ...peerDependencies }
}

/** Version of the package that the plugin's sources import. `undefined` where none is installed. */
async function installedVersion(root: string, packageName: string): Promise<string | undefined> {
  for (const folder of createRequire(join(root, 'package.json')).resolve.paths(packageName) ?? []) {
    const text = await readFile(join(folder, packageName, 'package.json'), 'utf8').catch(() => undefined)
    if (text !== undefined) return JSON.parse(text).version
  }
  return undefined
}
