/** What leaves the isolate about something that was thrown: strings only, each with a length cap. */
export interface ThrownRecord {
  name: string
  message: string
  stack?: string
  code?: string
}

const longestMessage = 4_000
const longestStack = 8_000

/** Describes anything that can be thrown, even an object whose getters throw. */
export function describeThrown(thrown: unknown): ThrownRecord {
  if (typeof thrown !== 'object' || thrown === null) {
    return { name: 'Error', message: clip(describePrimitive(thrown), longestMessage) }
  }
  const record: ThrownRecord = {
    name: clip(read(thrown, 'name') ?? 'Error', 100),
    message: clip(read(thrown, 'message') ?? 'The thrown value has no message', longestMessage),
  }
  const stack = read(thrown, 'stack')
  if (stack !== undefined) record.stack = clip(stack, longestStack)
  const code = read(thrown, 'code')
  if (code !== undefined) record.code = clip(code, 100)
  return record
}

function describePrimitive(thrown: unknown): string {
  return typeof thrown === 'function' ? 'A function was thrown' : String(thrown)
}

function read(thrown: object, key: string): string | undefined {
  try {
    const value = (thrown as Record<string, unknown>)[key]
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

function clip(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
