/**
 * The pre-flight of a federated plugin: what it asks of the sandbox, compared
 * with what the sandbox brings, before anything of it runs.
 */
import satisfies from 'semver/functions/satisfies.js'
import valid from 'semver/functions/valid.js'
import validRange from 'semver/ranges/valid.js'
import { type SandboxPackage, sandboxPackages } from './sandbox-packages.ts'
import { type Infer, parse, s } from './schema.ts'
import type { EntryFormat } from './wire.ts'

/** Name of the file beside a remote's entry that says what it shares. */
export const federationManifestName = 'mf-manifest.json'

const packageName = s.pipe(
  s.string(),
  s.minLength(1),
  s.maxLength(100),
  s.regex(/^[@\w./-]+$/, 'must be a package name'),
)
const paths = s.optional(s.array(s.string()), [])
const assets = s.optional(s.looseObject({ sync: paths, async: paths }), {})

/** The part of a Module Federation manifest that the pre-flight reads. */
const manifestSchema = s.looseObject({
  shared: s.pipe(
    s.array(
      s.looseObject({
        name: packageName,
        // Both may be empty or `false`, by the tool that wrote them.
        version: s.optional(s.unknown()),
        requiredVersion: s.optional(s.unknown()),
        assets: s.optional(s.looseObject({ js: assets }), {}),
      }),
    ),
    s.maxLength(200),
  ),
})

/** One package that a remote wants from its host. */
export interface ShareWish {
  readonly name: string
  readonly range: string
  /** Version of the copy that the remote brings, where it brings one. */
  readonly own?: string | undefined
}

/** What comes of the wishes of a remote. */
export interface SharingPlan {
  /** Packages that the remote gets from the sandbox, or may get where it does not say. */
  readonly shared: readonly string[]
  /** Packages the sandbox must not offer, because the remote runs on a copy of its own. */
  readonly isolated: readonly string[]
  /** What neither the sandbox nor the remote has. The remote cannot run. */
  readonly missing: readonly ShareWish[]
  /** All of it in one sentence. */
  readonly sentence: string
}

/** What is known of a UI entry before it runs. */
export interface EntryInspection {
  readonly format: EntryFormat
  readonly plan: SharingPlan
}

/**
 * Looks at the text of an entry and of the federation manifest beside it.
 *
 * @param manifest - `undefined` where there is none.
 */
export function inspectEntry(source: string, manifest: string | undefined): EntryInspection {
  const names = [...source.matchAll(/export\s*\{([^}]*)\}/g)].map(([, list = '']) => list)
  const exported = (name: string) => names.some((list) => new RegExp(`\\b${name}\\s*(,|$)`).test(list.trim()))
  if (!exported('init') || !exported('get')) return { format: 'module', plan: nothingShared }
  const wishes = manifest === undefined ? undefined : readShareWishes(manifest)
  return {
    // Only containers of our own build say in their code what they share.
    format: exported('shares') ? 'container' : 'federation',
    plan: wishes ? planSharing(wishes) : unknownSharing,
  }
}

/** Reads the wishes from the text of a federation manifest. `undefined` where it is none. */
export function readShareWishes(text: string): readonly ShareWish[] | undefined {
  const parsed = parse(manifestSchema, readJson(text))
  if (!parsed.ok) return undefined
  return parsed.value.shared.map(toWish)
}

function toWish({ name, version, requiredVersion, assets }: Infer<typeof manifestSchema>['shared'][number]) {
  const { sync = [], async: later = [] } = assets.js ?? {}
  const own = sync.length + later.length > 0 ? readText(version, valid) : undefined
  return { name, range: readText(requiredVersion, validRange) ?? '*', own }
}

/** Decides what a remote shares with its sandbox and what stays its own. */
export function planSharing(given: readonly ShareWish[]): SharingPlan {
  const wishes = given.toSorted((a, b) => rankOf(a.name) - rankOf(b.name))
  const met = (wish: ShareWish) => {
    const offered = packageOf(wish.name)
    return offered !== undefined && satisfies(offered.version, wish.range, { includePrerelease: true })
  }
  // The components draw with the React beside them: with another React they have to be another copy too.
  const ownReact = wishes.some((wish) => packageOf(wish.name)?.family === 'react' && !met(wish))
  const keeps = (wish: ShareWish) => {
    const family = packageOf(wish.name)?.family
    return met(wish) && !(ownReact && (family === 'react' || family === 'components'))
  }
  const shared = wishes.filter(keeps)
  const rest = wishes.filter((wish) => !keeps(wish))
  const own = rest.filter((wish) => wish.own !== undefined)
  const missing = rest.filter((wish) => wish.own === undefined)
  const isolated = Object.entries<SandboxPackage>(sandboxPackages).filter(
    ([name, { family }]) =>
      rest.some((wish) => wish.name === name) ||
      (ownReact && (family === 'react' || family === 'components')),
  )
  return {
    shared: shared.map(({ name }) => name),
    isolated: isolated.map(([name]) => name),
    missing,
    sentence: sentenceOf(shared, own, missing),
  }
}

/** What is said of a remote that has no manifest to read. */
export const unknownSharing: SharingPlan = {
  shared: Object.keys(sandboxPackages),
  isolated: [],
  missing: [],
  sentence: `Does not say what it shares: there is no readable ${federationManifestName} beside its entry. What it brings stays in its realm.`,
}

/** What is said of a plain module. */
export const nothingShared: SharingPlan = planSharing([])

function sentenceOf(
  shared: readonly ShareWish[],
  own: readonly ShareWish[],
  missing: readonly ShareWish[],
): string {
  if (missing.length > 0) {
    const wants = list(titles(missing, ({ range }) => range))
    const offers = list(
      titles(
        missing.filter(({ name }) => packageOf(name)),
        ({ name }) => packageOf(name)?.version,
      ),
    )
    return `Cannot run: it asks for ${wants} and brings no copy of its own${offers ? `, and the sandbox has ${offers}` : ''}.`
  }
  const gets = list(titles(shared, ({ name }) => packageOf(name)?.version))
  const brings = list(titles(own, (wish) => wish.own))
  if (!gets && !brings)
    return 'Shares nothing with the sandbox: all it uses is its own and stays in its realm.'
  if (!brings) return `Shares ${gets} with the sandbox; nothing is isolated.`
  return `${gets ? `Shares ${gets} with the sandbox` : 'Shares nothing with the sandbox'}; brings its own ${brings}, isolated in its realm.`
}

const familyTitles = { react: 'React', components: 'the components', sdk: 'the SDK' } as const

/** One title for the packages of a family, with the version where people know the family by it. */
function titles(
  wishes: readonly ShareWish[],
  versionOf: (wish: ShareWish) => string | undefined,
): readonly string[] {
  const named = wishes.map((wish) => {
    const family = packageOf(wish.name)?.family
    if (family && family !== 'react') return familyTitles[family]
    return `${family ? familyTitles[family] : wish.name} ${versionOf(wish) ?? ''}`.trim()
  })
  return [...new Set(named)]
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** Place in the table of packages; what it does not have comes last. */
function rankOf(name: string): number {
  const names = Object.keys(sandboxPackages)
  return names.includes(name) ? names.indexOf(name) : names.length
}

function packageOf(name: string): SandboxPackage | undefined {
  return Object.hasOwn(sandboxPackages, name)
    ? sandboxPackages[name as keyof typeof sandboxPackages]
    : undefined
}

function readText(value: unknown, check: (text: string) => string | null): string | undefined {
  return typeof value === 'string' && value.length <= 100 && check(value) !== null ? value : undefined
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
