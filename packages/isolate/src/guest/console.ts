import { describeThrown } from './describe-error.ts'

/** Sends one log line out; `data` must be JSON. */
export type WriteLog = (level: string, message: string, data?: unknown) => void

const longestLine = 8_000
const deepest = 3

/** A console whose lines become structured log records. */
export function createConsole(write: WriteLog): Record<string, (...values: unknown[]) => void> {
  const at =
    (level: string) =>
    (...values: unknown[]): void => {
      write(
        level,
        values
          .map((value) => inspect(value, 0))
          .join(' ')
          .slice(0, longestLine),
      )
    }
  const nothing = () => {}
  return {
    debug: at('debug'),
    log: at('info'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    trace: at('debug'),
    dir: at('info'),
    table: at('info'),
    assert: (condition, ...values) => {
      if (!condition) at('error')('Assertion failed:', ...values)
    },
    group: at('info'),
    groupCollapsed: at('info'),
    groupEnd: nothing,
    time: nothing,
    timeEnd: nothing,
    timeLog: nothing,
    count: nothing,
    countReset: nothing,
  }
}

/** A value as short text. Reads at most a few levels and never throws. */
export function inspect(value: unknown, depth: number): string {
  try {
    return inspectUnsafe(value, depth)
  } catch {
    return '[unreadable]'
  }
}

function inspectUnsafe(value: unknown, depth: number): string {
  if (typeof value === 'string') return depth === 0 ? value : JSON.stringify(value)
  if (typeof value === 'function') return `[function ${value.name || 'anonymous'}]`
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Error) return describeThrown(value).stack ?? describeThrown(value).message
  if (value instanceof Date) return value.toISOString()
  if (depth >= deepest) return Array.isArray(value) ? '[…]' : '{…}'
  if (Array.isArray(value))
    return `[${value
      .slice(0, 50)
      .map((item) => inspect(item, depth + 1))
      .join(', ')}]`
  const fields = Object.keys(value)
    .slice(0, 50)
    .map((key) => `${key}: ${inspect((value as Record<string, unknown>)[key], depth + 1)}`)
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
}
