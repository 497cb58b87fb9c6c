import { type Issue, isMortiseError, type MortiseError } from '@mortise/contract'

/** An error as the command line prints it. */
export interface CommandError {
  readonly code: string
  readonly message: string
  /** What to do next, as a sentence. */
  readonly advice?: string
  readonly issues?: readonly Issue[]
  readonly data?: unknown
}

/** A mistake on the command line itself: exit code 2. */
export class UsageError extends Error {
  readonly exitCode = 2
}

const advices: Readonly<Record<string, string>> = {
  SERVER_UNREACHABLE: 'Start it with "npm start" or "mortise serve", or set MORTISE_URL to where it runs.',
  UNAUTHENTICATED:
    'Set MORTISE_ADMIN_TOKEN to the token of the server, or run this in the folder the server runs in.',
  FORBIDDEN: 'Use the token of an administrator.',
  PLUGIN_NOT_FOUND: 'See what is installed with "mortise plugin list"; a folder is named with its path.',
  PLUGIN_ALREADY_INSTALLED:
    'Raise "version" in the manifest to update it, or uninstall it first with "mortise plugin uninstall".',
  PLUGIN_APPROVAL_REQUIRED:
    'Decide with "mortise plugin grant <name> <permission>", with --revoke to deny; --yes on install approves all.',
  PLUGIN_HOST_APPROVAL_REQUIRED: 'Run the command again with --yes to approve what it names.',
  PLUGIN_CONFIG_INVALID:
    'See the settings with "mortise plugin configure <name>" and set them with --set key=value.',
  ENTRYPOINT_NOT_FOUND: 'If the file is the output of a build, run "mortise build" in the folder first.',
  MANIFEST_INVALID: 'Correct manifest.json and check it with "mortise validate".',
  MANIFEST_NOT_JSON: 'Correct manifest.json and check it with "mortise validate".',
}

/** Code, sentence and way out of whatever was thrown. Never a stack. */
export function describeError(thrown: unknown): CommandError {
  if (thrown instanceof UsageError) return { code: 'USAGE', message: thrown.message }
  if (!isMortiseError(thrown)) {
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    return { code: 'INTERNAL', message }
  }
  const issues = issuesOf(thrown)
  const advice = advices[thrown.code]
  return {
    code: thrown.code,
    // The issues get lines of their own; the sentence before them is enough.
    message: issues ? (thrown.message.split(': ')[0] ?? thrown.message) : thrown.message,
    ...(advice ? { advice } : {}),
    ...(issues ? { issues } : {}),
    ...(thrown.data === undefined || issues ? {} : { data: thrown.data }),
  }
}

function issuesOf({ data }: MortiseError): readonly Issue[] | undefined {
  const issues = (data as { issues?: unknown } | undefined)?.issues
  return Array.isArray(issues) && issues.length > 0 ? (issues as Issue[]) : undefined
}
