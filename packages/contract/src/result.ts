import type { ErrorCode } from './errors.ts'
import { type Issue, MortiseError } from './errors.ts'

/** What parsing answers: the parsed value, or everything that is wrong with the input. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** The value of a result, or one error that lists every issue with its place. */
export function unwrap<T>(result: Result<T>, code: ErrorCode, what: string): T {
  if (result.ok) return result.value
  throw new MortiseError(code, `${what}: ${formatIssues(result.issues)}`, { data: { issues: result.issues } })
}

/** Issues as one line of text: `manifest.json#/type: …; …`. */
export function formatIssues(issues: readonly Issue[]): string {
  return issues
    .map(({ file, pointer, message }) => {
      const place = `${file ?? ''}${file || pointer ? '#' : ''}${pointer}`
      return place ? `${place} ${message}` : message
    })
    .join('; ')
}
