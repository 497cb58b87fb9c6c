import { type ErrorCode, internalError } from './errors.ts'

/** What happened where an error has this code, for the reference pages. */
export const errorMeanings: Readonly<Record<ErrorCode, string>> = {
  INTERNAL: internalError,
  INPUT_INVALID: 'A value sent to the host does not fit its schema.',
  NOT_FOUND: 'The thing named does not exist.',
  CONFLICT: 'The change does not fit the state the thing is in.',
  HTTP_METHOD_NOT_ALLOWED: 'The address exists, but not for this HTTP method.',
  UNAUTHENTICATED: 'No valid session or token came with the request.',
  FORBIDDEN: 'The signed-in user may not do this.',
  ADMIN_REQUIRED: 'Only administrators of the server may do this.',
  IDENTITY_INVALID: "The host's identify() answered something that is no person.",
  PAYLOAD_TOO_LARGE: 'A body, message or file is larger than its limit.',
  RATE_LIMITED: 'Too many calls in a short time.',
  QUEUE_FULL: 'More events wait to be written than may wait. Send it again a little later.',
  SERVER_UNREACHABLE: 'No Mortise server answers at the address.',
  SECRETS_UNREADABLE: 'A stored secret does not open with the key of this server.',
  STORAGE_FULL: 'The data store cannot take more data.',
  PERMISSION_DENIED: 'The plugin called a method whose permission was not granted.',
  METHOD_UNKNOWN: 'No domain has a method of this name.',
  EVENT_LOOP:
    'Plugins caused too many events because of each other, so the call that would cause one more was refused.',
  EVENT_DROPPED: 'A filter of a plugin stopped the event, so nothing was logged.',
  BRIDGE_TIMEOUT: 'A call over the bridge was not answered before its deadline.',
  CALL_CANCELLED: 'The plugin cancelled the call before it was answered.',
  BRIDGE_CLOSED: 'The bridge was closed while a call was pending.',
  BRIDGE_VIOLATION: 'A guest sent a message that is not part of the protocol.',
  MANIFEST_NOT_FOUND: 'The package has no manifest.json.',
  MANIFEST_NOT_JSON: 'The manifest is not JSON.',
  MANIFEST_INVALID: 'The manifest lacks a field or has one of the wrong kind.',
  ENTRYPOINT_NOT_FOUND: 'The manifest names a file that the package does not contain.',
  PACKAGE_INVALID: 'The package is not a readable archive or holds unsafe paths.',
  PLUGIN_BUILD_FAILED: 'The source of the plugin could not be built.',
  PLUGIN_NOT_FOUND: 'No plugin of this name is installed.',
  PLUGIN_ALREADY_INSTALLED: 'This version of the plugin is installed already.',
  PLUGIN_NO_PREVIOUS: 'There is no version before this one to go back to.',
  PLUGIN_APPROVAL_REQUIRED: 'The plugin asks for permissions nobody has decided on yet.',
  PLUGIN_CONFIG_INVALID: "The configuration does not fit the plugin's configSchema.",
  PLUGIN_HOST_APPROVAL_REQUIRED:
    'The configuration names hosts that nobody has approved for this plugin yet.',
  PLUGIN_NOT_RUNNING: 'The plugin is not enabled, failed, or is quarantined.',
  PLUGIN_LOAD_FAILED: 'The plugin code could not be loaded or threw while loading.',
  PLUGIN_TIMEOUT:
    'The plugin did not finish in time. It was stopped where it did not let go of the processor.',
  PLUGIN_CRASHED: 'The sandbox of the plugin ended while a call was pending.',
  PLUGIN_MEMORY: 'The plugin used more memory than its limit and was stopped.',
  PLUGIN_QUARANTINED: 'The plugin had to be stopped too often and stays so until a person starts it again.',
  FRAME_UNCONFINED: 'The browser lets code in a frame connect anywhere, so the plugin was not started.',
  PLUGIN_MANIFEST_MISMATCH:
    'The code of the plugin says something else about itself than its manifest, so it was not started.',
  PLUGIN_THREW: 'The plugin code threw an error.',
  PLUGIN_UNAVAILABLE: 'The plugin cannot answer now: it is busy, or its sandbox was stopped.',
  PLUGIN_ANSWER_INVALID:
    'The plugin answered a web request with something that is not passed on. Its log has the details.',
  REMOTE_UNREACHABLE: 'The entry file of the plugin could not be fetched.',
  REMOTE_NOT_JAVASCRIPT: 'The entry address answered with something that is not JavaScript.',
  REMOTE_TIMEOUT: 'The entry file did not load before its deadline.',
  REMOTE_INVALID: 'The entry file loaded but does not export a plugin.',
  EMAIL_RECIPIENT_DENIED: 'The plugin may not send email to this recipient.',
  FETCH_HOST_DENIED: 'The plugin asked for a host that is not on its list.',
  FETCH_ADDRESS_DENIED: 'The host resolves to an address that is not public.',
  FETCH_FAILED: 'The outbound request failed.',
  WEBHOOK_REFUSED: 'The receiver of a webhook refused the message, so it is not sent again.',
  TOKEN_FILE_INVALID: 'The token file is not JSON or not an object.',
  TOKEN_INVALID: 'A token value does not fit its type.',
  TOKEN_ALIAS_UNKNOWN: 'An alias points at a token that does not exist.',
  TOKEN_ALIAS_CYCLE: 'Aliases point at each other in a circle.',
  TOKEN_UNKNOWN: 'A theme sets a token that the base set does not have.',
  TOKEN_DEPRECATED: 'An alias points at a token that its file calls deprecated.',
}

/**
 * Codes of Node that server code meets inside its sandbox, where it would meet
 * them in Node too. They cross no boundary but as what a plugin threw.
 */
export const nodeErrorMeanings = {
  ERR_INVALID_URL: '`new URL()` was given something that is no address.',
  ERR_MODULE_NOT_FOUND:
    '`import()` or `import` named something that is no file of the package and no module of the host.',
  MODULE_NOT_FOUND: '`require()` named something that is no file of the package and no module of the host.',
} as const
export type NodeErrorCode = keyof typeof nodeErrorMeanings
