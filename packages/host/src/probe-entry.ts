import { type ErrorCode, type ErrorRecord, errorCodes } from '@mortise/contract'

const probeMs = 2000
const scriptTypes = /^(text|application)\/(x-)?(java|ecma)script\b/

/** An error record in our own words. */
export function failure(code: ErrorCode, message: string, data?: unknown): ErrorRecord {
  const record = { code, name: 'MortiseError', message, retryable: errorCodes[code].retryable }
  return data === undefined ? record : { ...record, data }
}

/** Statuses of a server that is busy or being replaced: the same request may succeed a moment later. */
function isPassing(status: number): boolean {
  return status >= 500 || status === 429 || status === 408
}

/**
 * Finds out why an entry file did not load. A sandbox cannot tell: with an opaque
 * origin a 404, a page of HTML and a dead line look the same. The host asks for
 * the headers of the same file on its own origin; nothing of the body is read.
 *
 * @returns `undefined` where the entry itself is in order.
 */
export async function probeEntry(entryUrl: string, displayName: string): Promise<ErrorRecord | undefined> {
  const { pathname, search } = new URL(entryUrl, location.href)
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), probeMs)
  try {
    const response = await fetch(new URL(pathname + search, location.origin), {
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'manual',
      signal: controller.signal,
    })
    if (!response.ok) {
      const answer = response.status > 0 ? `with status ${response.status}` : 'with a redirect'
      const message = `The entry file of ${displayName} was answered ${answer}.`
      return { ...failure('REMOTE_UNREACHABLE', message), retryable: isPassing(response.status) }
    }
    const type = response.headers.get('content-type') ?? 'no content type'
    if (!scriptTypes.test(type)) {
      return failure('REMOTE_NOT_JAVASCRIPT', `The entry file of ${displayName} is ${type}, not JavaScript.`)
    }
    return undefined
  } catch {
    return controller.signal.aborted
      ? failure('REMOTE_TIMEOUT', `The entry file of ${displayName} did not arrive in time.`)
      : failure('REMOTE_UNREACHABLE', `The entry file of ${displayName} could not be fetched.`)
  } finally {
    clearTimeout(timer)
    controller.abort()
  }
}
