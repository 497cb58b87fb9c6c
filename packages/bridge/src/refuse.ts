import { type CallResult, type ErrorCode, errorCodes } from '@mortise/contract'

/** The answer to a call that fails for a reason of the bridge's own. */
export function refuse(code: ErrorCode, message: string, data?: unknown): CallResult {
  const { retryable } = errorCodes[code]
  const error = { code, message, name: 'MortiseError', retryable }
  return { ok: false, error: data === undefined ? error : { ...error, data } }
}
