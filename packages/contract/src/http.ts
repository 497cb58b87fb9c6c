/** Shapes of the HTTP interface that the console, the CLI and the backend share. */
import type { CommandArgument } from './command.ts'
import type { ErrorRecord, Issue } from './errors.ts'
import type { ThemeContribution, WidgetContribution } from './manifest.ts'
import type { Decision, DescribedPermission } from './permission.ts'
import { type Infer, s } from './schema.ts'
import type { EntryFormat } from './wire.ts'

/** A permission of an installed plugin with what was decided about it. */
export interface PermissionState extends DescribedPermission {
  readonly decision: Decision
}

/** A host that the plugin's server code or page may contact. */
export interface HostState {
  /** `hooks.slack.com`, or `host:port` where the port is not the scheme's own. */
  readonly host: string
  /** Where the wish comes from: the manifest's `network.allowedHosts`, or a URL in the configuration. */
  readonly origin: 'manifest' | 'config'
  readonly decision: Decision
}

/** Work that a plugin does at set times. Times are ISO 8601. */
export interface JobRecord {
  readonly name: string
  readonly schedule: string
  readonly description: string
  readonly origin: 'manifest' | 'plugin'
  readonly running: boolean
  readonly nextAt: string | null
  readonly lastAt: string | null
  readonly lastMs: number | null
  readonly lastError: ErrorRecord | null
  readonly runs: number
  readonly failures: number
}

/** A command that the manifest declares. Title and description are the plugin's own words. */
export interface CommandState {
  readonly name: string
  readonly title: string
  readonly description?: string
  /** What whoever runs it is asked for. */
  readonly args: readonly CommandArgument[]
}

/** A secret of a plugin. The value itself is never part of an answer. */
export interface SecretState {
  readonly name: string
  readonly title: string
  readonly description?: string
  /** Whether the installed version declares it. One that another version stored is kept until it is forgotten. */
  readonly declared: boolean
  readonly isSet: boolean
  readonly setAt?: string
}

export type PluginStatus =
  /** Permissions are undecided: no code runs. */
  | 'awaiting-approval'
  /** Required settings are missing: no code runs. */
  | 'awaiting-configuration'
  | 'disabled'
  | 'active'
  | 'failed'
  | 'quarantined'

/** How the browser runs an extension. */
export interface UiRecord {
  readonly surface: 'worker' | 'frame'
  /** Absolute address of the sandbox document, on the plugin's own host for frames. */
  readonly sandboxUrl: string
  /** The document of a worker on the plugin's own host, where it shares its process with no other plugin. */
  readonly apartUrl?: string
  /** Absolute address of the entry file. */
  readonly entryUrl: string
  readonly format: EntryFormat
  readonly sharing: SharingRecord
  readonly widgets: readonly WidgetContribution[]
  /** What the host runs where this version does not load. */
  readonly previous?: PreviousUi
}

/** What a plugin shares with its sandbox, found before it runs. */
export interface SharingRecord {
  /** Packages that the sandbox does not offer, because the plugin runs on copies of its own. */
  readonly isolated: readonly string[]
  /** Packages that the plugin takes from the sandbox, or may take where it does not say. */
  readonly shared: readonly string[]
  /** What is shared and what is isolated, for people. */
  readonly sentence: string
  /** Whether everything the plugin asks for is there. */
  readonly complete: boolean
}

/** The UI of the version before, kept as long as this one is installed. */
export interface PreviousUi extends Omit<UiRecord, 'previous'> {
  readonly version: string
  /** What its manifest asks for: it never gets more, whatever was granted since. */
  readonly permissions: readonly string[]
}

/** An installed plugin, as `GET /api/v1/plugins` lists it. */
export interface PluginRecord {
  readonly id: string
  readonly name: string
  readonly version: string
  readonly displayName: string
  readonly description: string
  readonly type: string
  readonly pluginType: string
  readonly author: string
  readonly license?: string
  readonly source: string
  readonly enabled: boolean
  readonly status: PluginStatus
  readonly lastError?: ErrorRecord
  readonly strikes: number
  /** When a plugin that is quarantined, or was ended again and again, is tried once more, ISO 8601. */
  readonly retryAt?: string
  readonly permissions: readonly PermissionState[]
  readonly pendingPermissions: readonly string[]
  readonly hosts: readonly HostState[]
  readonly configSchema?: Readonly<Record<string, unknown>>
  readonly config: Readonly<Record<string, unknown>>
  readonly configIssues: readonly Issue[]
  readonly secrets: readonly SecretState[]
  readonly commands: readonly CommandState[]
  readonly ui?: UiRecord
  readonly themes: readonly ThemeContribution[]
  readonly hasServerCode: boolean
  readonly manifest: Readonly<Record<string, unknown>>
  readonly installedBy: string
  readonly installedAt: string
  readonly updatedAt: string
  /** The version that a rollback brings back, where there is one. */
  readonly previousVersion?: string
}

/**
 * A host that a plugin contacted or tried to contact since it was installed.
 *
 * @remarks
 * On a page, the browser says which addresses a plugin asked for: each once for a
 * document, without bytes. For server code, the backend makes the requests itself.
 */
export interface ContactRecord {
  /** With its port where that is not the scheme's own. */
  readonly host: string
  readonly side: 'page' | 'server'
  /** Different addresses of a page; requests and redirects of the server. */
  readonly reached: number
  /** Tries that the sandbox stopped. */
  readonly refused: number
  /** Of bodies; 0 for pages, where nobody can tell. */
  readonly sentBytes: number
  readonly receivedBytes: number
  readonly firstAt: string
  readonly lastAt: string
}

