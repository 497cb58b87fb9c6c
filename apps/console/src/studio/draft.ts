import { parse, s, themeIconNames } from '@mortise/contract'
import {
  composeTheme,
  isResolver,
  modifierContexts,
  type Theme,
  type ThemeContext,
  type TokenSource,
} from '@mortise/tokens'
import { baseSource } from '@mortise/tokens/base'
import { patchSource, type Written } from '@mortise/tokens/repair'

/** Contexts of the `mode` modifier, in the order they are shown. */
export const contextNames = ['light', 'dark', 'light-more', 'dark-more'] as const

export type ContextName = (typeof contextNames)[number]

/** Modifiers beside `mode` that may set a token again. */
const otherAxes = ['density', 'motion', 'direction', 'brand'] as const

/** Where an edit goes: a context of `mode`, or one of another modifier, as `brand:acme`. */
export type EditContext = ContextName | `${(typeof otherAxes)[number]}:${string}`

/** New values by context, by token path. */
export type Edits = Readonly<Partial<Record<EditContext, Readonly<Record<string, Written>>>>>

/** A font that a theme brings: a WOFF2 file under the name that its tokens call it. */
export interface DraftFont {
  readonly family: string
  readonly weight: number | readonly [from: number, to: number]
  readonly style: 'normal' | 'italic'
  /** The file in Base64. */
  readonly data: string
}

/** What a theme brings beside its tokens. Pictures are SVG texts as they were given: they are cleaned wherever they are shown. */
export interface DraftBranding {
  readonly name?: string | undefined
  readonly logo?: string | undefined
  readonly mark?: string | undefined
  readonly navigation?: 'side' | 'top' | undefined
  readonly density?: 'cosy' | 'compact' | undefined
  /** By the name of the icon they take the place of. */
  readonly icons?: Readonly<Record<string, string>> | undefined
}

/** Characters of a picture, as the server takes them. */
export const pictureLimits = { logo: 32_000, icon: 4000 } as const

/** Files that a theme may bring as fonts, and bytes of one and of all, as the server takes them. */
export const fontLimits = { files: 8, bytes: 150_000, allBytes: 500_000 } as const

/** The file of a font. */
export function bytesOf({ data }: DraftFont): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(data), (char) => char.charCodeAt(0))
}

/** A name that can be shown in place of the host's. */
export const brandName = /^[^\p{C}]{1,32}$/u

/** A theme being made. */
export interface Draft {
  readonly name: string
  readonly version: string
  /** What it started from. */
  readonly source: TokenSource
  /** What was changed since. */
  readonly edits: Edits
  readonly branding?: DraftBranding | undefined
  readonly fonts?: readonly DraftFont[] | undefined
}

/** A draft that looks like the base set. */
export const emptyDraft: Draft = { name: 'My theme', version: '1.0.0', source: { document: {} }, edits: {} }

/** Versions that a package can have. */
export const versionPattern = /^\d{1,6}\.\d{1,6}\.\d{1,6}$/

const maxDraftLength = 1024 * 1024
const modesOf = new WeakMap<TokenSource, readonly ContextName[]>()

/** The theme of a draft with its edits laid in. */
export function sourceOf({ source, edits }: Draft): TokenSource {
  const names: readonly EditContext[] = [
    ...contextNames.filter((name) => baseContexts(source).includes(name) || edits[name]),
    ...Object.keys(edits).filter((name) => isOtherContext(source, name)),
  ]
  return patchSource(source, new Map(names.map((name) => [name, new Map(Object.entries(edits[name] ?? {}))])))
}

/** A copy with one token changed in some contexts. */
export function withEdit(
  draft: Draft,
  path: string,
  contexts: readonly EditContext[],
  value: Written,
): Draft {
  const changed = contexts.map((name) => [name, { ...draft.edits[name], [path]: value }] as const)
  return { ...draft, edits: { ...draft.edits, ...Object.fromEntries(changed) } }
}

/** A copy without the edits of one token. */
export function withoutEdit(draft: Draft, path: string): Draft {
  const edits = Object.entries(draft.edits).map(([name, values]) => [
    name,
    Object.fromEntries(Object.entries(values ?? {}).filter(([edited]) => edited !== path)),
  ])
  return {
    ...draft,
    edits: Object.fromEntries(edits.filter(([, values]) => Object.keys(values!).length > 0)),
  }
}

/** Whether a token was changed since the draft started, in any context. */
export function isEdited({ edits }: Draft, path: string): boolean {
  return Object.values(edits).some((values) => values && Object.hasOwn(values, path))
}

/**
 * Contexts that an edit of a token goes into. A color differs by context; all
 * else is the same in each context that the theme has.
 */
export function contextsFor(
  draft: Draft,
  { path, type }: { readonly path: string; readonly type: string },
  shown: ContextName,
): readonly ContextName[] {
  if (type === 'color' || path.startsWith('shadow.')) return [shown]
  return contextNames.filter((name) => baseContexts(draft.source).includes(name) || draft.edits[name])
}

