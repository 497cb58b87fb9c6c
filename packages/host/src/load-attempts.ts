import type { ErrorRecord, PluginRecord } from '@mortise/contract'

/** Why a plugin runs in an older version than the installed one. */
export interface Fallback {
  /** The version that runs. */
  readonly version: string
  /** Why the installed one does not. */
  readonly error: ErrorRecord
}

interface Attempts {
  readonly version: string
  /** Names the attempt under way: several frames of a plugin may fail in the same one. */
  round: number
  failures: number
  startAt: number
  fallback: Fallback | undefined
}

export interface LoadAttemptsOptions {
  /** Milliseconds before the second, third, … attempt. */
  readonly retries: readonly number[]
  readonly clock?: () => number
}

/**
 * Decides what comes after a plugin that did not load: another attempt where the
 * network was at fault, else the version before, else nothing.
 */
export class LoadAttempts {
  readonly #retries: readonly number[]
  readonly #clock: () => number
  readonly #attempts = new Map<string, Attempts>()

  constructor({ retries, clock = () => performance.now() }: LoadAttemptsOptions) {
    this.#retries = retries
    this.#clock = clock
  }

  /** The record a plugin runs by: its own, or that of the version before where it fell back. */
  running(record: PluginRecord): PluginRecord {
    const { ui } = record
    if (!ui?.previous || !this.fallbackOf(record)) return record
    const { previous } = ui
    return {
      ...record,
      version: previous.version,
      ui: previous,
      permissions: record.permissions.filter(({ name }) => previous.permissions.includes(name)),
    }
  }

  /** `undefined` where the installed version runs. */
  fallbackOf(record: PluginRecord): Fallback | undefined {
    const attempts = this.#attempts.get(record.id)
    return attempts?.version === record.version ? attempts.fallback : undefined
  }

  /** The attempt that a sandbox opened now belongs to. */
  roundOf(record: PluginRecord): number {
    return this.#of(record).round
  }

  /** Milliseconds until the next attempt. */
  waitMs(plugin: string): number {
    return Math.max(0, (this.#attempts.get(plugin)?.startAt ?? 0) - this.#clock())
  }

  /**
   * Takes a failure down.
   *
   * @returns What comes next; `undefined` where that was the last chance.
   */
  failed(record: PluginRecord, round: number, error: ErrorRecord): 'retry' | 'fallback' | undefined {
    const attempts = this.#of(record)
    // Another frame of the plugin has said the same already.
    if (attempts.round !== round) return 'retry'
    const delay = error.retryable ? this.#retries[attempts.failures] : undefined
    if (delay !== undefined) {
      attempts.failures++
      attempts.round++
      attempts.startAt = this.#clock() + delay
      return 'retry'
    }
    const previous = record.ui?.previous
    if (attempts.fallback || !previous || previous.surface !== record.ui?.surface) return undefined
    attempts.fallback = { version: previous.version, error }
    attempts.failures = 0
    attempts.round++
    attempts.startAt = 0
    return 'fallback'
  }

  succeeded(record: PluginRecord): void {
    this.#of(record).failures = 0
  }

  /** The next attempt is the first one, with the installed version. */
  forget(plugin: string): void {
    this.#attempts.delete(plugin)
  }

  #of({ id, version }: PluginRecord): Attempts {
    const known = this.#attempts.get(id)
    if (known?.version === version) return known
    const attempts = { version, round: 0, failures: 0, startAt: 0, fallback: undefined }
    this.#attempts.set(id, attempts)
    return attempts
  }
}
