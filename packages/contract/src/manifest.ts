import { commandSchema } from './command.ts'
import { declaredNameSchema } from './declared-name.ts'
import { recipientPatternSchema } from './email.ts'
import { emailTemplateSchema } from './email-template.ts'
import type { Issue } from './errors.ts'
import { pluginIdPattern } from './ids.ts'
import type { Result } from './result.ts'
import { type Infer, parse, s } from './schema.ts'
import { themeIconNames } from './theme-icons.ts'

export const pluginTypes = [
  'extension',
  'webhook',
  'integration',
  'theme',
  'cli',
  'api',
  'ui',
  'system',
] as const

export const surfaces = ['worker', 'frame'] as const

const shortText = s.pipe(s.string(), s.minLength(1, 'must not be empty'), s.maxLength(200))
const packagePath = s.pipe(
  s.string(),
  s.minLength(1, 'must not be empty'),
  s.check(isSafePath, 'must be a path inside the package, without "..", backslashes or a leading "/"'),
)

const publicPath = s.pipe(
  s.string(),
  s.maxLength(200),
  s.regex(/^\/[^?#\s]*$/, 'must be a path that starts with "/"'),
)

const weight = s.pipe(s.number(), s.integer(), s.minValue(1), s.maxValue(1000))

const widgetSchema = s.looseObject({
  id: s.pipe(s.string(), s.regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and "-"')),
  title: shortText,
  slot: s.pipe(
    s.string(),
    s.regex(/^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)+$/, 'must be a dotted slot name'),
  ),
  /** Paint order in the slot, lowest first. */
  order: s.optional(s.pipe(s.number(), s.finite()), 100),
  /** CSS pixels reserved before the widget says its own height. */
  height: s.optional(s.pipe(s.number(), s.minValue(16), s.maxValue(4000))),
})

const secretSchema = s.looseObject({
  name: declaredNameSchema,
  title: s.optional(shortText),
  description: s.optional(s.pipe(s.string(), s.maxLength(500))),
})

const jobSchema = s.looseObject({
  name: declaredNameSchema,
  /** Five cron fields in UTC, or a word such as `hourly`. */
  schedule: s.pipe(s.string(), s.minLength(1), s.maxLength(100)),
  description: s.optional(s.pipe(s.string(), s.maxLength(500))),
})

const fontSchema = s.looseObject({
  /** The name by which the tokens of this theme call it. No other page, theme or plugin sees it. */
  family: s.pipe(
    s.string(),
    s.regex(/^[A-Za-z][\w -]{0,59}$/, 'must be letters, digits, spaces, "_" and "-"'),
  ),
  path: s.pipe(packagePath, s.regex(/\.woff2$/, 'must be a .woff2 file')),
  /** One weight, or the two ends of a variable font. */
  weight: s.optional(s.union([weight, s.tuple([weight, weight])]), 400),
  style: s.optional(s.picklist(['normal', 'italic']), 'normal'),
})

const knownIcons: ReadonlySet<string> = new Set(themeIconNames)

const picturePath = s.pipe(packagePath, s.regex(/\.svg$/, 'must be a .svg file'))

const brandingSchema = s.looseObject({
  /** Shown in place of the host's name. */
  name: s.optional(s.pipe(s.string(), s.regex(/^[^\p{C}]{1,32}$/u, 'must be 1 to 32 visible characters'))),
  /** Shown with the name beside it: 24 pixels high. */
  logo: s.optional(picturePath),
  /** Shown alone where the logo has no room. */
  mark: s.optional(picturePath),
  navigation: s.optional(s.picklist(['side', 'top'], 'must be side or top')),
  density: s.optional(s.picklist(['cosy', 'compact'], 'must be cosy or compact')),
})

const themeSchema = s.looseObject({
  id: shortText,
  label: shortText,
  path: packagePath,
  fonts: s.optional(s.pipe(s.array(fontSchema), s.maxLength(8))),
  /** Pictures by the name of the icon they take the place of. Drawn as silhouettes in the color of the text. */
  icons: s.optional(
    s.pipe(
      s.dictionary(picturePath),
      s.check(
        (icons) => Object.keys(icons).every((name) => knownIcons.has(name)),
        'must name icons that a theme can draw: docs/reference/theme-icons.md lists them',
      ),
    ),
  ),
  branding: s.optional(brandingSchema),
})

/** Fields we read. Unknown keys are kept: foreign manifests carry more than we use. */
export const manifestSchema = s.looseObject({
  name: s.pipe(
    s.string(),
    s.regex(pluginIdPattern, 'must start with a lower-case letter and hold only a-z, 0-9 and "-"'),
  ),
  version: s.pipe(
    s.string(),
    s.regex(
      /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/,
      'must be a semantic version such as 1.0.0',
    ),
  ),
  displayName: shortText,
  description: s.pipe(s.string(), s.maxLength(2000)),
  type: s.picklist(pluginTypes, `must be one of ${pluginTypes.join(', ')}`),
  author: shortText,
  license: s.optional(s.string()),
  homepage: s.optional(s.string()),
  repository: s.optional(s.string()),
  icon: s.optional(s.string()),
  permissions: s.pipe(s.array(s.pipe(s.string(), s.minLength(1), s.maxLength(100))), s.maxLength(64)),
  entrypoints: s.optional(
    s.looseObject({
      main: s.optional(packagePath),
      ui: s.optional(packagePath),
      theme: s.optional(packagePath),
    }),
  ),
  /** Where an extension's UI runs. A worker unless the plugin needs its own DOM. */
  surface: s.optional(s.picklist(surfaces, 'must be worker or frame'), 'worker'),
  contributes: s.optional(
    s.looseObject({
      widgets: s.optional(s.pipe(s.array(widgetSchema), s.maxLength(32)), []),
      themes: s.optional(s.pipe(s.array(themeSchema), s.maxLength(16)), []),
      /** Commands of the server code, shown in the palette of the shell. */
      commands: s.optional(s.pipe(s.array(commandSchema), s.maxLength(32)), []),
    }),
    {},
  ),
  /** How events are handed to the server code. */
  deliveries: s.optional(
    s.looseObject({
      /** JSON pointer into the event: events with the same value there come one after the other. `*` for all. */
      orderBy: s.optional(
        s.pipe(
          s.string(),
          s.maxLength(200),
          s.regex(
            /^(\*|(\/[^/]+)+)$/,
            'must be "*" or a JSON pointer into the event such as /data/session/id',
          ),
        ),
      ),
    }),
  ),
  /** Event types and wildcards that the server code may listen to. Where they are named, code that listens to others is not started. */
  subscriptions: s.optional(s.pipe(s.array(s.pipe(s.string(), s.maxLength(128))), s.maxLength(200))),
  /** Web addresses below `/plugins/<name>`. */
  http: s.optional(
    s.looseObject({
      /** Folder of the package whose files are served to everybody. */
      files: s.optional(packagePath, 'public'),
      /** Paths that answer people who are not signed in, with `*` for one part and a last `/*` for any rest. Needs `serve:public`. */
      public: s.optional(s.pipe(s.array(publicPath), s.maxLength(64)), []),
    }),
    {},
  ),
  network: s.optional(s.looseObject({ allowedHosts: s.optional(s.array(shortText), []) })),
  /** Secrets that an administrator stores for the plugin's server code, apart from its configuration. */
  secrets: s.optional(
    s.pipe(
      s.array(secretSchema),
      s.maxLength(32),
      s.check(
        (secrets) => new Set(secrets.map(({ name }) => name)).size === secrets.length,
        'must not name a secret twice',
      ),
    ),
    [],
  ),
  /** Work of the server code at set times. */
  scheduler: s.optional(
    s.looseObject({ jobs: s.optional(s.pipe(s.array(jobSchema), s.maxLength(32)), []) }),
    {},
  ),
  /** Email. Whom the plugin would like to write to: `ada@example.com` or `*@example.com`. An administrator allows it. */
  email: s.optional(
    s.looseObject({
      recipients: s.optional(s.pipe(s.array(recipientPatternSchema), s.maxLength(32)), []),
      /** Messages with names to fill in, for `email.send({ template, data })`. */
      templates: s.optional(
        s.pipe(
          s.array(emailTemplateSchema),
          s.maxLength(32),
          s.check(
            (templates) => new Set(templates.map(({ name }) => name)).size === templates.length,
            'must not name a template twice',
          ),
        ),
        [],
      ),
    }),
    {},
  ),
  configSchema: s.optional(s.dictionary(s.unknown())),
  defaultConfig: s.optional(s.dictionary(s.unknown())),
})

/** A parsed manifest. */
export type Manifest = Infer<typeof manifestSchema>

export type WidgetContribution = Infer<typeof widgetSchema>
export type ThemeContribution = Infer<typeof themeSchema>

/** The files of a package that the manifest makes the host load. */
export interface PluginEntries {
  /** Server code, run in an isolate. */
  readonly main: string | undefined
  /** UI code, run in a browser sandbox. */
  readonly ui: string | undefined
  readonly themes: readonly ThemeContribution[]
}

const manifestFile = 'manifest.json'

/** Paths of the pictures that a theme brings, each once. */
export function picturesOf({ icons, branding }: ThemeContribution): readonly string[] {
  const paths = [branding?.logo, branding?.mark, ...Object.values(icons ?? {})]
  return [...new Set(paths.filter((path) => path !== undefined))]
}

/** The themes of a plugin: those it contributes, else the one its entrypoint names. */
export function themesOf({
  name,
  displayName,
  entrypoints,
  contributes,
}: Manifest): readonly ThemeContribution[] {
  const { themes = [] } = contributes
  const path = entrypoints?.theme
  return path !== undefined && themes.length === 0 ? [{ id: name, label: displayName, path }] : themes
}

/** Reads the text of a `manifest.json`. Every issue carries the file and a JSON pointer. */
export function parseManifest(text: string): Result<{ manifest: Manifest; raw: Record<string, unknown> }> {
  let raw: unknown
  try {
    raw = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    return fail('', `is not JSON: ${(error as Error).message}. Correct the file and pack it again.`)
  }
  const parsed = parse(manifestSchema, raw, manifestFile)
  return parsed.ok
    ? { ok: true, value: { manifest: parsed.value, raw: raw as Record<string, unknown> } }
    : { ok: false, issues: parsed.issues.map(explain) }
}

/**
 * Which files a package must contain, and whether they are there. A package that
 * names no entry falls back to `index.js`, then `plugin.js`, as its origin did.
 */
export function findEntries(manifest: Manifest, files: ReadonlySet<string>): Result<PluginEntries> {
  const issues: Issue[] = []
  const need = (path: string | undefined, pointer: string) => {
    if (path !== undefined && !files.has(path)) {
      issues.push({
        file: manifestFile,
        pointer,
        message: `names ${path}, which is not in the package. Add the file or correct the path.`,
      })
    }
    return path
  }
  const { entrypoints, type } = manifest
  const themes = manifest.contributes.themes ?? []
  for (const [index, { path, fonts, icons, branding }] of themes.entries()) {
    const pointer = `/contributes/themes/${index}`
    need(path, `${pointer}/path`)
    for (const [at, font] of (fonts ?? []).entries()) need(font.path, `${pointer}/fonts/${at}/path`)
    for (const [name, icon] of Object.entries(icons ?? {})) need(icon, `${pointer}/icons/${name}`)
    need(branding?.logo, `${pointer}/branding/logo`)
    need(branding?.mark, `${pointer}/branding/mark`)
  }
  for (const [index, { text, html }] of (manifest.email.templates ?? []).entries()) {
    need(text, `/email/templates/${index}/text`)
    need(html, `/email/templates/${index}/html`)
  }
  const ui = need(entrypoints?.ui, '/entrypoints/ui')
  let main = need(entrypoints?.main, '/entrypoints/main')
  need(entrypoints?.theme, '/entrypoints/theme')
  const allThemes = themesOf(manifest)
  if (type !== 'theme' && main === undefined && ui === undefined) {
    main = ['index.js', 'plugin.js'].find((path) => files.has(path))
    if (main === undefined) {
      issues.push({
        file: manifestFile,
        pointer: '/entrypoints',
        message: 'names no entry, and the package has neither index.js nor plugin.js. Name the entry file.',
      })
    }
  }
  if (type === 'theme' && allThemes.length === 0 && main === undefined) {
    issues.push({
      file: manifestFile,
      pointer: '/contributes/themes',
      message: 'is empty: a theme plugin names at least one token file.',
    })
  }
  if (ui === undefined && (manifest.contributes.widgets ?? []).length > 0) {
    issues.push({
      file: manifestFile,
      pointer: '/entrypoints/ui',
      message: 'is missing, but the manifest contributes widgets. Name the file that draws them.',
    })
  }
  return issues.length > 0 ? { ok: false, issues } : { ok: true, value: { main, ui, themes: allThemes } }
}

/** Whether a path stays inside the folder it is relative to, on every operating system. */
export function isSafePath(path: string): boolean {
  return (
    path.length > 0 &&
    path.length <= 512 &&
    !path.startsWith('/') &&
    !/[\\\0:]/.test(path) &&
    path.split('/').every((part) => part !== '..' && part !== '')
  )
}

function explain(issue: Issue): Issue {
  const missing = issue.message.match(/^Invalid key: Expected "(.+)" but received undefined$/)
  return missing ? { ...issue, message: 'is required but missing. Add it.' } : issue
}

function fail(pointer: string, message: string): Result<never> {
  return { ok: false, issues: [{ file: manifestFile, pointer, message }] }
}