/**
 * The context beside the mode that is shown and sets a token itself: what went into the mode would
 * not be seen. `undefined` where there is none.
 */
export function otherContextOf(
  source: TokenSource,
  theme: Theme,
  context: ThemeContext,
  path: string,
): EditContext | undefined {
  const plain = { density: 'cosy', motion: 'full', direction: 'ltr', brand: theme.brands[0] ?? '' } as const
  const shown = { ...context, brand: context.brand || plain.brand }
  const valueIn = (at: ThemeContext) => JSON.stringify(theme.resolve(at).get(path)?.value)
  const axis = otherAxes.findLast(
    (axis) => shown[axis] !== plain[axis] && valueIn(shown) !== valueIn({ ...shown, [axis]: plain[axis] }),
  )
  const name = `${axis}:${axis && shown[axis]}`
  return isOtherContext(source, name) ? name : undefined
}

const otherPattern = new RegExp(`^(?:${otherAxes.join('|')}):[a-z][a-z\\d-]{0,40}$`, 'i')

/** Whether the source has this context of a modifier beside `mode`. */
function isOtherContext(source: TokenSource, name: string): name is EditContext {
  if (!otherPattern.test(name)) return false
  const [axis = '', value = ''] = name.split(':')
  return modifierContexts(source.document).get(axis)?.includes(value) ?? false
}

const writtenSchema = s.object({ $type: s.optional(s.string()), $value: s.unknown() })
const editsSchema = s.optional(s.dictionary(writtenSchema), {})

const picture = s.optional(s.pipe(s.string(), s.maxLength(pictureLimits.logo)))
const knownIcons: ReadonlySet<string> = new Set(themeIconNames)

const brandingSchema = s.object({
  name: s.optional(s.pipe(s.string(), s.regex(brandName))),
  logo: picture,
  mark: picture,
  navigation: s.optional(s.picklist(['side', 'top'])),
  density: s.optional(s.picklist(['cosy', 'compact'])),
  icons: s.optional(
    s.pipe(
      s.dictionary(s.pipe(s.string(), s.maxLength(pictureLimits.icon))),
      s.check((icons) => Object.keys(icons).every((name) => knownIcons.has(name))),
    ),
  ),
})

const weight = s.pipe(s.number(), s.integer(), s.minValue(1), s.maxValue(1000))

const fontSchema = s.object({
  family: s.pipe(s.string(), s.regex(/^[A-Za-z][\w -]{0,59}$/)),
  weight: s.union([weight, s.tuple([weight, weight])]),
  style: s.picklist(['normal', 'italic']),
  data: s.pipe(
    s.string(),
    s.maxLength(Math.ceil(fontLimits.bytes / 3) * 4),
    s.regex(/^(?:[A-Za-z\d+/]{4})+(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/),
  ),
})

/** What a stranger may hand over as a draft. Token documents stay raw: the engine parses them as it does any file. */
const draftSchema = s.object({
  name: s.pipe(s.string(), s.minLength(1), s.maxLength(80)),
  version: s.pipe(s.string(), s.regex(versionPattern)),
  source: s.object({
    document: s.dictionary(s.unknown()),
    file: s.optional(s.pipe(s.string(), s.maxLength(200))),
    files: s.optional(s.dictionary(s.unknown())),
  }),
  edits: s.optional(s.dictionary(editsSchema), {}),
  branding: s.optional(brandingSchema),
  fonts: s.optional(s.pipe(s.array(fontSchema), s.maxLength(fontLimits.files))),
})

/**
 * Reads a draft that was kept or shared.
 *
 * @returns undefined where it is not a draft, or one that the engine cannot compose.
 */
export function parseDraft(text: string): Draft | undefined {
  if (text.length > maxDraftLength) return undefined
  try {
    const parsed = parse(draftSchema, JSON.parse(text))
    if (!parsed.ok) return undefined
    const { name, version, source, edits, branding, fonts } = parsed.value
    const filled = Object.entries(edits).filter(
      ([context, values]) =>
        Object.keys(values).length > 0 &&
        (contextNames.some((known) => known === context) || isOtherContext(source, context)),
    )
    const draft = {
      name,
      version,
      source,
      edits: Object.fromEntries(filled) as Edits,
      ...(branding && { branding }),
      ...(fonts && { fonts }),
    }
    // Asks for what only a whole look at it tells: nothing of it may fail later.
    void composeTheme(baseSource, sourceOf(draft)).diagnostics
    return draft
  } catch {
    return undefined
  }
}

/** Contexts a source has before any edit: its modes, and those for more contrast that are its own. */
function baseContexts(source: TokenSource): readonly ContextName[] {
  const known = modesOf.get(source)
  if (known) return known
  const own = isResolver(source.document) ? (modifierContexts(source.document).get('mode') ?? []) : []
  const { modes } = composeTheme(baseSource, source)
  const names = contextNames.filter((name) => modes.some((mode) => mode === name) || own.includes(name))
  modesOf.set(source, names)
  return names
}