/** What a plugin contacted, or tried to, within a second or so: the numbers are those of that time alone. */
export interface ContactNews extends Omit<ContactRecord, 'firstAt'> {
  readonly plugin: string
}

/** Answer of `GET /api/v1/plugins/:id/contacts`, the latest first. */
export interface ContactList {
  readonly contacts: readonly ContactRecord[]
  /** Contacts and tries that are not in the list, because there were too many hosts or too many at a time. */
  readonly uncounted: number
}

/** A plugin that can be installed by name. */
export interface CatalogPlugin {
  readonly id: string
  readonly name: string
  readonly version: string
  readonly displayName: string
  readonly description: string
  readonly pluginType: string
  readonly author: string
  readonly permissions: readonly DescribedPermission[]
  readonly hosts: readonly string[]
  /** Themes it brings, as its manifest names them. */
  readonly themes: readonly ThemeContribution[]
  readonly installed: boolean
}

/** A theme that is not installed, with its token files as they are: they are parsed before anything is painted. */
export interface CatalogTheme {
  readonly id: string
  readonly source: {
    readonly document: unknown
    readonly file: string
    /** Files that the document names, by the path it names them with. */
    readonly files: Readonly<Record<string, unknown>>
  }
  /** SVG texts of its logo and icons by their path in the package. Clean them before showing them. */
  readonly pictures: Readonly<Record<string, string>>
}

/** Body of `POST /api/v1/calls`. */
export const callsBodySchema = s.strictObject({
  /** The plugin on whose behalf the browser asks; the person's own rights without it. */
  plugin: s.optional(s.string()),
  calls: s.pipe(
    s.array(s.tuple([s.pipe(s.string(), s.maxLength(128)), s.array(s.unknown())])),
    s.minLength(1),
    s.maxLength(1000),
  ),
})
export type CallsBody = Infer<typeof callsBodySchema>

/** Body of `PUT /api/v1/plugins/:id/grants`. Names left out keep their decision. */
export const grantsBodySchema = s.strictObject({
  permissions: s.optional(s.dictionary(s.boolean()), {}),
  hosts: s.optional(s.dictionary(s.boolean()), {}),
})

/** Body of `PUT /api/v1/plugins/:id/config`. */
export const configBodySchema = s.strictObject({
  config: s.dictionary(s.unknown()),
  /** Hosts named by URLs in the configuration that the person approves with it. */
  approveHosts: s.optional(s.array(s.pipe(s.string(), s.maxLength(300))), []),
})

/** Body of `POST /api/v1/plugins/:id/commands/:command`. */
export const commandBodySchema = s.strictObject({ args: s.optional(s.unknown()) })

// The schema library quotes what does not fit, so every message here says only what is wanted.
const wantsSecrets = 'must be {"secrets": {"<name>": "<text>" or null}}'

/** Body of `PUT /api/v1/plugins/:id/secrets`. `null` forgets a secret; names left out stay as they are. */
export const secretsBodySchema = s.strictObject(
  {
    secrets: s.dictionary(
      s.nullable(
        s.pipe(
          s.string('must be text or null'),
          s.minLength(1, 'must not be empty'),
          s.maxLength(16_384, 'must not be longer than 16384 characters'),
        ),
      ),
    ),
  },
  wantsSecrets,
)

/** Body of `POST /api/v1/plugins/:id/logs`: what a plugin logged in somebody's browser. */
export const logLinesBodySchema = s.strictObject({
  lines: s.pipe(
    s.array(
      s.strictObject({
        level: s.picklist(['debug', 'info', 'warn', 'error']),
        message: s.pipe(s.string(), s.maxLength(4000)),
        data: s.optional(s.unknown()),
      }),
    ),
    s.maxLength(100),
  ),
})

/** Body of every HTTP error. `error` repeats the message, as the older clients of the mission read it. */
export interface ErrorBody extends ErrorRecord {
  readonly error: string
  readonly issues?: readonly Issue[]
}

const hex = (length: number) =>
  s.pipe(
    s.string(),
    s.regex(new RegExp(`^(?!0+$)[0-9a-f]{${length}}$`), `is not ${length} hexadecimal digits`),
  )

/** What a page did in a trace: calls of one request to the backend, from the bridge until they were answered. */
export const spanReportSchema = s.strictObject({
  trace_id: hex(32),
  span_id: hex(16),
  /** Left out for calls of the person. */
  plugin: s.optional(s.pipe(s.string(), s.maxLength(64))),
  methods: s.pipe(s.array(s.pipe(s.string(), s.maxLength(128))), s.minLength(1), s.maxLength(1000)),
  /** Epoch milliseconds by the clock of the page. */
  start_ms: s.pipe(s.number(), s.minValue(0)),
  duration_ms: s.pipe(s.number(), s.minValue(0), s.maxValue(600_000)),
  /** How many of the calls failed. */
  errors: s.pipe(s.number(), s.integer(), s.minValue(0)),
})

/** Body of `POST /api/v1/spans`. */
export const spansBodySchema = s.strictObject({
  spans: s.pipe(s.array(spanReportSchema), s.minLength(1), s.maxLength(100)),
})
export type SpanReport = Infer<typeof spanReportSchema>
