import { type Logger, pino } from 'pino'
import type { LogLevel } from './settings.ts'

/** One line of a plugin's log, as `GET /api/v1/plugins/:id/logs` lists it. */
export interface PluginLogLine {
  readonly timestamp: string
  readonly level: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR'
  readonly plugin: string
  readonly message: string
  readonly data?: unknown
}

/** Where log lines go, for tests. */
export interface LogSink {
  write(line: string): void
}

/** What stands for a secret in answers and logs. */
export const redacted = '***REDACTED***'

/** JSON lines on standard output, without credentials. */
export function createLogger(level: LogLevel, sink?: LogSink): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        'authorization',
        'cookie',
        'token',
        '*.authorization',
        '*.cookie',
        '*.token',
        '*.password',
        '*.secret',
      ],
      censor: redacted,
    },
  }
  return sink ? pino(options, sink) : pino(options)
}

const kept = 500

/** The last lines of every plugin, with the plugin's secrets taken out. */
export class PluginLogs {
  readonly #lines = new Map<string, PluginLogLine[]>()
  readonly #secrets = new Map<string, readonly string[]>()
  readonly #log: Logger

  constructor(log: Logger) {
    this.#log = log
  }

  /** Values that must not appear in this plugin's lines from now on. */
  setSecrets(plugin: string, secrets: readonly string[]): void {
    this.#secrets.set(plugin, secrets)
  }

  write(
    plugin: string,
    level: 'debug' | 'info' | 'warn' | 'error',
    text: string,
    details: unknown,
    now: Date,
  ): void {
    const message = this.scrubText(plugin, text).slice(0, 4000)
    const data = details === undefined ? undefined : this.scrub(plugin, details)
    const lines = this.#lines.get(plugin) ?? []
    this.#lines.set(plugin, lines)
    lines.push({
      timestamp: now.toISOString(),
      level: level.toUpperCase() as PluginLogLine['level'],
      plugin,
      message,
      ...(data === undefined ? {} : { data }),
    })
    if (lines.length > kept) lines.splice(0, lines.length - kept)
    this.#log[level]({ plugin, ...(data === undefined ? {} : { data }) }, message)
  }

  read(plugin: string): readonly PluginLogLine[] {
    return this.#lines.get(plugin) ?? []
  }

  forget(plugin: string): void {
    this.#lines.delete(plugin)
    this.#secrets.delete(plugin)
  }

  /** A text without the plugin's secrets, as they are or escaped for a string. */
  scrubText(plugin: string, text: string): string {
    let clean = text
    for (const secret of this.#secrets.get(plugin) ?? []) {
      clean = clean.replaceAll(secret, redacted).replaceAll(JSON.stringify(secret).slice(1, -1), redacted)
    }
    return clean
  }

  /** A JSON value without the plugin's secrets; `undefined` for one that is too large to keep. */
  scrub<T>(plugin: string, data: T): T | undefined {
    const text = JSON.stringify(data)
    if (text === undefined || text.length > 16_000) return undefined
    return JSON.parse(text, (_key, value) =>
      typeof value === 'string' ? this.scrubText(plugin, value) : value,
    )
  }
}
