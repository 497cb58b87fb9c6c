/**
 * Every error that crosses a boundary or reaches a person, in one table.
 *
 * Codes are public: never reused, never renamed. `status` is the HTTP status
 * the backend answers with; `retryable` says whether the same call can succeed
 * later without anybody changing anything.
 */
const table = {
  INTERNAL: [500, false],
  INPUT_INVALID: [400, false],
  NOT_FOUND: [404, false],
  CONFLICT: [409, false],
  HTTP_METHOD_NOT_ALLOWED: [405, false],
  UNAUTHENTICATED: [401, false],
  FORBIDDEN: [403, false],
  ADMIN_REQUIRED: [403, false],
  IDENTITY_INVALID: [500, false],
  PAYLOAD_TOO_LARGE: [413, false],
  RATE_LIMITED: [429, true],
  QUEUE_FULL: [503, true],
  SERVER_UNREACHABLE: [503, true],
  SECRETS_UNREADABLE: [500, false],
  STORAGE_FULL: [507, true],

  PERMISSION_DENIED: [403, false],
  METHOD_UNKNOWN: [404, false],

  EVENT_LOOP: [409, false],
  EVENT_DROPPED: [422, false],

  BRIDGE_TIMEOUT: [504, true],
  CALL_CANCELLED: [499, false],
  BRIDGE_CLOSED: [503, false],
  BRIDGE_VIOLATION: [400, false],

  MANIFEST_NOT_FOUND: [400, false],
  MANIFEST_NOT_JSON: [400, false],
  MANIFEST_INVALID: [400, false],
  ENTRYPOINT_NOT_FOUND: [400, false],
  PACKAGE_INVALID: [400, false],
  PLUGIN_BUILD_FAILED: [422, false],
  PLUGIN_NOT_FOUND: [404, false],
  PLUGIN_ALREADY_INSTALLED: [409, false],
  PLUGIN_NO_PREVIOUS: [409, false],
  PLUGIN_APPROVAL_REQUIRED: [409, false],
  PLUGIN_CONFIG_INVALID: [400, false],
  PLUGIN_HOST_APPROVAL_REQUIRED: [409, false],
  PLUGIN_NOT_RUNNING: [409, false],
  PLUGIN_LOAD_FAILED: [422, false],
  PLUGIN_TIMEOUT: [504, true],
  PLUGIN_CRASHED: [502, true],
  PLUGIN_MEMORY: [502, true],
  PLUGIN_QUARANTINED: [409, false],
  FRAME_UNCONFINED: [409, false],
  PLUGIN_MANIFEST_MISMATCH: [422, false],
  PLUGIN_THREW: [502, false],
  PLUGIN_UNAVAILABLE: [503, true],
  PLUGIN_ANSWER_INVALID: [502, false],

  REMOTE_UNREACHABLE: [502, true],
  REMOTE_NOT_JAVASCRIPT: [502, false],
  REMOTE_TIMEOUT: [504, true],
  REMOTE_INVALID: [422, false],

  EMAIL_RECIPIENT_DENIED: [403, false],
  FETCH_HOST_DENIED: [403, false],
  FETCH_ADDRESS_DENIED: [403, false],
  FETCH_FAILED: [502, true],
  WEBHOOK_REFUSED: [502, false],

  TOKEN_FILE_INVALID: [400, false],
  TOKEN_INVALID: [400, false],
  TOKEN_ALIAS_UNKNOWN: [400, false],
  TOKEN_ALIAS_CYCLE: [400, false],
  TOKEN_UNKNOWN: [400, false],
  TOKEN_DEPRECATED: [400, false],
} as const satisfies Record<string, readonly [status: number, retryable: boolean]>

/** One of the documented error codes. */
export type ErrorCode = keyof typeof table

/** All error codes. What they mean in words is in `errorMeanings`, apart from what pages load. */
export const errorCodes: Readonly<
  Record<ErrorCode, { readonly status: number; readonly retryable: boolean }>
> = Object.fromEntries(
  Object.entries(table).map(([code, [status, retryable]]) => [code, { status, retryable }]),
) as Record<ErrorCode, { status: number; retryable: boolean }>

