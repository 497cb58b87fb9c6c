/**
 * Every error that crosses a boundary or reaches a person, in one table.
 *
 * Codes are public: never reused, never renamed. `status` is the HTTP status
 * the backend answers with; `retryable` says whether the same call can succeed
 * later without anybody changing anything.
 */
const table = {
  INTERNAL: [500, false, 'Something failed inside the host. The host log has the details.'],
  INPUT_INVALID: [400, false, 'A value sent to the host does not fit its schema.'],
  NOT_FOUND: [404, false, 'The thing named does not exist.'],
  CONFLICT: [409, false, 'The change does not fit the state the thing is in.'],
  HTTP_METHOD_NOT_ALLOWED: [405, false, 'The address exists, but not for this HTTP method.'],
  UNAUTHENTICATED: [401, false, 'No valid session or token came with the request.'],
  FORBIDDEN: [403, false, 'The signed-in user may not do this.'],
  PAYLOAD_TOO_LARGE: [413, false, 'A body, message or file is larger than its limit.'],
  RATE_LIMITED: [429, true, 'Too many calls in a short time.'],
  QUEUE_FULL: [503, true, 'More events wait to be written than may wait. Send it again a little later.'],
  SERVER_UNREACHABLE: [503, true, 'No Mortise server answers at the address.'],
  SECRETS_UNREADABLE: [500, false, 'A stored secret does not open with the key of this server.'],
  STORAGE_FULL: [507, true, 'The data store cannot take more data.'],

  PERMISSION_DENIED: [403, false, 'The plugin called a method whose permission was not granted.'],
  METHOD_UNKNOWN: [404, false, 'No domain has a method of this name.'],

  EVENT_DROPPED: [422, false, 'A filter of a plugin stopped the event, so nothing was logged.'],

  BRIDGE_TIMEOUT: [504, true, 'A call over the bridge was not answered before its deadline.'],
  CALL_CANCELLED: [499, false, 'The plugin cancelled the call before it was answered.'],
  BRIDGE_CLOSED: [503, false, 'The bridge was closed while a call was pending.'],
  BRIDGE_VIOLATION: [400, false, 'A guest sent a message that is not part of the protocol.'],

  MANIFEST_NOT_FOUND: [400, false, 'The package has no manifest.json.'],
  MANIFEST_NOT_JSON: [400, false, 'The manifest is not JSON.'],
  MANIFEST_INVALID: [400, false, 'The manifest lacks a field or has one of the wrong kind.'],
  ENTRYPOINT_NOT_FOUND: [400, false, 'The manifest names a file that the package does not contain.'],
  PACKAGE_INVALID: [400, false, 'The package is not a readable archive or holds unsafe paths.'],
  PLUGIN_BUILD_FAILED: [422, false, 'The source of the plugin could not be built.'],
  PLUGIN_NOT_FOUND: [404, false, 'No plugin of this name is installed.'],
  PLUGIN_ALREADY_INSTALLED: [409, false, 'This version of the plugin is installed already.'],
  PLUGIN_NO_PREVIOUS: [409, false, 'There is no version before this one to go back to.'],
  PLUGIN_APPROVAL_REQUIRED: [409, false, 'The plugin asks for permissions nobody has decided on yet.'],
  PLUGIN_CONFIG_INVALID: [400, false, "The configuration does not fit the plugin's configSchema."],
  PLUGIN_HOST_APPROVAL_REQUIRED: [
    409,
    false,
    'The configuration names hosts that nobody has approved for this plugin yet.',
  ],
  PLUGIN_NOT_RUNNING: [409, false, 'The plugin is not enabled, failed, or is quarantined.'],
  PLUGIN_LOAD_FAILED: [422, false, 'The plugin code could not be loaded or threw while loading.'],
  PLUGIN_TIMEOUT: [504, true, 'The plugin did not finish in time and was stopped.'],
  PLUGIN_CRASHED: [502, true, 'The sandbox of the plugin ended while a call was pending.'],
  PLUGIN_MEMORY: [502, true, 'The plugin used more memory than its limit and was stopped.'],
  PLUGIN_QUARANTINED: [
    409,
    false,
    'The plugin had to be stopped too often and stays so until a person starts it again.',
  ],
  PLUGIN_MANIFEST_MISMATCH: [
    422,
    false,
    'The code of the plugin says something else about itself than its manifest, so it was not started.',
  ],
  PLUGIN_THREW: [502, false, 'The plugin code threw an error.'],
  PLUGIN_UNAVAILABLE: [503, true, 'The plugin cannot answer now: it is busy, or its sandbox was stopped.'],
  PLUGIN_ANSWER_INVALID: [
    502,
    false,
    'The plugin answered a web request with something that is not passed on. Its log has the details.',
  ],

  REMOTE_UNREACHABLE: [502, true, 'The entry file of the plugin could not be fetched.'],
  REMOTE_NOT_JAVASCRIPT: [502, false, 'The entry address answered with something that is not JavaScript.'],
  REMOTE_TIMEOUT: [504, true, 'The entry file did not load before its deadline.'],
  REMOTE_INVALID: [422, false, 'The entry file loaded but does not export a plugin.'],

  EMAIL_RECIPIENT_DENIED: [403, false, 'The plugin may not send email to this recipient.'],
  FETCH_HOST_DENIED: [403, false, 'The plugin asked for a host that is not on its list.'],
  FETCH_ADDRESS_DENIED: [403, false, 'The host resolves to an address that is not public.'],
  FETCH_FAILED: [502, true, 'The outbound request failed.'],
  WEBHOOK_REFUSED: [502, false, 'The receiver of a webhook refused the message, so it is not sent again.'],

  TOKEN_FILE_INVALID: [400, false, 'The token file is not JSON or not an object.'],
  TOKEN_INVALID: [400, false, 'A token value does not fit its type.'],
  TOKEN_ALIAS_UNKNOWN: [400, false, 'An alias points at a token that does not exist.'],
  TOKEN_ALIAS_CYCLE: [400, false, 'Aliases point at each other in a circle.'],
  TOKEN_UNKNOWN: [400, false, 'A theme sets a token that the base set does not have.'],
  TOKEN_DEPRECATED: [400, false, 'An alias points at a token that its file calls deprecated.'],
} as const satisfies Record<string, readonly [status: number, retryable: boolean, meaning: string]>

/** One of the documented error codes. */
export type ErrorCode = keyof typeof table

/** All error codes with what they mean, for docs and for tests that compare the two. */
export const errorCodes: Readonly<
  Record<ErrorCode, { readonly status: number; readonly retryable: boolean; readonly meaning: string }>
> = Object.fromEntries(
  Object.entries(table).map(([code, [status, retryable, meaning]]) => [code, { status, retryable, meaning }]),
) as Record<ErrorCode, { status: number; retryable: boolean; meaning: string }>

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
      message: readString(thrown, 'message') ?? errorCodes[code].meaning,
      retryable: errorCodes[code].retryable,
      ...(data === undefined ? {} : { data }),
    }
  }
  return {
    code: fallback,
    name: keepMessage ? name : 'Error',
    message: (keepMessage ? readString(thrown, 'message') : undefined) ?? errorCodes[fallback].meaning,
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
