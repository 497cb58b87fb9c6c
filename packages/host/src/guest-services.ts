import type { CallObserver } from '@mortise/bridge/host'
import type { DomainDefinition, ErrorRecord, FontFile, NamedMethod, ThemeText } from '@mortise/contract'
import type { GuestMemory } from './guest-memory.ts'
import type { Misconduct } from './misconduct.ts'
import type { Meter } from './plugin-costs.ts'
import type { TreeGuard } from './tree-guard.ts'
import type { LogLine, Timing } from './types.ts'

/** What the engine does for its guests. */
export interface GuestServices {
  readonly domains: readonly DomainDefinition[]
  readonly methods: ReadonlyMap<string, NamedMethod>
  readonly timing: Timing
  /** What this realm's predecessor saved, and where it saves itself. */
  readonly memory: GuestMemory
  readonly meter: Meter
  /** Writes each call down. */
  readonly onCall: CallObserver
  /** Says that a permission was needed for something else than a call. */
  usePermission(permission: string): void
  theme(): ThemeText
  fonts(): readonly FontFile[]
  callDomain(method: string, args: readonly unknown[], signal?: AbortSignal): Promise<unknown>
  /** Asks a person for permissions that are not granted. */
  requestPermissions(permissions: readonly string[], reason: string): Promise<void>
  onLog(line: LogLine): void
  /** Told once, when the guest ended for whatever reason. */
  onDidEnd(): void
  /** Some pings were not answered, in a page that had time for them: the guest may hang. */
  onDidFalter(): void
  /** It answers, after all or as ever. */
  onDidAnswer(): void
  /** Told after `onDidEnd` where the engine ended the guest for what it did. Its mounts need another one. */
  onDidMisbehave(misconduct: Misconduct): void
  onDidLoad(): void
  /** Told after `onDidEnd` where the plugin did not load. Answers whether its mounts get another guest. */
  onDidNotLoad(error: ErrorRecord): boolean
}

/** One mount as the guest's side sees it. */
export interface GuestMount {
  readonly widget: string
  readonly slot: string
  readonly context: unknown
  /** What this mount saved in an earlier realm. */
  readonly state: unknown
  onSave(state: unknown): void
  onMounted(): void
  onFailed(error: ErrorRecord): void
  /** Answers, once all are drawn, an error when the widget has to be stopped. */
  onRecords(records: readonly unknown[]): ReturnType<TreeGuard['apply']>
  onResize(height: number): void
}
