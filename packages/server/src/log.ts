import { type Logger, type LoggerOptions, pino } from 'pino'
import { redacted, redactForms, redactValue } from './redact.ts'
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

/**
 * JSON lines on standard output, without credentials: what is kept under the name
 * of one, what has the form of one, and the values given.
 *
 * @param secrets - Credentials of the backend itself.
 */
export function createLogger(level: LogLevel, secrets: () => readonly string[], sink?: LogSink): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: (thrown) => redactValue({ ...pino.stdSerializers.err(thrown) }) },
    formatters: { log: (fields) => redactFields(fields) },
    hooks: {
      streamWrite: (line) =>
        secrets().reduce((clean, secret) => withoutSecret(clean, secret), redactForms(line)),
    },
  }
  return sink ? pino(options, sink) : pino(options)
}

/** Errors are left to the serializer: they hold what is no property of theirs. */
function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  const { err, ...others } = fields
  const clean = redactValue(others) as Record<string, unknown>
  return err === undefined ? clean : { ...clean, err }
}

/** A text without a secret, as it is, escaped for a string, or escaped for an address. */
function withoutSecret(text: string, secret: string): string {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.toWellFormed())].reduce(
    (clean, form) => clean.replaceAll(form, redacted),
    text,
  )
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
    return (this.#secrets.get(plugin) ?? []).reduce(withoutSecret, redactForms(text))
  }

  /** A JSON value without the plugin's secrets; `undefined` for one that is too large to keep. */
  scrub<T>(plugin: string, data: T): T | undefined {
    const text = JSON.stringify(data)
    if (text === undefined || text.length > 16_000) return undefined
    return redactValue(JSON.parse(text), (part) => this.scrubText(plugin, part)) as T
  }
}
