import { type ErrorBody, type Issue, internalError } from '@mortise/contract'

/** A refused or failed request. Carries what the server said, for the notice and for form fields. */
export class RequestError extends Error {
  readonly code: string
  readonly status: number
  readonly issues: readonly Issue[]
  readonly data: unknown

  constructor(status: number, body: Partial<ErrorBody>) {
    super(body.message ?? body.error ?? 'The request failed.')
    this.name = body.name ?? 'RequestError'
    this.code = body.code ?? codeOf(status)
    this.status = status
    this.data = body.data
    this.issues = body.issues ?? issuesOf(body.data)
  }
}

/** What a request error is called when the server cannot be reached at all. */
export const unreachable = 'SERVER_UNREACHABLE'

/** Sends a request to the backend and reads its JSON. Failures are thrown as `RequestError`. */
export async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const isForm = body instanceof FormData
  let response: Response
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      credentials: 'same-origin',
      headers: body === undefined || isForm ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : isForm ? body : JSON.stringify(body),
    })
  } catch {
    throw new RequestError(0, {
      code: unreachable,
      message: 'The Mortise server does not answer. Check that it runs and that you are online.',
    })
  }
  const text = await response.text()
  const value = readJson(text)
  if (response.status === 401 && !path.startsWith('/auth/') && path !== '/me') {
    // The session ended. A fresh page also stops every sandbox.
    location.assign('/sign-in')
  }
  if (!response.ok) {
    throw new RequestError(response.status, (value ?? { message: response.statusText }) as Partial<ErrorBody>)
  }
  return value as T
}

/** Any thrown thing as a code and a sentence to show. */
export function describeFailure(thrown: unknown): { code: string; message: string } {
  if (thrown instanceof RequestError) return { code: thrown.code, message: thrown.message }
  const { code, message } = (thrown ?? {}) as { code?: unknown; message?: unknown }
  return {
    code: typeof code === 'string' ? code : 'INTERNAL',
    message: typeof message === 'string' && message !== '' ? message : internalError,
  }
}

/** Webhooks answer in the form of a contract that has no codes. */
function codeOf(status: number): string {
  if (status === 404) return 'NOT_FOUND'
  return status >= 400 && status < 500 ? 'INPUT_INVALID' : 'INTERNAL'
}

function readJson(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function issuesOf(data: unknown): readonly Issue[] {
  const issues = (data as { issues?: unknown } | undefined)?.issues
  return Array.isArray(issues) ? (issues as Issue[]) : []
}
