/** What `guest.failed` is told about something thrown. */
export interface FailureReport {
  readonly code: string
  readonly name: string
  readonly message: string
}

/** Anything can be thrown, even an object whose getters throw. */
export function describeError(thrown: unknown, fallback: string): FailureReport {
  return {
    code: (read(thrown, 'code') ?? fallback).slice(0, 64),
    name: (read(thrown, 'name') ?? 'Error').slice(0, 200),
    message: (read(thrown, 'message') ?? printed(thrown)).slice(0, 4000),
  }
}

/** An error that names why a plugin did not load. */
export function loadError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}

/** A value as plain data that can be sent, with errors spelled out. */
export function toPlain(value: unknown): unknown {
  try {
    const text = JSON.stringify(value, (_key, item: unknown) =>
      item instanceof Error ? { name: item.name, message: item.message, stack: item.stack } : item,
    )
    return text === undefined ? undefined : JSON.parse(text.length > 100_000 ? '"(too large)"' : text)
  } catch {
    return printed(value)
  }
}

function read(thrown: unknown, key: string): string | undefined {
  try {
    const value = (thrown as Record<string, unknown> | null | undefined)?.[key]
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

function printed(value: unknown): string {
  try {
    return String(value)
  } catch {
    return 'a value that cannot be printed'
  }
}