/** Said of an error that says nothing itself, or nothing that a stranger may read. */
export const internalError = 'Something failed inside the host. The host log has the details.'

/** Whose fault an error is: decides what the person is told and who gets a strike. */
export type ErrorSource = 'host' | 'guest' | 'plugin' | 'server'

/** One thing that is wrong with an input, and where. */
export interface Issue {
  /** JSON pointer (RFC 6901) into the value, `''` for the whole. */
  readonly pointer: string
  readonly message: string
  /** Package-relative file the value came from. */
  readonly file?: string | undefined
}

/** What crosses a boundary when a call fails: never a stack, a cause or a path of the host. */
export interface ErrorRecord {
  readonly code: string
  readonly message: string
  /** Survives the bridge because plugins branch on it. */
  readonly name: string
  readonly retryable: boolean
  readonly data?: unknown
}

export interface MortiseErrorOptions {
  readonly data?: unknown
  readonly cause?: unknown
  readonly source?: ErrorSource
  /** Domain error name such as `SessionNotFoundError`; `MortiseError` where not given. */
  readonly name?: string
}

/**
 * The one error class of the framework.
 *
 * @remarks
 * Compare `code`, never `instanceof`: two copies of this module can meet in one
 * realm when a federated plugin brings its own.
 */
export class MortiseError extends Error {
  readonly code: ErrorCode
  readonly data: unknown
  readonly retryable: boolean
  readonly source: ErrorSource

  constructor(code: ErrorCode, message: string, options: MortiseErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.name = options.name ?? 'MortiseError'
    this.data = options.data
    this.retryable = errorCodes[code].retryable
    this.source = options.source ?? 'host'
  }
}

/** Whether a thrown thing carries one of our codes, whichever copy of the class made it. */
export function isMortiseError(thrown: unknown): thrown is MortiseError {
  return readCode(thrown) !== undefined
}

/**
 * Turns whatever was thrown into the record that may cross a boundary.
 *
 * Anything can be thrown, even an object whose getters throw, so every read is
 * guarded. An error without one of our codes becomes `fallback` with a message
 * that tells nothing about the host unless `keepMessage` says the thrower may be
 * quoted (a plugin's own error shown to its own people).
 */
export function toErrorRecord(
  thrown: unknown,
  { fallback = 'INTERNAL', keepMessage = false }: { fallback?: ErrorCode; keepMessage?: boolean } = {},
): ErrorRecord {
  const code = readCode(thrown)
  const name = readString(thrown, 'name') ?? 'Error'
  if (code !== undefined) {
    const data = readField(thrown, 'data')
    return {
      code,
      name,
      message: readString(thrown, 'message') ?? internalError,
      retryable: errorCodes[code].retryable,
      ...(data === undefined ? {} : { data }),
    }
  }
  return {
    code: fallback,
    name: keepMessage ? name : 'Error',
    message: (keepMessage ? readString(thrown, 'message') : undefined) ?? internalError,
    retryable: errorCodes[fallback].retryable,
  }
}

/** Rebuilds an error from its record on the other side of a boundary. */
export function fromErrorRecord(record: ErrorRecord, source: ErrorSource): MortiseError {
  const code = Object.hasOwn(errorCodes, record.code) ? (record.code as ErrorCode) : 'INTERNAL'
  return new MortiseError(code, record.message, { data: record.data, source, name: record.name })
}

function readCode(thrown: unknown): ErrorCode | undefined {
  const code = readString(thrown, 'code')
  return code !== undefined && Object.hasOwn(errorCodes, code) ? (code as ErrorCode) : undefined
}

function readString(thrown: unknown, key: string): string | undefined {
  const value = readField(thrown, key)
  return typeof value === 'string' ? value : undefined
}

function readField(thrown: unknown, key: string): unknown {
  if (thrown === null || (typeof thrown !== 'object' && typeof thrown !== 'function')) return undefined
  try {
    return (thrown as Record<string, unknown>)[key]
  } catch {
    return undefined
  }
}
