import {
  type ErrorBody,
  type ErrorRecord,
  errorCodes,
  type Issue,
  internalError,
  isMortiseError,
  MortiseError,
  toErrorRecord,
} from '@mortise/contract'
import type { FastifyError, FastifyInstance } from 'fastify'

/** Makes every failure answer in one form, and tells nothing about the inside of the host. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((thrown, request, reply) => {
    const error = toMortiseError(thrown)
    const record = toErrorRecord(error)
    const { status } = errorCodes[error.code]
    if (status >= 500) request.log.error({ err: thrown, url: request.url }, 'A request failed')
    const { retryAfter } = (error.data ?? {}) as { retryAfter?: unknown }
    if (typeof retryAfter === 'number') reply.header('retry-after', String(retryAfter))
    return reply.code(status).header('cache-control', 'no-store').send(toErrorBody(record))
  })
}

/** Lets a request say that it is JSON and then send nothing. */
export function takeEmptyBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else parseJson(request, String(body), done)
  })
}

/** The body of an HTTP error. */
export function toErrorBody(record: ErrorRecord): ErrorBody {
  const { issues } = (record.data ?? {}) as { issues?: readonly Issue[] }
  return { ...record, error: record.message, ...(Array.isArray(issues) ? { issues } : {}) }
}

function toMortiseError(thrown: unknown): MortiseError {
  if (isMortiseError(thrown)) return thrown
  const { code, statusCode, message } = thrown as FastifyError
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' || code === 'FST_REQ_FILE_TOO_LARGE') {
    return new MortiseError('PAYLOAD_TOO_LARGE', 'The body is larger than this address takes.')
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    const issues = [{ pointer: '', message }]
    return new MortiseError('INPUT_INVALID', `The request was refused: ${message}`, { data: { issues } })
  }
  return new MortiseError('INTERNAL', internalError, { cause: thrown })
}
